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
