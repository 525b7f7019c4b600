import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { wrongLaws } from '../../theory/broken/index.js';
import { laws, theorems, verify, type VerifiedTheorem } from '../../theory/index.js';
import { inBrowser } from './browser.js';

const card = (page: Page, id: string) => page.locator(`article[data-id="${id}"]`);
/** What the page says in time, however busy the machine is. */
const soon = { timeout: 20_000 };
const count = (page: Page) => page.locator('.count').textContent();

/** Magnitudes of errors and times may differ in their last bits between engines, where these compute e^x differently: digits of powers of ten are left out. */
const withoutErrors = (evidence: string): string => evidence.replaceAll(/\d(\.\d+)?e[-+]\d+/g, '#');
const own = (id: string, broken: Partial<typeof laws> = {}): VerifiedTheorem =>
  verify(
    { ...laws, ...broken },
    theorems.filter((theorem) => theorem.id === id),
  ).theorems[0]!;

/** Of each method and verdict, what takes some milliseconds: mathjs, exact polynomials, random cases, quadratures. */
const cheap = [
  'margin-equation',
  'rank',
  'top-k-undefined-at-start',
  'collapse-rate',
  'loss-falls',
  'simplex-means',
  'shuffled-variance',
  'false-subspace-preserved-at-start',
  'equation-7-as-printed',
];

