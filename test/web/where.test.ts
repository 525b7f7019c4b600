import { expect, it } from 'vitest';
import { boundary, linePoint, phaseDiagram } from '../../src/exact/noisy/index.js';
import { topFraction } from '../../src/observe/top-fraction.js';
import { solve, solveDefaults } from '../../src/studies/solve/solve.js';
import { expectNumbersOfCommands, inBrowser } from './browser.js';
import { goTo, savedRows, tableInEveryFrame, whenComputed, whenNumbers } from './computed.js';

const title = 'Is the gradient in the top k?';
const settingOf = (url: string, name: string): string | null => new URLSearchParams(url.split('?')[1] ?? '').get(name);

inBrowser('where the claim holds', (opened) => {
  it('shows the numbers of the commands', async () => {
    const { page, errors } = await opened('#/where');
    for (const [settings, least] of [
      ['', 15],
      ['?classes=3&dim=7&rho=0.2&noise=0.6&relative=0.72', 14],
      ['?classes=2&rho=-1&noise=0.9&relative=0.3', 11],
      ['?map=sgd&classes=4&dim=6&noise=0.8&relative=0.5&eta-over-b=0.1', 21],
      ['?classes=100&noise=0.2&relative=0.985', 15],
    ] as const) {
      await goTo(page, `#/where${settings}`);
      if (settings.includes('sgd')) await page.getByText('With the noise of SGD').waitFor();
      await whenNumbers(page);
      expect(await expectNumbersOfCommands(page)).toBeGreaterThanOrEqual(least - 3);
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  it('draws the map of the exact model, whose lines are its crossings', async () => {
    const { page } = await opened('#/where?classes=5&rho=0.1&dim=9');
    await whenComputed(page);
    const [header, ...rows] = await savedRows(page, title);
    expect(header).toEqual(['series', 'noise', 'relative margin', 'lower', 'upper']);
    const cells = rows.filter(([series]) => series === 'f_top(k)');
    expect(cells).toHaveLength(64 * 96);
    const tried = cells.filter((_, i) => i % 401 === 7);
    for (const [, noise, relative, lower, upper] of tried.map((row) => row.map(Number))) {
      const margin = relative! / noise! ** 2;
      const { snapshot } = linePoint({ classes: 5, dim: 9, noise: noise!, margin, correlation: 0.1 });
      const exact = topFraction(snapshot, 5);
      const shown = { noise, relative, lower, upper };
      expect(shown).toEqual({ noise, relative, lower: Math.round(exact.lower), upper: Math.round(exact.upper) });
    }
    const [, sigma, edge] = rows.find(([series]) => series === 'antisymmetric')!.map(Number);
    expect(Math.abs(edge! - boundary(5, sigma!, 0.1).relativeMargin)).toBeLessThan(2e-4);
    const [row] = phaseDiagram({
      classes: 5,
      correlation: 0.1,
      noises: [sigma!],
      relativeMargins: [],
      tolerance: 1e-6,
    });
    const lines = rows.filter(([series, noise]) => series !== 'f_top(k)' && Number(noise) === sigma);
    expect(lines.map(([series]) => series)).toEqual(row!.crossings.map(({ sector }) => sector));
    lines.forEach(([, , at], i) => {
      expect(Math.abs(Number(at) - row!.crossings[i]!.relativeMargin)).toBeLessThan(2e-3);
    });
    await page.close();
  });

  it('draws the map of SGD at its η/b', async () => {
    const { page } = await opened('#/where?map=sgd&classes=3&dim=5&eta-over-b=0.05');
    await page.waitForFunction(() => document.querySelector('progress')!.value > 0.05);
    const rows = await savedRows(page, title);
    for (const i of [4.5 / 48, 20.5 / 48, 40.5 / 48]) {
      const cell = rows.filter(([series, , at]) => series === 'f_top(k)' && Math.abs(Number(at) - i) < 1e-9).at(-1)!;
      const [noise, relative, lower, upper] = cell.slice(1).map(Number) as [number, number, number, number];
      const model = { ...solveDefaults, classes: 3, dim: 5, noise };
      const at = await solve({ ...model, margin: [relative / noise ** 2] });
      const { states } = await solve({ ...model, times: [at.states[0]!.time!], etaOverB: 0.05 });
      const exact = states[0]!.noise!.topFraction;
      expect(Math.abs(lower - exact.lower)).toBeLessThan(2e-3);
      expect(Math.abs(upper - exact.upper)).toBeLessThan(2e-3);
    }
    await page.close();
  });

  it('is pointed at by mouse and by keyboard, and its address says where', async () => {
    const { page, errors } = await opened('#/where');
    await whenComputed(page); // the map moves no more
    const picture = page.locator('figure', { hasText: title }).locator('.picture svg');
    let found: Awaited<ReturnType<typeof picture.boundingBox>> = null;
    await expect.poll(async () => (found = await picture.boundingBox())).not.toBeNull(); // it may be drawn anew just now
    const box = found!;
    await page.mouse.move(box.x + 0.7 * box.width, box.y + 0.3 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.4 * box.height);
    await page.mouse.up();
    const isWhereLeft = ({ href }: URL): boolean => Math.abs(Number(settingOf(href, 'noise')) - 0.4) < 0.05;
    await page.waitForURL(isWhereLeft); // not where it was pressed
    const pressed = page.url();
    expect(Number(settingOf(pressed, 'relative'))).toBeCloseTo(0.63, 1);
    await page.locator('#control-relative').focus();
    for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowDown');
    await page.waitForURL((url) => url.href !== pressed);
    const moved = Number(settingOf(page.url(), 'relative'));
    expect(moved).toBeLessThan(Number(settingOf(pressed, 'relative')));
    await whenNumbers(page);
    expect(await expectNumbersOfCommands(page)).toBeGreaterThan(10);
    const again = await opened(`#/where?${page.url().split('?')[1]!}`);
    await whenNumbers(again.page);
    const texts = (one: typeof page): Promise<string[]> => one.locator('[data-json]').allTextContents();
    expect(await texts(again.page)).toEqual(await texts(page));
    expect([...errors, ...again.errors]).toEqual([]);
    await page.close();
  });

  it('leaves a map that is wanted no more: nothing of it is drawn again', async () => {
    const { page } = await opened('#/where?classes=300');
    await page.getByText('inside: f_top(k) = 1').waitFor();
    await page.locator('figure', { hasText: title }).locator('summary').click();
    const field = page.getByRole('textbox', { name: 'classes k, exact value' });
    await field.fill('5');
    await field.press('Enter');
    const frames = await tableInEveryFrame(page, title);
    const edges = frames.flatMap((rows) => rows.filter(([series]) => series === 'antisymmetric'));
    expect(edges.length).toBeGreaterThan(1);
    // At σ ≈ 0.1 the edge is at 0.28 for k = 5, at 0.47 for k = 300.
    expect(edges.filter(([, , at]) => Number(at) > 0.35)).toEqual([]);
    await page.close();
  });

  it('takes a hostile address with a word, and says what does not fit', async () => {
    const { page, errors } = await opened(
      '#/where?classes=1e99&noise=<img src=x onerror=alert(1)>&map=__proto__&relative=NaN&rho=-0.9&dim=3&constructor=1',
    );
    await whenNumbers(page);
    const said = await page.locator('.said').textContent();
    for (const word of ['classes', 'noise', 'map', 'relative', 'constructor', 'd = 11', '−1/(k − 1)'])
      expect(said).toContain(word);
    expect(await expectNumbersOfCommands(page)).toBeGreaterThan(10);
    expect(errors).toEqual([]);
    await page.close();
  });
});
