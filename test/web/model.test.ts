import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findBoundary } from '../../src/studies/solve/boundary.js';
import { solve } from '../../src/studies/solve/solve.js';
import { askedState } from '../../web/views/model/commands.js';
import { finePrecision, flowRows, sketchPrecision, timeEnds } from '../../web/views/model/flow-rows.js';
import { fitModel, modelPresets, type ModelSettings } from '../../web/views/model/settings.js';
import { takeoverPath, sgdPlaces, sgdRows } from '../../web/views/model/sgd-rows.js';
import { expectNumbersOfCommands, inBrowser } from './browser.js';
import { goTo, whenNumbers } from './computed.js';

const model = { classes: 10, dim: 50, noise: 0.3, correlation: 0 };
const initial = { ...modelPresets[1]!.settings, against: 'time', times: 50 } satisfies ModelSettings;

describe('the curves of the model', () => {
  it('are those of solve, as a sketch to three digits', async () => {
    const times = timeEnds(model, 50);
    const rows = flowRows(model, times, { ...finePrecision, points: 7 });
    const settings = askedState({ ...initial, times: rows[3]!.time! }, () => undefined).settings;
    const [state] = (await solve({ ...settings, times: [rows[3]!.time!] })).states;
    for (const { sector, value } of rows[3]!.levels)
      expect(value / state!.levels.find((level) => level.sector === sector)!.value).toBeCloseTo(1, 8);
    const rough = flowRows(model, times, { ...sketchPrecision, points: 7 });
    for (const [i, { levels }] of rough.entries())
      for (const [j, level] of levels.entries())
        expect(Math.abs(level.value / rows[i]!.levels[j]!.value - 1)).toBeLessThan(1e-3);
  });

  it('leave the top k at the boundary, and are an open interval where all levels are one', () => {
    const { relativeMargin } = findBoundary({ classes: 10, noise: 0.3, rho: 0 });
    const rows = flowRows(model, undefined, finePrecision);
    expect(rows[0]!.topFraction).toEqual({ lower: 0, upper: 1 });
    for (const { share, topFraction } of rows.slice(1))
      expect(topFraction).toEqual(share < relativeMargin ? { lower: 1, upper: 1 } : { lower: 0, upper: 0 });
    const still = flowRows({ ...model, noise: 0 }, undefined, sketchPrecision);
    expect(still[0]!.topFraction).toEqual({ lower: 0, upper: 1 });
    expect(still.slice(1).every(({ topFraction }) => topFraction.lower === 1)).toBe(true);
  });

  it('have the noise of SGD as solve has it along the flow, for any d from one path', async () => {
    const places = sgdPlaces(model, takeoverPath(model));
    const wide = { ...model, dim: 80 };
    const row = sgdRows(places, wide, 0.01).find(({ time }) => time > 2000)!;
    const { settings } = askedState({ ...initial, dim: 80, sgd: 'on', 'eta-over-b': 0.01 }, () => undefined);
    const [state] = (await solve({ ...settings, times: [row.time] })).states;
    for (const end of ['lower', 'upper'] as const)
      expect(row.topFraction[end]).toBeCloseTo(state!.noise!.topFraction[end], 4);
  });
});

it('moves settings without a solution to the nearest that has one, and says so', () => {
  const { settings, said } = fitModel({ ...initial, classes: 100, dim: 50, noise: 0.02, rho: -0.4, sgd: 'on' });
  expect(settings).toMatchObject({ dim: 100, noise: 0.05, rho: -1 / 99 });
  expect(said).toHaveLength(3);
  expect(fitModel({ ...initial, noise: 0, rho: 0.5 }).settings.rho).toBe(0);
  expect(fitModel(initial)).toEqual({ settings: initial, said: [] });
});

/** Once all is solved for what the controls say. */
async function solved(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      }),
  );
  await page.waitForFunction(
    () =>
      document.querySelector('.evidence') !== null &&
      document.querySelectorAll('[aria-busy=true]').length === 0 &&
      !/being solved|three digits/.test(document.querySelector('.content')!.textContent),
  );
}

const text = (page: Page): Promise<string> => page.locator('.content').innerText();

