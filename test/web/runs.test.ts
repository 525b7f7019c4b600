import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { tableOfCsv } from '../../src/studies/sweep/table/csv-read.js';
import { knownTopFraction } from '../../src/train/known-top-fraction.js';
import { loadRun, type RecordedRun } from '../../src/train/load-run.js';
import { topFractionAt } from '../../src/train/top-fraction-at.js';
import { expectNumbersOfCommands, inBrowser } from './browser.js';
import { copyOf, handlesOf, temporaryFolder, trainedFolder } from './runs-folders.js';

/** The rows of a chart's CSV by the names of its columns. */
async function savedRows(page: Page, title: string): Promise<Record<string, unknown>[]> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `save as CSV: ${title}` }).click(),
  ]);
  const { columns, rows } = tableOfCsv(readFileSync(await download.path()), 'saved.csv');
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(columns.map(({ name, values }) => [name, values[row]])),
  );
}

const topTitle = 'f_top(m): how much of the gradient is in the top';
const folders = (page: Page) => page.locator('input[type=file]').nth(0);
const files = (page: Page) => page.locator('input[type=file]').nth(1);
const card = (page: Page, name: string) => page.getByRole('article', { name, exact: true });

/** Files that are dropped on the page. */
function drop(page: Page, dropped: readonly { readonly name: string; readonly text: string }[]): Promise<void> {
  return page.evaluate((list) => {
    const data = new DataTransfer();
    for (const { name, text } of list) data.items.add(new File([text], name));
    document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, dropped);
}

describe('runs of the command line', () => {
  let one: string;
  let two: string;
  let run: RecordedRun;
  const start = process.cwd();
  beforeAll(async () => {
    one = await trainedFolder(temporaryFolder(), 'one', '--noise-null', '2');
    two = await trainedFolder(dirname(one), 'two', '--seed', '2');
    run = loadRun(one);
  });
  afterAll(() => {
    process.chdir(start);
  });

  inBrowser('in the page', (opened) => {
    it('the example shows the numbers of the command line', async () => {
      const { page, errors, foreign } = await opened('#/runs');
      await page.getByRole('button', { name: 'an example' }).click();
      await card(page, 'example-run').waitFor();
      expect(await card(page, 'example-run').innerText()).toContain('11 records intact');
      const copy = copyOf('web/public/example-run', 'example-run');
      process.chdir(dirname(copy));
      try {
        expect(await expectNumbersOfCommands(page)).toBe(7);
      } finally {
        process.chdir(start);
      }
      expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
    });

    it('a folder that is chosen is drawn as it was recorded; its cut is moved by a key as the library moves it', async () => {
      const { page, errors } = await opened('#/runs');
      await folders(page).setInputFiles(one);
      await card(page, 'one').waitFor();
      const rows = await savedRows(page, topTitle);
      expect(rows.filter(({ quantity }) => quantity === 'f_top(m)')).toEqual(
        run.records.map((record) => {
          const { lower, middle, upper } = knownTopFraction(record);
          return { run: 'one', quantity: 'f_top(m)', step: record.step, time: record.time, lower, middle, upper };
        }),
      );
      const spectrum = await savedRows(page, 'The top of the spectrum');
      expect(spectrum.map(({ eigenvalue, residual }) => [eigenvalue, residual])).toEqual(
        run.records.at(-1)!.eigenvalues.map((value, i) => [value, run.records.at(-1)!.residuals[i]]),
      );
      const slider = page.getByRole('slider', { name: 'top eigenvectors m', exact: true });
      await slider.press('ArrowRight');
      await slider.press('ArrowRight');
      await expect.poll(() => page.url()).toContain('subspace=2');
      const moved = await savedRows(page, topTitle);
      expect(
        moved
          .filter(({ quantity }) => quantity === 'f_top(m)')
          .map(({ lower, middle, upper }) => ({ lower, estimate: middle, upper })),
      ).toEqual(run.records.map((record) => topFractionAt(record, 3, 2, 'f64')));
      expect(errors).toEqual([]);
    });

    it('two runs are laid over each other, told apart by name, colour and dash, and can be taken away', async () => {
      const { page } = await opened('#/runs');
      await folders(page).setInputFiles(one);
      await card(page, 'one').waitFor();
      await folders(page).setInputFiles(two);
      await card(page, 'two').waitFor();
      const key = page.getByRole('list', { name: 'key of: Training loss' });
      expect(await key.getByRole('listitem').allInnerTexts()).toEqual(
        ['one', 'two'].map((name) => expect.stringContaining(name) as unknown),
      );
      const styles = await key
        .locator('line')
        .evaluateAll((lines) =>
          lines.map((line) => [line.getAttribute('style'), line.getAttribute('stroke-dasharray')].join()),
        );
      expect(new Set(styles).size).toBe(2);
      const rows = await savedRows(page, 'Training loss');
      expect(rows.map((row) => row.middle)).toEqual([...run.records, ...loadRun(two).records].map(({ loss }) => loss));
      await page.getByRole('button', { name: 'take one away' }).press('Enter');
      expect((await savedRows(page, 'Training loss')).map((row) => row.run)).toEqual(
        loadRun(two).records.map(() => 'two'),
      );
    });

    it('twelve runs at most are open, however fast they come, each of its own look', async () => {
      const { page, errors } = await opened('#/runs');
      const text = readFileSync(join(one, 'records.jsonl'), 'utf8');
      await page.evaluate((content) => {
        for (const from of [0, 8]) {
          const data = new DataTransfer();
          for (let i = from; i < from + 8; i++) {
            const file = new File([content], 'records.jsonl');
            data.items.add(file);
          }
          const files = Array.from(data.files, (file, i) =>
            Object.defineProperty(file, 'webkitRelativePath', { value: `run-${from + i}/records.jsonl` }),
          );
          const list = Object.assign(files, { item: (i: number) => files[i] ?? null });
          const event = new DragEvent('drop', { bubbles: true, cancelable: true });
          Object.defineProperty(event, 'dataTransfer', { value: { items: [], files: list } });
          document.dispatchEvent(event);
        }
      }, text);
      await card(page, 'run-11').waitFor();
      expect(await page.getByRole('article').count()).toBe(12);
      const looks = async (title: string, shape: string): Promise<number> => {
        const key = page.getByRole('list', { name: `key of: ${title}` }).locator(shape);
        return new Set(await key.evaluateAll((all) => all.map((one) => [one.getAttribute('style'), one.textContent, one.getAttribute('stroke-dasharray')].join()))).size; // prettier-ignore
      };
      expect(await looks('Training loss', 'line')).toBe(12);
      expect(await looks('The top of the spectrum', 'text')).toBe(12);
      expect(errors).toEqual([]);
    });

    it('damage is said, and what is intact is shown', async () => {
      const copy = copyOf(one, 'damaged');
      const { page } = await opened('#/runs');
      const handles = handlesOf(copy);
      const records = readFileSync(join(copy, 'records.jsonl'), 'utf8').replace(/("step":20,.*?"loss":)\d/s, '$19');
      const buffers = handles
        .filter(({ path }) => !path.includes('/'))
        .map(({ path }) => ({
          name: path,
          mimeType: '',
          buffer: path === 'records.jsonl' ? Buffer.from(records) : readFileSync(join(copy, path)),
        }));
      await files(page).setInputFiles(buffers);
      await card(page, 'files').waitFor();
      expect(await card(page, 'files').getByRole('alert').innerText()).toContain(
        'files/records.jsonl, line 3: seal: it does not follow',
      );
      expect((await savedRows(page, 'Training loss')).map((row) => row.step)).toEqual([0, 10]);
    });

    it('nothing that is dropped breaks the page: garbage, deep JSON, names like HTML', async () => {
      const { page, errors } = await opened('#/runs');
      await drop(page, [
        { name: 'records.jsonl', text: '['.repeat(300_000) + '\n' },
        { name: 'manifest.json', text: '{"a":'.repeat(50_000) },
        { name: 'checkpoint.safetensors', text: '\u0000\u0001garbage' },
        { name: 'weights.safetensors', text: 'x' },
        { name: '<img src=x onerror=alert(1)>.txt', text: '' },
        { name: 'broken.csv', text: 'a,b\n1\n' },
        { name: 'broken.parquet', text: 'PAR1PAR1' },
      ]);
      await card(page, 'files').waitFor();
      expect(await card(page, 'files').getByRole('alert').count()).toBeGreaterThan(1);
      await expect
        .poll(() => page.getByRole('region', { name: 'table broken.csv' }).innerText())
        .toContain('line 2 has 1 cells');
      await expect
        .poll(() => page.getByRole('region', { name: 'table broken.parquet' }).innerText())
        .toContain('broken.parquet is damaged');
      expect(await page.locator('img').count()).toBe(0);
      await page.getByRole('button', { name: 'an example' }).click();
      await card(page, 'example-run').waitFor();
      expect(errors).toEqual([]);
    });

    it('of a table of 20 MB the first rows are drawn, and it says so', async () => {
      const { page, errors } = await opened('#/runs');
      await page.evaluate(() => {
        const line = Array.from({ length: 100_000 }, (_, i) => `${i % 7},${i % 100_000},0.5\n`).join('');
        const data = new DataTransfer();
        data.items.add(new File(['batch,seed,loss\n', ...Array.from({ length: 20 }, () => line)], 'long.csv'));
        document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      });
      const table = page.getByRole('region', { name: 'table long.csv' });
      await expect.poll(() => table.innerText(), { timeout: 30_000 }).toMatch(/its first \d+ rows are read and drawn/);
      expect(errors).toEqual([]);
    });

    it('a sweep table is drawn as plot draws it, along the columns that are chosen', async () => {
      const { page } = await opened('#/runs');
      const rows = [16, 64].flatMap((batch) =>
        [0.1, 0.2].flatMap((lr) => [1, 2].map((seed) => `${batch},${lr},${seed},${batch * lr + seed}`)),
      );
      await drop(page, [{ name: 'results.csv', text: `batch,lr,seed,loss\n${rows.join('\n')}\n` }]);
      const table = page.getByRole('region', { name: 'table results.csv' });
      await expect
        .poll(() => table.locator('code').innerText())
        .toBe('npx tiny-subspace plot . --x batch --y loss --color lr');
      await table.getByLabel('along x').selectOption('lr');
      await expect.poll(() => table.innerText()).toContain("'lr' can tell points apart in one way only");
      await table.getByLabel('a curve for each').selectOption('batch');
      await expect
        .poll(() => table.locator('code').innerText())
        .toBe('npx tiny-subspace plot . --x lr --y loss --color batch');
      const saved = await savedRows(page, 'results.csv');
      expect(saved[0]).toMatchObject({ curve: 'batch = 16', lr: 0.1, mean: 16 * 0.1 + 1.5, seeds: 2 });
      expect(saved.map(({ curve }) => curve)).toEqual(['batch = 16', 'batch = 16', 'batch = 64', 'batch = 64']);
    });

    it('settings go through the address, and what is not legal there is said', async () => {
      const { page } = await opened('#/runs?subspace=2&at=50&along=time&scale=log');
      await folders(page).setInputFiles(two);
      await card(page, 'two').waitFor();
      expect(await page.getByLabel('horizontal axis').inputValue()).toBe('time');
      const spectrum = await savedRows(page, 'The top of the spectrum');
      expect(new Set(spectrum.map(({ step }) => step))).toEqual(new Set([20]));
      const rows = await savedRows(page, topTitle);
      expect(rows.map(({ step }) => step)).toEqual([10, 20, 30, 40]);
      expect(rows.every(({ middle, lower }) => middle === null && lower === 0)).toBe(true); // no energies were recorded
      await page.getByLabel('horizontal axis').selectOption('step');
      await expect.poll(() => new URL(page.url()).hash).toBe('#/runs?subspace=2&at=50&scale=log');
      const { page: other } = await opened('#/runs?subspace=1e9&served=yes');
      expect(await other.getByRole('status').first().innerText()).toMatch(
        /subspace = '1e9' is not an integer.*served = 'yes' is not/,
      );
    });

    it('folders that explore serves are opened from the same server', async () => {
      const { page, foreign } = await opened('#/runs');
      const handles = handlesOf(one);
      await page.route('**/run/**', (route) => {
        const path = decodeURIComponent(new URL(route.request().url()).pathname).replace(/^.*?\/run\//, '');
        return path === 'index.json'
          ? route.fulfill({
              json: {
                folders: [{ name: 'served', files: handles.map(({ path: file, bytes }) => ({ path: file, bytes })) }],
              },
            })
          : route.fulfill({ body: readFileSync(join(one, path.replace(/^0\//, ''))) });
      });
      await page.goto(`${inject('site')}#/runs?served=1`);
      await card(page, 'served').waitFor();
      expect(await card(page, 'served').innerText()).toContain('5 records intact');
      expect((await savedRows(page, 'Training loss')).map((row) => row.middle)).toEqual(
        run.records.map(({ loss }) => loss),
      );
      expect(foreign).toEqual([]);
    });
  });
});
