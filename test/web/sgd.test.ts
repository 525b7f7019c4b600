import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { expectNumbersOfCommands, inBrowser } from './browser.js';

/** Until the runs have ended. */
const ended = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'play (p)' }).waitFor({ timeout: 60_000 });
  await page.locator('[data-command], .content .help').first().waitFor();
};
const chart = (page: Page, name: string) => page.locator('figure').filter({ hasText: name });
const stepOf = async (page: Page): Promise<number> =>
  Number(/Step (\d+)/.exec(await page.locator('.state').innerText())?.[1] ?? 0);

interface Row {
  readonly [column: string]: number;
}

/** The table of a chart, by its columns. */
async function rowsOf(page: Page, title: string): Promise<Row[]> {
  const figure = chart(page, title);
  await figure.locator('summary').click();
  const [head, ...rows] = await figure.locator('table tr').evaluateAll((lines) =>
    lines.map((line) => [...line.children].map((cell) => cell.textContent)),
  );
  await figure.locator('summary').click();
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [head![i]!, Number(cell)])));
}

inBrowser('SGD, live', (opened) => {
  it.each([
    '#/sgd?steps=60',
    '#/sgd?steps=20&noise=0.5&classes=2&dim=3&runs=2&seed=3&lr=1',
    '#/sgd?steps=20&method=bulk-sgd&margin=2.5&batch=64&lr=1',
    '#/sgd?steps=30&method=gd&runs=2',
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

  it('Dom learns before the boundary, Bulk beyond', async () => {
    const { page } = await opened('#/sgd?steps=10');
    const losses = async (preset: string): Promise<{ dom: number; bulk: number }> => {
      await page.getByRole('button', { name: preset }).click();
      await page.locator('.state').filter({ hasText: 'Step 100, ' }).filter({ hasText: 'Bulk-SGD' }).waitFor();
      const rows = await page.locator('figure').last().evaluate(() => undefined).then(() => lossRows(page));
      const change = (method: string): number => {
        const own = rows.filter((row) => row.method === method);
        return own.at(-1)!.loss / own[0]!.loss;
      };
      return { dom: change('Dom-SGD'), bulk: change('Bulk-SGD') };
    };
    const [before, beyond] = [await losses('before the boundary'), await losses('beyond it')];
    expect(before.dom).toBeLessThan(0.5);
    expect(before.bulk).toBeGreaterThan(0.95);
    expect(beyond.dom).toBeGreaterThan(0.95);
    expect(beyond.bulk).toBeLessThan(0.9);
  });
});

async function lossRows(page: Page): Promise<{ method: string; loss: number }[]> {
  const figure = chart(page, 'The loss: who learns');
  await figure.locator('summary').click();
  const rows = await figure.locator('tbody tr').evaluateAll((lines) =>
    lines.map((line) => ({ method: line.children[0]!.textContent, loss: Number(line.children[2]!.textContent) })),
  );
  await figure.locator('summary').click();
  return rows;
}
void rowsOf;
