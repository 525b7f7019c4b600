import { expect, it } from 'vitest';
import { solveDraws } from '../../src/studies/solve/draws.js';
import { findResponse, responseDefaults } from '../../src/studies/solve/response.js';
import { solve, solveDefaults } from '../../src/studies/solve/solve.js';
import { expectNumbersOfCommands, inBrowser } from './browser.js';
import { goTo, savedRows, tableInEveryFrame, whenComputed, whenNumbers } from './computed.js';

const title = 'What is left outside the top k';

/** To what the exponentials of two engines leave. */
function expectSame(rows: readonly (readonly number[])[], exact: readonly (readonly number[])[]): void {
  const errors = rows.flatMap((row, i) =>
    row.map((value, j) => (value === exact[i]![j] ? 0 : Math.abs(value / exact[i]![j]! - 1))),
  );
  expect(errors.length).toBe(exact.flat().length);
  expect(Math.max(...errors)).toBeLessThan(1e-8);
}

inBrowser('collapse from random W(0)', (opened) => {
  it('shows the numbers of the commands', async () => {
    const { page, errors } = await opened('#/collapse?draws=10');
    for (const [settings, count] of [
      ['?draws=10', 12],
      ['?draws=12&classes=3&delta=0.3&times=1e5&seed=7', 12],
      ['?draws=10&classes=2', 12],
      ['?noise=0.3&draws=100', 8],
      ['?noise=0.19&classes=4&dim=4&delta=1e-4&times=1e12&seed=2', 8],
      ['?noise=1&times=1e4', 8],
      ['?noise=0.5&threshold=0.6&delta=0.5', 8],
    ] as const) {
      await goTo(page, `#/collapse${settings}`);
      expect(await expectNumbersOfCommands(page)).toBeGreaterThanOrEqual(count);
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  it('draws median, band and single curve of the exact solution', async () => {
    const { page } = await opened('#/collapse?classes=3&delta=0.1&draws=11&seed=4');
    await whenComputed(page);
    const [header, ...rows] = await savedRows(page, title);
    expect(header).toEqual(['time', 'f_top 5 %', 'f_top median', 'f_top 95 %', 'f_top this seed']);
    const tried = rows.filter((_, i) => i % 10 === 0).map((row) => row.map(Number));
    const times = tried.map(([time]) => time!);
    expect([times[0], times.at(-1)]).toEqual([1e-3, 1e12]);
    const model = { classes: 3, dim: 50, initial: 'random:0.1', draws: 11, seed: 4 };
    const { states } = solveDraws(model, 0.1, times);
    const single = await solve({ ...solveDefaults, ...model, times, init: { kind: 'random', scale: 0.1 } });
    expectSame(
      tried,
      states.map(({ time, topFraction }, i) => [
        time,
        ...topFraction.lower.quantiles,
        single.states[i]!.topFraction.lower,
      ]),
    );
    await expect(page.locator('figcaption').first().textContent()).resolves.toContain(
      '-0.6667, that of the law -0.6667',
    );
    await page.close();
  });

  it('draws the response with noise, and the window of the command', async () => {
    const { page } = await opened('#/collapse?noise=0.3&draws=40&delta=0.02');
    await whenComputed(page);
    const [, ...rows] = (await savedRows(page, title)).map((row) => row.map(Number));
    const times = rows.map(([time]) => time!);
    const settings = { ...responseDefaults, delta: 0.02, draws: 40, times };
    const { states } = findResponse(settings);
    const without = findResponse({ ...settings, noise: 0 });
    expect(rows).toHaveLength(91);
    expectSame(
      rows,
      states.map(({ time, quantiles }, i) => [time, ...quantiles, without.states[i]!.quantiles[1]]),
    );
    await page.close();
  });

  it('goes by keyboard; its address brings it back', async () => {
    const { page, errors } = await opened('#/collapse?draws=10');
    await whenNumbers(page);
    await page.locator('#control-classes').focus();
    await page.keyboard.press('ArrowLeft');
    await page.locator('#control-noise').focus();
    for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    await page.waitForURL(/noise=0\.0225/);
    expect(page.url()).toContain('classes=9');
    await page.keyboard.press('End');
    await page.waitForURL(/noise=1(&|$)/);
    await whenNumbers(page);
    const again = await opened(`#/collapse?${page.url().split('?')[1]!}`);
    await whenNumbers(again.page);
    const texts = (one: typeof page): Promise<string[]> => one.locator('[data-json]').allTextContents();
    expect(await texts(page)).toEqual(await texts(again.page));
    expect(await expectNumbersOfCommands(page)).toBe(8);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('leaves draws that are wanted no more', async () => {
    const { page } = await opened('#/collapse?classes=40&draws=500');
    await page
      .getByText(/of 500 draws/)
      .first()
      .waitFor();
    await page.locator('figure', { hasText: title }).locator('summary').click();
    const field = page.getByRole('textbox', { name: 'classes k, exact value' });
    await page.getByRole('textbox', { name: 'draws of W(0), exact value' }).fill('10');
    await field.fill('3');
    await field.press('Enter');
    const frames = await tableInEveryFrame(page, title);
    const firsts = frames.flatMap(([first]) => (first === undefined ? [] : [Number(first[4])]));
    const last = firsts.at(-1)!;
    expect(firsts.filter((value) => value !== last)).toEqual([]); // f_top of this seed at the first time
    const { states } = await solve({
      ...solveDefaults,
      classes: 3,
      times: [1e-3],
      init: { kind: 'random', scale: 0.01 },
    });
    expect(last).toBeCloseTo(states[0]!.topFraction.lower, 5);
    await page.close();
  });

  it('takes a hostile address with a word, and says what does not fit', async () => {
    const { page, errors } = await opened(
      '#/collapse?classes=0x10&delta=-1&seed=1.5&draws=1e400&noise=0.015&dim=3&times=javascript:alert(1)&__proto__=2',
    );
    await whenNumbers(page);
    const said = await page.locator('.said').textContent();
    for (const word of ['classes', 'delta', 'seed', 'draws', 'times', '__proto__', 'σ = 0 is shown', 'd = 10'])
      expect(said).toContain(word);
    expect(await expectNumbersOfCommands(page)).toBeGreaterThan(10);
    expect(errors).toEqual([]);
    await page.close();
  });
});
