import type { Page } from 'playwright-core';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { formatIdx } from '../../src/data/idx.js';
import { sgdControls, type SgdSettings } from '../../web/views/sgd/controls.js';
import type { Plan } from '../../web/views/sgd/messages.js';
import { training } from '../../web/views/sgd/training.js';
import { expectNumbersOfCommands, inBrowser } from './browser.js';

/** Until the runs have ended, and what is expected of them has come. */
const ended = async (page: Page): Promise<void> => {
  await page.waitForFunction(
    () => {
      const state = document.querySelector('.state')?.textContent ?? '';
      const isPaused = [...document.querySelectorAll('button')].some(({ textContent }) => textContent === 'play (p)');
      return isPaused && state !== '' && !state.includes('the prediction is being computed');
    },
    undefined,
    { timeout: 60_000 },
  );
};
const chart = (page: Page, name: string) => page.locator('figure').filter({ hasText: name });
const stepOf = async (page: Page): Promise<number> =>
  Number(/Step (\d+)/.exec(await page.locator('.state').innerText())?.[1] ?? 0);

/** The loss at the last step over that at the first, of each method on the chart. */
async function lossesLeft(page: Page): Promise<Readonly<Record<string, number>>> {
  const figure = chart(page, 'The loss: who learns');
  await figure.locator('summary').click();
  const rows = await figure
    .locator('tbody tr')
    .evaluateAll((lines) =>
      lines.map(({ children }) => [children[0]!.textContent, Number(children[2]!.textContent)] as const),
    );
  const left = (method: string): number => {
    const own = rows.filter(([name]) => name === method).map(([, loss]) => loss);
    return own.at(-1)! / own[0]!;
  };
  return Object.fromEntries(rows.map(([name]) => [name, left(name)]));
}

describe('a change of the settings', () => {
  it('holds from the point under way on, which was asked for with those before', () => {
    const asked: { readonly plan: Plan; readonly place: number }[] = [];
    const workers: StandIn[] = [];
    class StandIn {
      onmessage?: (event: { readonly data: unknown }) => void;
      readonly postMessage = ({ id, request }: { readonly id: number; readonly request: Plan | { plan: Plan; place: number } }) => {
        if (!('place' in request)) return;
        asked.push(request);
        this.answer = () => {
          this.onmessage?.({ data: { id, reply: { step: request.plan.recorded[request.place] } } });
          this.onmessage?.({ data: { id, end: true } });
        };
      };
      answer = (): void => undefined;
      readonly terminate = (): void => undefined;
      constructor() { workers.push(this); }
    }
    vi.stubGlobal('Worker', StandIn);
    onTestFinished(() => { vi.unstubAllGlobals(); });
    const settings = Object.fromEntries(Object.entries(sgdControls).map(([name, { initial }]) => [name, initial])) as SgdSettings;
    const left = new AbortController();
    const runs = training(settings, { left: left.signal, onChange: () => undefined, onFailure: () => undefined });
    const answer = (): void => { for (const worker of workers) worker.answer(); };
    runs.step();
    answer();
    runs.step(); // recorded[1] is under way
    runs.change({ ...settings, method: 'gd' });
    answer();
    runs.step();
    const last = asked.at(-1)!;
    expect(last.place).toBe(2);
    expect(last.plan.changes.map(({ from }) => from)).toEqual([0, last.plan.recorded[1]]);
    left.abort();
  });
}); // prettier-ignore