inBrowser('the theorems', (opened) => {
  it('are all there, with what they say, and formulas that are set when they are near', async () => {
    const { page, errors, foreign } = await opened('#/theorems');
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    expect(await page.$$eval('article h3 a', (links) => links.map(({ textContent }) => textContent))).toEqual(
      theorems.map(({ id }) => id),
    );
    expect(await page.$$eval('article .statement', (all) => all.map(({ textContent }) => textContent))).toEqual(
      theorems.map(({ statement }) => statement),
    );
    const rendered = (): Promise<number> => page.locator('.formula .katex-mathml').count();
    await page.locator('.formula .katex-mathml').first().waitFor();
    expect(await rendered()).toBeLessThan(theorems.length / 2);
    await page.setViewportSize({ width: 1280, height: 24_000 }); // all of them are near
    await expect.poll(rendered, soon).toBe(theorems.length);
    expect(await page.$$eval('.formula annotation', (all) => all.map(({ textContent }) => textContent))).toEqual(
      theorems.map(({ formula }) => formula),
    );
    expect(requests.filter((url) => url.includes('check.worker'))).toEqual([]);
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
  });

  it('are found by kind, by word and by address', async () => {
    const { page } = await opened('#/theorems?show=refuted');
    expect(await count(page)).toBe(`5 of ${theorems.length} claims`);
    await page.getByLabel('claims', { exact: true }).selectOption('proved');
    const proved = theorems.filter(({ expected }) => expected === 'proved').length;
    await expect.poll(() => count(page), soon).toBe(`${proved} of ${theorems.length} claims`);
    await page.getByLabel('search').fill('Jury’s');
    expect(await count(page)).toBe(`1 of ${theorems.length} claims`);
    await page.evaluate(() => (location.hash = '#/theorems?show=proved&id=false-rank-is-k'));
    await expect.poll(() => count(page), soon).toBe(`${theorems.length} of ${theorems.length} claims`);
    expect(await page.locator('.said').textContent()).toContain('false-rank-is-k is not among those that are proved');
    expect(await page.evaluate(() => document.activeElement!.getAttribute('data-id'))).toBe('false-rank-is-k');
    await page.evaluate(() => (location.hash = '#/theorems?id=__proto__'));
    await expect.poll(() => page.locator('.said').textContent(), soon).toContain("id = '__proto__' is not one of");
  });

  it('are checked here, with the verdicts and the evidence of the library in Node; and broken by the laws that they must notice', async () => {
    const { page, errors } = await opened('#/theorems');
    for (const id of cheap) await card(page, id).getByRole('button', { name: 'check it here' }).click();
    for (const id of cheap) {
      const outcome = card(page, id).locator('.outcome');
      await outcome.waitFor();
      const { verdict, ok, evidence } = own(id);
      expect(ok).toBe(true);
      expect(await outcome.getAttribute('data-verdict'), id).toBe(verdict);
      expect(await outcome.getAttribute('data-ok'), id).toBe('true');
      expect(withoutErrors((await outcome.locator('.found').textContent())!), id).toBe(withoutErrors(evidence));
    }
    // … and are broken by the laws that they must notice, which are named.
    for (const id of ['symmetric-spectrum', 'equation-7-as-printed']) {
      const wrong = wrongLaws.filter(([, { caughtBy }]) => caughtBy === id);
      await card(page, id).getByRole('button', { name: 'break it' }).click();
      const outcomes = card(page, id).locator('.outcome.broken');
      await outcomes.nth(wrong.length - 1).waitFor();
      for (const [i, [what, { broken }]] of wrong.entries()) {
        const { verdict, evidence } = own(id, broken);
        expect(await outcomes.nth(i).getAttribute('data-verdict')).toBe(verdict);
        const text = (await outcomes.nth(i).textContent())!;
        expect(text).toContain(`With ${what} in place of what is right`);
        expect(withoutErrors(text)).toContain(withoutErrors(evidence));
      }
    }
    expect(errors).toEqual([]);
  });

  it('are cancelled where they take long, one and all; and all that are shown are checked', async () => {
    const { page, errors } = await opened('#/theorems');
    const heavy = card(page, 'finite-noise-scalars');
    await heavy.getByRole('button', { name: 'check it here' }).click();
    await expect.poll(() => heavy.locator('.progress').textContent(), soon).toMatch(/^checking … \d\.\d s$/);
    await heavy.getByRole('button', { name: 'cancel' }).click();
    expect(await heavy.locator('.progress').textContent()).toBe('cancelled');
    expect(await heavy.getByRole('button', { name: 'check it here' }).isEnabled()).toBe(true);
    const bar = page.locator('.tools.all');
    await bar.getByRole('button', { name: 'check all' }).click();
    await expect
      .poll(() => bar.textContent(), soon)
      .toMatch(new RegExp(`checking ${theorems.length} claims … \\d+ done`));
    await bar.getByRole('button', { name: 'cancel all' }).click();
    expect(await bar.textContent()).toContain('cancelled');
    await page.getByLabel('search').fill('GRD18 Eq. (7)');
    await bar.getByRole('button', { name: 'check all' }).click();
    await expect.poll(() => bar.textContent(), soon).toMatch(/1 checked in \d+\.\d s: all as expected$/);
    expect(await heavy.locator('.outcome').count()).toBe(0);
    // One that was under way is asked anew, and one that is cancelled is no reason to wait for it.
    await page.getByLabel('search').fill('finite-noise-scalars');
    await heavy.getByRole('button', { name: 'check it here' }).click();
    await bar.getByRole('button', { name: 'check all' }).click();
    await heavy.getByRole('button', { name: 'cancel' }).click();
    await expect.poll(() => bar.textContent(), soon).toMatch(/0 checked in \d+\.\d s: .*; 1 cancelled$/);
    expect(errors).toEqual([]);
  });

  it('fit on a phone: what is too wide scrolls in its box', async () => {
    const { page } = await opened('#/theorems?id=eigenspace-shares', { width: 360, height: 740 });
    const box = card(page, 'eigenspace-shares').locator('.formula');
    await box.locator('.katex-html').waitFor();
    expect(await box.evaluate((one) => one.scrollWidth > one.clientWidth)).toBe(true);
    const top = (): Promise<number> => box.evaluate((one) => one.closest('article')!.getBoundingClientRect().top);
    await expect.poll(async () => (await top()) >= 0 && (await top()) < 250, soon).toBe(true); // formulas above have grown
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});
