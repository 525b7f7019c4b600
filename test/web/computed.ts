import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** Waits until nothing on the page is under way: no document of a command, no map or band in a worker. */
export async function whenComputed(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('.evidence') !== null &&
      [...document.querySelectorAll('progress, [aria-busy=true]')].every(
        (node) => (node as HTMLElement).offsetParent === null,
      ),
  );
}

/** Waits until all numbers are those of the settings; maps and bands may still be under way. */
export async function whenNumbers(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve)); // once the settings have been taken
      }),
  );
  await page.waitForFunction(
    () => document.querySelector('.evidence') !== null && document.querySelector('[aria-busy=true]') === null,
  );
}

/** Goes to other settings in the page that is open, and waits for their numbers. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((next) => (location.hash = next), hash);
  await whenNumbers(page);
}

/** The rows of the CSV that a chart saves. */
export async function savedRows(page: Page, title: string): Promise<string[][]> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `save as CSV: ${title}` }).click(),
  ]);
  const text = readFileSync(await download.path(), 'utf8');
  return text
    .trim()
    .split('\r\n')
    .map((row) => row.split(','));
}

/** The first rows of the open table of a figure with a cell that says `name`, as often as the page has drawn, until all is computed. */
export async function tableInEveryFrame(page: Page, title: string): Promise<string[][][]> {
  return page.evaluate(async (label) => {
    const figure = document.querySelector(`[aria-label='save as CSV: ${label}']`)!.closest('figure')!;
    const seen: string[][][] = [];
    for (;;) {
      await new Promise(requestAnimationFrame);
      const rows = [...figure.querySelectorAll('tbody tr')].slice(0, 8);
      seen.push(rows.map((row) => [...row.children].map(({ textContent }) => textContent)));
      const busy = [...document.querySelectorAll<HTMLElement>('progress')].some((node) => node.offsetParent !== null);
      if (!busy) return seen;
    }
  }, title);
}