inBrowser('SGD, live', (opened) => {
  it.each([
    '#/sgd?steps=20&runs=4',
    '#/sgd?steps=12&noise=0.5&classes=2&dim=3&runs=2&seed=3&lr=1',
    '#/sgd?steps=12&runs=3&method=bulk-sgd&margin=2.5&batch=64&lr=1',
    '#/sgd?steps=12&method=gd&runs=2',
  ])('shows the numbers of the command line: %s', async (hash) => {
    const { page, errors, foreign } = await opened(hash);
    await ended(page);
    expect(await expectNumbersOfCommands(page)).toBeGreaterThan(2);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
  });

  it.each([
    { worker: 'live.worker', words: 'The runs ended' },
    { worker: 'expected.worker', words: 'The prediction failed' },
  ])('says at once that a worker cannot be started: $worker', async ({ worker, words }) => {
    const { page } = await opened();
    await page.route(`**/${worker}*`, (route) => route.abort());
    await page.evaluate(() => (location.hash = '#/sgd?steps=10&runs=2&classes=2&dim=2'));
    await page.locator('.said').filter({ hasText: words }).waitFor({ timeout: 10_000 });
    await ended(page);
  });

  it('leaves keys to those who type, and takes one that is held down once', async () => {
    const { page, errors } = await opened('#/sgd?steps=10&runs=2&classes=2&dim=2');
    await ended(page);
    const field = page.getByLabel('batch b, exact value');
    await field.fill('');
    await field.pressSequentially('1prs4q');
    expect(await field.inputValue()).toBe('1prs4q');
    await field.fill('16');
    await page.locator('.content').click({ position: { x: 1, y: 1 } });
    await page.keyboard.press('Control+q');
    expect(await stepOf(page)).toBe(10);
    await page.getByRole('button', { name: 'quench: noise off (q)' }).waitFor();
    for (let i = 0; i < 4; i++) await page.keyboard.down('q'); // an even number of times, by a finger that stays
    await page.keyboard.up('q');
    await page.getByRole('button', { name: 'noise on again (q)' }).waitFor();
    await page.waitForURL(/method=gd/);
    expect(errors).toEqual([]);
  });

  it('is moved by keys, one point at a time, and goes on where it was', async () => {
    const { page, errors } = await opened('#/sgd?steps=400&runs=2');
    await page.locator('.state').filter({ hasText: 'Step' }).waitFor();
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'play (p)' }).waitFor();
    const before = await stepOf(page);
    await page.keyboard.press('s');
    await expect.poll(() => stepOf(page)).toBeGreaterThan(before);
    const after = await stepOf(page);
    await page.keyboard.press('q');
    await page.getByRole('button', { name: 'noise on again (q)' }).waitFor();
    await page.keyboard.press('s');
    await expect.poll(() => stepOf(page)).toBeGreaterThan(after);
    await page.keyboard.press('q');
    await page.getByRole('button', { name: 'quench: noise off (q)' }).waitFor();
    await page.getByText('no single command makes this run').waitFor();
    await page.keyboard.press('r');
    await expect.poll(() => stepOf(page)).toBe(0);
    expect(errors).toEqual([]);
  });

  it('keeps its settings in the address, and mends those that do not fit', async () => {
    const { page } = await opened('#/sgd?classes=4&dim=2&noise=0.5&margin=9&runs=30&batch=1e9&evil=<b>&steps=10');
    const said = page.locator('.said');
    for (const words of ['batch', 'evil', 'feature of its own', 'optimal margin', '8 runs'])
      await expect.poll(() => said.innerText()).toContain(words);
    await page.getByLabel('batch b, exact value').fill('32');
    await page.getByLabel('batch b, exact value').press('Enter');
    await expect.poll(() => page.url()).toContain('batch=32');
    await page.reload();
    await expect.poll(() => page.getByLabel('batch b, exact value').inputValue()).toBe('32');
    expect(await page.getByLabel('features d, exact value').inputValue()).toBe('4');
  });

  it.each([
    { where: 'before the boundary', noise: 0.2, learner: 'Dom-SGD', other: 'Bulk-SGD' },
    { where: 'beyond it', noise: 0.4, learner: 'Bulk-SGD', other: 'Dom-SGD' },
  ])('$where $learner learns, and $other does not', async ({ noise, learner, other }) => {
    const { page } = await opened(`#/sgd?steps=12&runs=2&margin=2.5&lr=2&batch=256&noise=${noise}&method=dom-sgd`);
    await ended(page);
    await page.keyboard.press('4');
    await page.locator('.state').filter({ hasText: 'Step 12, ' }).filter({ hasText: 'Bulk-SGD' }).waitFor();
    const left = await lossesLeft(page);
    expect(left[learner]).toBeLessThan(0.85);
    expect(left[other]).toBeGreaterThan(0.97);
  });

  it('starts a preset, and says it in the address', async () => {
    const { page } = await opened('#/sgd?steps=10&runs=2');
    await page.getByRole('button', { name: 'before the boundary' }).click();
    await expect.poll(() => page.url()).toContain('method=dom-sgd');
    expect(page.url()).toContain('noise=0.2');
    await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(2);
  });

  it('trains a network as the command line does, once its runtime is asked for', async () => {
    const { page, errors, foreign } = await opened('#/sgd?steps=10&runs=2');
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await ended(page);
    expect(loaded.filter((url) => url.endsWith('.wasm'))).toEqual([]);
    await page.getByRole('button', { name: 'train a network on this mixture' }).click();
    await page.locator('[data-command^="train"]').waitFor({ timeout: 60_000 });
    expect(loaded.filter((url) => url.endsWith('.wasm'))).toHaveLength(1);
    expect(await expectNumbersOfCommands(page)).toBeGreaterThan(10);
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
  });

  const labels = (count: number): Buffer =>
    Buffer.from(formatIdx({ shape: [count], data: Uint8Array.from({ length: count }, (_, i) => i % 10) }));
  const images = (count: number): Buffer =>
    Buffer.from(
      formatIdx({ shape: [count, 28, 28], data: Uint8Array.from({ length: count * 784 }, (_, i) => (i * 7) % 251) }),
    );
  it('fetches the digits that its server has, and says so where it has none', async () => {
    const { page, foreign } = await opened('#/sgd?steps=10&runs=2&classes=2&dim=2');
    const section = page.locator('section[aria-label="a small network"]');
    const asked: string[] = [];
    const served = new Map<string, Buffer | string>([
      ['index.json', JSON.stringify({ files: ['train-images', 'train-labels', 't10k-images', '../evil'].map((path) => ({ path, bytes: 1 })) })],
      ['train-images', gzipSync(images(50))],
      ['train-labels', labels(50)],
    ]); // prettier-ignore
    let isServed = false;
    await page.route('**/mnist/**', (route) => {
      const name = new URL(route.request().url()).pathname.split('/').at(-1)!;
      asked.push(name);
      const body = served.get(name);
      return isServed && body !== undefined ? route.fulfill({ body }) : route.fulfill({ status: 404, body: 'no' });
    });
    await ended(page);
    expect(asked).toEqual([]);
    const button = page.getByRole('button', { name: 'train on the MNIST digits that are here' });
    await button.click();
    await section.getByText('no digits of MNIST are served with this page').waitFor();
    isServed = true;
    await button.click();
    await section.getByText('1000 digits with labels').waitFor();
    expect(asked).toEqual(['index.json', 'index.json', 'train-images', 'train-labels']);
    expect(foreign).toEqual([]);
  });

  const wrongMagic = Buffer.from([1, 2, 3, 4, 5, 6]);
  const hugeHeader = Buffer.from([0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]);
  const bomb = gzipSync(Buffer.alloc(80 * 2 ** 20));
  const broken = [
    ['gzip cut short', [gzipSync(images(50)).subarray(0, 40), labels(50)], 'no whole gzip file'],
    ['another magic', [wrongMagic, labels(50)], 'begins with the bytes 1, 2'],
    ['a header that promises everything', [hugeHeader, labels(50)], 'needs'],
    ['one that unpacks to 80 MB', [bomb, labels(50)], 'unpacks to more'],
    ['labels alone', [labels(50)], 'one of labels are needed'],
    ['fewer labels than images', [images(60), labels(50)], 'with a label each'],
    ['too few digits', [images(50), labels(50)], '1000 digits with labels'],
  ] as const;
  it('says what is wrong with dropped files, and trains on whole ones afterwards', async () => {
    const { page, errors } = await opened('#/sgd?steps=10&runs=2&classes=2&dim=2');
    const section = page.locator('section[aria-label="a small network"]');
    for (const [, contents, words] of broken) {
      const files = contents.map((buffer, i) => ({ name: `file-${i}.gz`, mimeType: 'application/gzip', buffer }));
      await page.getByLabel('MNIST files').setInputFiles(files);
      await section.getByText(words).waitFor();
    }
    await page.getByLabel('MNIST files').setInputFiles([
      { name: 'images.gz', mimeType: 'application/gzip', buffer: gzipSync(images(1100)) },
      { name: 'labels', mimeType: 'application/octet-stream', buffer: labels(1100) },
    ]);
    await section.getByText(/step [1-9]\d*: loss \d/).waitFor({ timeout: 60_000 });
    await section.getByRole('button', { name: 'pause the network' }).click();
    const said = section.locator('[role=status]');
    await page.waitForTimeout(1500); // the point under way
    const paused = await said.innerText();
    await page.waitForTimeout(1000);
    expect(await said.innerText()).toBe(paused);
    await section.getByRole('button', { name: 'go on with the network' }).click();
    await expect.poll(() => said.innerText(), { timeout: 20_000 }).not.toBe(paused);
    expect(errors).toEqual([]);
  });
});
