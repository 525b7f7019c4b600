import type { Page } from 'playwright-core';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { formatIdx } from '../../src/data/idx.js';
import { expectNumbersOfCommands, inBrowser } from './browser.js';

/** Until the runs have ended. */
const ended = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'play (p)' }).waitFor({ timeout: 60_000 });
  await page.locator('[data-command], .content .help').first().waitFor();
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

inBrowser('SGD, live', (opened) => {
  it.each([
    '#/sgd?steps=20&runs=4',
    '#/sgd?steps=12&noise=0.5&classes=2&dim=3&runs=2&seed=3&lr=1',
    '#/sgd?steps=12&runs=3&method=bulk-sgd&margin=2.5&batch=64&lr=1',
    '#/sgd?steps=12&method=gd&runs=2',
  ])('shows the numbers of the command line: %s', async (hash) => {
    const { page, errors, foreign } = await opened(hash);
    await ended(page);
    expect(await expectNumbersOfCommands(page)).toBeGreaterThan(1);
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
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
    const { page: again } = await opened(new URL(page.url()).hash);
    expect(await again.getByLabel('batch b, exact value').inputValue()).toBe('32');
    expect(await again.getByLabel('features d, exact value').inputValue()).toBe('4');
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
  const wrongMagic = Buffer.from([1, 2, 3, 4, 5, 6]);
  const hugeHeader = Buffer.from([0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]);
  const bomb = gzipSync(Buffer.alloc(80 * 2 ** 20));
  const broken = [
    ['gzip cut short', [gzipSync(images(50)).subarray(0, 40), labels(50)], 'no whole gzip file'],
    ['another magic', [wrongMagic, labels(50)], 'begins with the bytes 1, 2'],
    ['a header that promises everything', [hugeHeader, labels(50)], 'needs'],
    ['one that unpacks to 80 MB', [bomb, labels(50)], 'unpacks to more'],
    ['labels alone', [labels(50)], 'one of labels are needed'],
    ['too few digits', [images(50), labels(50)], '600 digits'],
  ] as const;
  it('says what is wrong with dropped files, and trains on whole ones afterwards', async () => {
    const { page, errors } = await opened('#/sgd?steps=10&runs=2');
    const section = page.locator('section[aria-label="a small network"]');
    for (const [, contents, words] of broken) {
      const files = contents.map((buffer, i) => ({ name: `file-${i}.gz`, mimeType: 'application/gzip', buffer }));
      await page.getByLabel('MNIST files').setInputFiles(files);
      await section.getByText(words).waitFor();
    }
    await page.getByLabel('MNIST files').setInputFiles([
      { name: 'images.gz', mimeType: 'application/gzip', buffer: gzipSync(images(700)) },
      { name: 'labels', mimeType: 'application/octet-stream', buffer: labels(700) },
    ]);
    await section.getByText(/step [1-9]\d*: loss \d/).waitFor({ timeout: 60_000 });
    expect(errors).toEqual([]);
  });
});
