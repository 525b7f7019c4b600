import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { views } from '../../web/views.js';
import { seriousFindings } from './axe.js';
import { inBrowser } from './browser.js';

const ids = views.map(({ id }) => id);

/** Waits for what is loaded and, for a while, for charts that have nothing yet. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page
    .waitForFunction(
      () => [...document.querySelectorAll('figure.chart .picture')].every((picture) => picture.firstChild !== null),
      undefined,
      { timeout: 3000 },
    )
    .catch(() => undefined);
}

const frames = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => { resolve(); })); // prettier-ignore
      }),
  );

const heading = (page: Page): Promise<string> => page.locator('main h1').innerText();

/** What has the focus, as it is called. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement!;
    return element.getAttribute('aria-label') ?? (element.id === '' ? element.textContent.trim() : element.id);
  });

/** By how many pixels the page is wider than its window. */
const overhang = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

inBrowser('every view', (opened) => {
  it.each(ids)('%s: opens without an error, asks no other server, can be used by all, light and dark, wide and narrow', async (id) => {
    const { page, errors, foreign } = await opened(`#/${id}`);
    await settled(page);
    expect(await page.title()).toMatch(/^.+ · tiny-subspace$/);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.locator('nav [aria-current=page]').getAttribute('href')).toBe(`#/${id}`);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await seriousFindings(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await frames(page);
    expect(await seriousFindings(page, 'color-contrast')).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    await frames(page);
    await settled(page);
    expect(await overhang(page)).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
  }); // prettier-ignore

  it.each(ids)('%s: whatever its address says, the page stands', async (id) => {
    const { page, errors, foreign } = await opened(`#/${id}`);
    const title = await heading(page);
    const names = await page.$$eval('[id^=control-]:is(input, select)', (all) =>
      all.map((one) => one.id.slice('control-'.length)),
    );
    const hashes = hostileQueries(names).map((query) => `#/${id}?${query}`);
    const titles = await page.evaluate(async (all) => {
      const found: string[] = [];
      for (const hash of all) {
        location.hash = hash;
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
        found.push(document.querySelector<HTMLElement>('main h1')!.innerText);
      }
      return found;
    }, hashes);
    const fallen = hashes.filter((_, i) => titles[i] !== title);
    expect({ fallen, errors }).toEqual({ fallen: [], errors: [] });
    expect(foreign).toEqual([]);
  });
});

/** Settings that nobody meant: names of the view and of prototypes, numbers out of every range, broken encodings, long texts. */
function hostileQueries(names: readonly string[]): string[] {
  const name = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...names, 'classes') },
    fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '%', '%E0%A4%A', '<img src=x onerror=a>'),
    fc.string({ unit: 'grapheme-composite' }).map(encoded),
  ); // prettier-ignore
  const value = fc.oneof(
    fc.double().map(String),
    fc.integer().map(String),
    fc.constantFrom('', 'NaN', '-0', '1e400', '1e-400', '0x10', '1_000', '٣', '%00', '%', '%zz', 'null', '__proto__', '</script><script>alert(1)</script>', 'x'.repeat(20_000)),
    fc.string({ unit: 'grapheme-composite' }).map(encoded),
  ); // prettier-ignore
  const query = fc
    .array(fc.tuple(name, value), { minLength: 1, maxLength: 5 })
    .map((pairs) => pairs.map((pair) => pair.join('=')).join('&'));
  return fc.sample(query, { numRuns: 30, seed: 19 });
}

const encoded = (text: string): string => encodeURIComponent(text);

inBrowser('the page', (opened) => {
  it('says so where there is no such view, and shows the first', async () => {
    const { page, errors } = await opened();
    const first = await heading(page);
    for (const unknown of ['nowhere', '__proto__', 'constructor', '%E0%A4%A', 'model/x', '<b>', '?classes=3&', 'x'.repeat(10_000)]) {
      await page.evaluate((hash) => (location.hash = hash), `#/${unknown}`);
      await frames(page);
      expect(await heading(page)).toBe(first);
      const said = await page.locator('.said').first().innerText();
      if (!unknown.startsWith('?')) expect(said).toMatch(/^there is no view '.{1,25}' here/);
    } // prettier-ignore
    expect(errors).toEqual([]);
    await page.close();
    const another = await opened('#/nowhere');
    expect(await another.page.locator('.said').first().innerText()).toContain("there is no view 'nowhere' here");
  });

  it('can be gone through by Tab: to the content, the views, the theme, the controls; each with a mark where the focus is', async () => {
    const { page } = await opened();
    await settled(page);
    const controls = await page.locator('main .controls').first().isVisible();
    const expected = ['skip to the content', 'tiny-subspace', ...views.map(({ name }) => name), 'switch between light and dark']; // prettier-ignore
    const order: string[] = [];
    for (let i = 0; i < expected.length; i++) {
      await page.keyboard.press('Tab');
      order.push(await focused(page));
      expect(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)).toBe('solid');
    }
    expect(order).toEqual(expected);
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await ground();
    await page.keyboard.press('Enter');
    expect(await ground()).not.toBe(before);
    await page.keyboard.press('Tab');
    const inside = await page.evaluate(() => document.activeElement!.closest('.controls, footer')?.className);
    expect(inside).toBe(controls ? 'controls' : '');
    await page.evaluate(() => { (document.activeElement as HTMLElement).blur(); window.scrollTo(0, 0); }); // prettier-ignore
    await page.focus('a.skip');
    await page.keyboard.press('Enter');
    expect({ focus: await focused(page), hash: await page.evaluate(() => location.hash) }).toEqual({ focus: 'main', hash: '' }); // prettier-ignore
  });

  it('goes back and forward between views, with their settings', async () => {
    const { page, errors } = await opened(`#/${ids[0]!}`);
    const [first, second] = [await heading(page), views[1]!.name];
    await page.getByRole('link', { name: second }).click();
    await page.waitForFunction((title) => document.querySelector('main h1')?.textContent !== title, first);
    const there = await heading(page);
    const field = page.locator('main .controls input[type=text]').first();
    const slider = page.locator('main .controls input[type=range]').first();
    const moves = await slider.isVisible();
    if (moves) {
      await slider.focus();
      await page.keyboard.press('ArrowRight');
      await page.waitForFunction(() => location.hash.includes('?'));
    }
    const moved = moves ? await field.inputValue() : '';
    await page.goBack();
    await page.waitForFunction((title) => document.querySelector('main h1')?.textContent === title, first);
    await page.goForward();
    await page.waitForFunction((title) => document.querySelector('main h1')?.textContent === title, there);
    expect(moves ? await field.inputValue() : '').toBe(moved);
    expect(errors).toEqual([]);
  });

  it('is small: what the first view asks for, packed, is less than 350 kB', async () => {
    const { page } = await opened();
    const session = await page.context().newCDPSession(page);
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    const asked: string[] = [];
    page.on('response', (response) => asked.push(response.url()));
    await page.reload();
    await page.locator('main h1').waitFor();
    await settled(page);
    const sizes = await Promise.all(
      asked.map(async (url) => {
        const answer = await fetch(url);
        return { file: new URL(url).pathname, packed: gzipSync(await answer.arrayBuffer()).length };
      }),
    );
    const total = sizes.reduce((sum, { packed }) => sum + packed, 0);
    const list = sizes.map(({ file, packed }) => `${file} ${(packed / 1000).toFixed(1)} kB`).join('\n');
    expect(sizes.length).toBeGreaterThan(2);
    expect(total, list).toBeLessThan(350_000);
  });
});