inBrowser('the model on the page', (opened) => {
  it('shows the numbers of the command line', async () => {
    const { page, errors } = await opened('#/model');
    for (const [address, least] of [
      ['', 35],
      ['?classes=2&dim=2&noise=1&against=margin&margin=0.9', 20],
      ['?classes=3&dim=7&noise=0.4&rho=-0.5&times=1e4&sgd=on&eta-over-b=0.03', 40],
      ['?sgd=on&against=margin&margin=0.7', 40],
      ['?noise=0&sgd=on', 15],
      ['?classes=1000&dim=2000&noise=0.2&against=margin&margin=0', 30],
    ] as const) {
      await goTo(page, `#/model${address}`);
      expect(await expectNumbersOfCommands(page)).toBeGreaterThanOrEqual(least);
    }
    expect(errors).toEqual([]);
  });

  it('answers in words, from its presets on, and its address brings all of it back', async () => {
    const { page } = await opened('#/model');
    const answers = ['Yes: the gradient is in', 'No: the gradient is outside', 'the flow rules'];
    for (const [i, { name, settings }] of modelPresets.entries()) {
      await page.getByRole('button', { name }).click();
      await solved(page);
      expect(await text(page)).toContain(answers[i]);
      await page.waitForFunction((noise) => location.hash.includes('noise=0') === (noise === 0), settings.noise);
    }
    await page.waitForFunction(() => location.hash.includes('sgd=on'));
    const hash = await page.evaluate(() => location.hash);
    const again = await opened(hash);
    await solved(again.page);
    expect(await text(again.page)).toBe(await text(page));
    expect(await again.page.locator('.key').last().innerText()).toContain('III: the noise takes over');
  });

  it('has both charts on the first screen of a desk, and views in two lines on a phone', async () => {
    const { page } = await opened('#/model');
    await solved(page);
    const ends = await page.$$eval('.picture svg', (all) => all.map((svg) => svg.getBoundingClientRect().bottom));
    expect(ends).toHaveLength(2);
    expect(Math.max(...ends)).toBeLessThan(900);
    await page.setViewportSize({ width: 360, height: 740 });
    const lines = await page.$$eval(
      'nav a',
      (all) => new Set(all.map((link) => link.getBoundingClientRect().top)).size,
    );
    expect(lines).toBeLessThanOrEqual(2);
  });

  it('is moved by keys: one class more, another noise, and back to none', async () => {
    const { page } = await opened('#/model');
    await page.locator('#control-classes').press('ArrowRight');
    await solved(page);
    expect(await page.locator('.evidence').first().getAttribute('data-command')).toContain('--classes 11');
    await page.locator('#control-noise').press('Home');
    await solved(page);
    await page.waitForFunction(() => location.hash === '#/model?classes=11&noise=0');
    await expectNumbersOfCommands(page);
    await page.locator('#control-noise').press('ArrowRight');
    expect(await page.locator('.said').innerText()).toContain('0.01 is shown');
  });

  it('says what of an address it cannot take, and shows the rest', async () => {
    const { page, errors } = await opened(
      '#/model?classes=1e9&dim=2&noise=NaN&rho=-0.5&against=<img>&times=-1&sgd=on&eta-over-b=0&evil=1',
    );
    const said = await page.locator('.said').innerText();
    for (const name of ['classes', 'noise', 'against', 'times', 'eta-over-b', "'evil'", 'd = 10', 'ρ = −1/(k−1)'])
      expect(said).toContain(name);
    const refused = await page.locator('.said .refused').innerText();
    expect(refused).toContain("'evil'");
    expect(refused).not.toContain('d = 10'); // which is a notice
    await whenNumbers(page);
    await expectNumbersOfCommands(page);
    expect(errors).toEqual([]);
  });

  it('gives as CSV what it draws, and is pointed at by a click', async () => {
    const { page } = await opened('#/model?sgd=on&against=margin');
    await solved(page);
    const csvOf = async (title: RegExp): Promise<string[][]> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: title }).click(),
      ]);
      return readFileSync(await download.path(), 'utf8').trim().split('\n').map((row) => row.split(',')); // prettier-ignore
    };
    const levels = await csvOf(/CSV: How steep/);
    const rows = flowRows(model, undefined, finePrecision);
    const gradient = levels.filter(([series]) => series === 'gradient');
    expect(gradient).toHaveLength(rows.length);
    for (const [i, [, x, y]] of gradient.entries()) {
      const { share, levels: all } = rows[i]!;
      expect(Number(x)).toBe(share);
      // Browsers round exponentials otherwise.
      expect(Number(y) / all.find(({ sector }) => sector === 'trivial')!.value).toBeCloseTo(1, 13);
    }
    expect(levels.filter(([series]) => series!.startsWith('crossing'))).toHaveLength(4);
    const shares = await csvOf(/CSV: How much/);
    expect(shares.filter(([series]) => series === 'f_top(10) of the flow')).toHaveLength(rows.length);
    expect(new Set(shares.map(([series]) => series))).toContain('regime III');
    const box = (await page.locator('.picture svg').first().boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForFunction(() => /margin=0\.[45]/.test(location.hash));
  });

  it('keeps no memory of 500 moves of a slider', async () => {
    const { page } = await opened('#/model?noise=0&against=time');
    await solved(page);
    const session = await page.context().newCDPSession(page);
    const used = async (): Promise<number> => {
      await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize;
    };
    const move = (moves: number): Promise<void> =>
      page.evaluate(async (count) => {
        window.requestAnimationFrame = (draw) => setTimeout(draw, 0, 0) as unknown as number; // not bound to 60 a second
        const slider = document.querySelector<HTMLInputElement>('#control-times')!;
        for (let i = 0; i < count; i++) {
          slider.value = String(100 + (i % 100));
          slider.dispatchEvent(new Event('input'));
          await new Promise((resolve) => setTimeout(resolve, 0));
        }
      }, moves);
    await move(100);
    await solved(page);
    const before = await used();
    await move(500);
    await solved(page);
    expect(await used()).toBeLessThan(before + 5e5);
  });
});
