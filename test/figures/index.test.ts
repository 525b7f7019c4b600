import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawFigures, figureIds } from '../../figures/index.js';
import type { WrittenFigure } from '../../figures/write-figure.js';
import { exactFlow, exactSnapshot, randomWeights } from '../../src/exact/noiseless/index.js';
import {
  boundary,
  collapse,
  firstCrossing,
  linePoint,
  marginClock,
  marginPoint,
  noisePath,
  noisePhase,
  noiseTakeover,
  noiseOfSteps,
  noisyLevels,
  noisyMarginRate,
} from '../../src/exact/noisy/index.js';
import { subspaceOverlap, topFraction } from '../../src/observe/index.js';
import { inkBelow } from './pixels.js';

type Row = readonly [series: string, ...numbers: number[]];

const out = mkdtempSync(join(tmpdir(), 'figures-'));
let written: WrittenFigure[];

function rowsOf(id: string): Row[] {
  const lines = readFileSync(join(out, `${id}.csv`), 'utf8')
    .trim()
    .split('\r\n')
    .slice(1);
  return lines.map((line) => {
    const [, quoted, plain, rest] = /^(?:"([^"]*)"|([^,]*)),(.*)$/.exec(line)!;
    return [quoted ?? plain!, ...rest!.split(',').map(Number)];
  });
}

const series = (id: string, name: string): Row[] => rowsOf(id).filter(([label]) => label === name);

beforeAll(async () => {
  await drawFigures({ out, only: ['spectrum'], seed: 5 });
  writeFileSync(join(out, 'spectrum.svg.0123456789abcdef.tiny-subspace-tmp'), 'what a killed run left');
  writeFileSync(join(out, 'spectrum.svg.backup'), "somebody's own");
  written = await drawFigures({ out, seed: 5 });
}, 180_000);

afterAll(() => {
  rmSync(out, { recursive: true });
});

describe('drawFigures', () => {
  it('writes PNG, SVG, CSV and caption of every figure, and clears what a killed run left', () => {
    const files = figureIds.flatMap((id) => ['csv', 'md', 'png', 'svg'].map((extension) => `${id}.${extension}`));
    expect(readdirSync(out).sort()).toEqual([...files, 'manifest.json', 'spectrum.svg.backup'].sort());
    expect(written.map(({ id }) => id)).toEqual(figureIds);
    for (const { id, caption } of written) {
      expect(readFileSync(join(out, `${id}.md`), 'utf8')).toContain(caption);
      expect(caption).not.toMatch(/undefined|NaN|Infinity|\[object/);
      expect(caption).not.toMatch(/\b(red|blue|orange|green|purple|black|grey|null)\b/i); // legible in print, one word for one thing
    }
  });

  it('writes numbers only, and no point outside the numbers', () => {
    for (const id of figureIds)
      for (const [, ...numbers] of rowsOf(id)) expect(numbers.every(Number.isFinite)).toBe(true);
  });

  it('draws the title of the horizontal axis of every figure', async () => {
    for (const id of figureIds) {
      const png = readFileSync(join(out, `${id}.png`));
      const height = png.readUInt32BE(20);
      expect(await inkBelow(png, height - 60)).toBeGreaterThan(300);
    }
  });

  it('gives the same bytes when it is run again', async () => {
    const before = new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name))]));
    const only = ['spectrum', 'closed-form', 'subspace-overlap', 'verdict-flip', 'finite-sample'];
    const progress: string[] = [];
    await drawFigures({
      out,
      only,
      seed: 5,
      onProgress: ({ id, done, total, share }) => {
        if (share === undefined) progress.push(`${id} ${done}/${total}`);
      },
    });
    for (const [name, bytes] of before) expect(readFileSync(join(out, name)).equals(bytes), name).toBe(true);
    expect(progress.filter((_, i) => i % 2 === 0)).toEqual(only.map((id, i) => `${id} ${i}/5`));
    expect(progress.at(-1)).toBe('finite-sample 5/5');
  });

  it('refuses an unknown figure before drawing anything, and suggests the nearest', async () => {
    const attempt = drawFigures({ out: join(out, 'new'), only: ['spectrum', 'colapse'] });
    await expect(attempt).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining("'collapse'") as string,
    });
    expect(readdirSync(out)).not.toContain('new');
  });
});

describe('the figures', () => {
  it('collapse draws f_top of the model, its start near 1/(k − 1), and the law t^(−2/k)', () => {
    const k = 100;
    const [, time, value] = series('collapse', 'f_top(100)')[30]!;
    const snapshot = exactSnapshot(exactFlow(k, randomWeights(k, 0.1, 5, 0)).at(time!), k);
    expect(value).toBe(topFraction(snapshot, k).lower);
    expect(series('collapse', 'f_top(2)').every(([, , f]) => Math.abs(f! - 1) < 1e-14)).toBe(true);
    const rest = series('collapse', '1 − f_top(3)').slice(-2);
    const slope = Math.log(rest[1]![2]! / rest[0]![2]!) / Math.log(rest[1]![1]! / rest[0]![1]!);
    // Corrections are of relative order 1/s ~ t^(−1/3) ≤ 2e-4; 1 − f_top ≈ 1e-11 is known to 1e-16/1e-11.
    expect(Math.abs(slope + 2 / 3)).toBeLessThan(1e-3);
    const [[, , lowest], [, , highest]] = series('collapse', 'f_top(k) at t = 0, W(0) = 0: any value between') as [
      Row,
      Row,
    ];
    expect(lowest).toBe(0);
    expect(highest).toBeCloseTo(1, 14);
  });

  it('spectrum draws k² − k eigenvalues and names multiplicities that add up', () => {
    const names = new Set(rowsOf('spectrum').map(([name]) => name));
    expect([...names].filter((name) => /^eigenvalue \d+, random W\(0\)$/.test(name))).toHaveLength(90);
    expect(names).toContain('gradient, multiplicity 10, W(0) = 0');
    expect(names).toContain('mini-bulk, multiplicity 80, W(0) = 0');
    expect(written.find(({ id }) => id === 'spectrum')!.caption).toContain('The other 410 of the 500');
  });

  it('closed-form draws a difference that shrinks with the tolerance', () => {
    const worst = [-6, -8, -10, -12].map((e) =>
      Math.max(...series('closed-form', `tolerance 1e${e}`).map(([, , y]) => y!)),
    );
    for (let i = 1; i < worst.length; i++) expect(worst[i]!).toBeLessThan(worst[i - 1]! / 10);
    expect(worst.at(-1)).toBeLessThan(1e-10);
  });

  it('subspace-overlap draws a symmetric matrix with ones on its diagonal, the numbers of the model', () => {
    for (const [name, skip] of [
      ['1 to 10', 0],
      ['11 to 20', 10],
    ] as const) {
      const cells = series('subspace-overlap', name);
      const at = new Map(cells.map(([, x, y, v]) => [`${x} ${y}`, v!]));
      expect(cells).toHaveLength(33 ** 2);
      for (const [, x, y, v] of cells) expect(Math.abs(at.get(`${y} ${x}`)! - v!)).toBeLessThan(1e-13);
      for (const [, x, y, v] of cells) if (x === y) expect(Math.abs(v! - 1)).toBeLessThan(1e-13);
      const [, x, y, v] = cells[100]!;
      const flow = exactFlow(10, randomWeights(10, 1, 5));
      const [a, b] = [x, y].map((time) => exactSnapshot(flow.at(time!), 50, 21));
      expect(v).toBe(subspaceOverlap(a!, b!, 10, skip).lower);
    }
  });

  it('phase-diagram draws the first crossing, f_top(k) on its two sides, and the speed of the flow', () => {
    const edge = series('phase-diagram', 'trivial × antisymmetric');
    for (const [, noise, relative] of [edge[0]!, edge[30]!, edge[55]!]) {
      // Interpolated to 1e-6 of the ratios, whose gap falls by about 0.5 over a unit of α/α*.
      expect(Math.abs(relative! - firstCrossing(10, noise!).relativeMargin)).toBeLessThan(1e-5);
    }
    const edgeAt = new Map(edge.map(([, noise, relative]) => [noise!, relative!]));
    const cells = series('phase-diagram', 'f_top(k)');
    expect(cells).toHaveLength(56 ** 2);
    for (const [, noise, relative, fraction] of cells) expect(fraction).toBe(relative! < edgeAt.get(noise!)! ? 1 : 0);
    for (const [, noise, relative, fraction] of cells.filter((_, i) => i % 400 === 30)) {
      const { snapshot } = linePoint({ classes: 10, dim: 20, noise: noise!, margin: relative! / noise! ** 2 });
      expect(topFraction(snapshot, 10).lower).toBe(fraction);
    }
    for (const [, noise, relative, speed] of series('phase-diagram', 'log10 of k dα/dt').filter(
      (_, i) => i % 400 === 9,
    )) {
      const rate = noisyMarginRate({ classes: 10, noise: noise!, margin: relative! / noise! ** 2 });
      expect(Math.abs(speed! - Math.log10(10 * rate))).toBeLessThan(1e-4);
    }
  });

  it('noise-phase draws f_top(k) under SGD at margins and times, and the lines between its regimes', () => {
    const model = { classes: 10, dim: 20, noise: 1 };
    const own = (name: string): Row[] => series('noise-phase', name).filter(([, noise]) => noise === 1);
    const [byMargin, inTime] = [own('f_top(k)'), own('f_top(k), in time')];
    expect([byMargin.length, inTime.length]).toEqual([50, 50]);
    expect(inTime.some(([, , , f]) => f! > 0.1 && f! < 0.2)).toBe(true); // the noise's share
    const places = { relativeMargins: byMargin.map(([, , y]) => y!), times: inTime.map(([, , y]) => y!) };
    const [row] = [...noisePhase({ ...model, noises: [1], learningRateOverBatch: 0.01, tolerance: 1e-9, ...places })];
    [...byMargin, ...inTime].forEach(([, , , f], i) => {
      expect(f!).toBeCloseTo(row!.points[i]!.topFraction.even, 4);
    });
    const [[, , boundary]] = own('boundary') as [Row];
    expect(boundary!).toBeCloseTo(firstCrossing(10, 1).relativeMargin, 9);
    const path = noisePath(model);
    for (const ratio of [0.1, 0.01, 0.001]) {
      const { margin, logTime } = noiseTakeover(model, { learningRateOverBatch: ratio }, path);
      expect(own(`takeover, η/b = ${ratio}`)[0]![2]!).toBeCloseTo(margin, 5);
      if (ratio === 0.01) expect(Math.log(own('takeover, η/b = 0.01, in time')[0]![2]!)).toBeCloseTo(logTime, 5);
    }
    const edges = new Map(series('noise-phase', 'boundary').map(([, noise, relative]) => [noise!, relative!]));
    for (const [, noise, relative, f] of series('noise-phase', 'f_top(k)')) {
      const edge = edges.get(noise!)!;
      if (relative! < edge) expect(f!).toBeGreaterThan(0.8);
      else if (relative! < edge + 0.1) expect(f!).toBeLessThan(0.1);
    }
  });

  it('noise-dip draws f_top(k) in time, down at the boundary and up again by noise', () => {
    const { withoutDip, boundary, points } = [
      ...noisePhase({ classes: 10, dim: 20, noises: [0.6], learningRateOverBatch: 0.01, times: [1e3] }),
    ][0]!;
    const lowest = [0.001, 0.01, 0.1].map((ratio) => {
      const [lower, upper] = ['lower', 'upper'].map((end) => series('noise-dip', `f_top(10), ${end}, η/b = ${ratio}`));
      for (const [i, [, , f]] of lower!.entries()) expect(upper![i]![2]! - f!).toBeGreaterThanOrEqual(0);
      expect(lower!.at(-1)![2]!).toBeCloseTo(points[0]!.topFraction.lower, 3);
      const shares = series('noise-dip', `share of the noise, η/b = ${ratio}`).map(([, , share]) => share!);
      expect(shares).toEqual([...shares].sort((x, y) => x - y));
      return Math.min(...lower!.map(([, , f]) => f!));
    });
    expect(lowest).toEqual([...lowest].sort((x, y) => x - y));
    expect(withoutDip).toBeGreaterThan(0.1);
    const flow = series('noise-dip', 'f_top(10) of the flow alone');
    expect(flow.map(([, , f]) => f)).toEqual([1, 1, 0, 0]);
    expect(Math.log(flow[1]![1]!)).toBeCloseTo(boundary.logTime, 6);
  });

  it('noise-dimension draws Σλ² of the top k over Tr H² at α*, and 1/d', () => {
    for (const noise of [0.15, 0.3, 0.6]) {
      for (const [end, top] of [
        ['lower', 1],
        ['upper', 2],
      ] as const) {
        const drawn = series('noise-dimension', `f_noise(10), ${end}, σ = ${noise}`);
        expect(drawn).toHaveLength(10);
        for (const [, dim, share] of drawn.filter((_, i) => i % 4 === 1)) {
          const { levels } = noisyLevels({ classes: 10, dim: dim!, noise, margin: 1 / noise ** 2 });
          const energies = levels.map(({ ratio, multiplicity }) => multiplicity * ratio ** 2);
          const sum = (some: readonly number[]): number => some.reduce((all, one) => all + one, 0);
          expect(share!).toBeCloseTo(sum(energies.slice(0, top)) / sum(energies), 9);
        }
      }
    }
    for (const [, dim, share] of series('noise-dimension', 'random direction, m/(kd) with m = k'))
      expect(share! * dim!).toBeCloseTo(1, 12);
  });

  it('noisy-levels draws the levels of the model, the crossings, and an overlap of 1 on both sides of the step', () => {
    const { relativeMargin, later } = boundary(10, 0.3);
    const dots = series('noisy-levels', 'crossings of the trivial level');
    expect(dots.map(([, x]) => x)).toEqual([relativeMargin, ...later.map((crossing) => crossing.relativeMargin)]);
    const { levels } = noisyLevels({ classes: 10, dim: 50, noise: 0.3, margin: 0.5 / 0.09 });
    for (const { sector, ratio, multiplicity } of levels.filter((level) => level.sector !== 'gauge')) {
      const at = series('noisy-levels', `${sector}, multiplicity ${multiplicity}`).find(([, x]) => x === 0.5);
      expect(at![2]!).toBeCloseTo(ratio, 12);
    }
    for (const [, , overlap] of series('noisy-levels', 'overlap(g, Hg)'))
      expect(Math.abs(overlap! - 1)).toBeLessThan(1e-12);
    const fractions = series('noisy-levels', 'f_top(10)');
    for (const drawn of [fractions, series('noisy-levels', 'overlap(g, Hg)')])
      expect(drawn.at(-1)![1]).toBeCloseTo(1, 5); // up to the edge of the panel
    for (const [, x, fraction] of fractions) expect(fraction).toBe(x! < relativeMargin ? 1 : 0);
    expect(new Set(fractions.map(([, , fraction]) => fraction)).size).toBe(2);
  });

  it('collapse-window draws the response, an opening in proportion to δ, and a closing at the crossing', () => {
    const median = series('collapse-window', '1 − f_top(10), median, δ = 0.01');
    const [, time, lost] = median[80]!;
    const options = { delta: 0.01, times: [time!, 5e3], draws: 300, seed: 5 };
    const { states } = collapse({ classes: 10, dim: 50, noise: 0.3 }, options);
    expect(lost! / (1 - states[0]!.quantiles[1])).toBeCloseTo(1, 6);
    const end = (side: string, delta: number) =>
      series('collapse-window', `${side}, δ = ${delta}`).find(([, , noise]) => noise === 0.3)![1]!;
    expect(end('opening', 0.01) / end('opening', 0.001)).toBeCloseTo(10, 0);
    const crossed = marginClock({ classes: 10, noise: 0.3 }).logTimeAt(firstCrossing(10, 0.3).margin);
    for (const delta of [0.001, 0.01]) {
      // Read off a grid whose times are 12 % apart.
      expect(Math.abs(Math.log(end('closing', delta)) - crossed)).toBeLessThan(0.12);
    }
    // Where the window opens the first order holds: the exact flow without noise has as much left, within a factor.
    const exact = series('collapse-window', 'exact, no noise, median, δ = 0.001').at(-1)!;
    const nearest = series('collapse-window', '1 − f_top(10), median, δ = 0.001').find(([, t]) => t! >= exact[1]!)!;
    expect(Math.abs(Math.log(nearest[2]! / exact[2]!))).toBeLessThan(Math.log(2));
  });

  it('collapse-window draws the window itself: a region from its openings to its closings', () => {
    for (const delta of [0.001, 0.01, 0.1]) {
      const [opening, closing] = ['opening', 'closing'].map((side) =>
        series('collapse-window', `${side}, δ = ${delta}`),
      );
      const outline = series('collapse-window', `window, δ = ${delta}`).map(([, ...point]) => point);
      expect(outline).toEqual([...opening!, ...closing!.toReversed()].map(([, ...point]) => point));
      expect(outline.length).toBeGreaterThan(2);
    }
  });

  it('verdict-flip draws the exact descent, and Dom- and Bulk-SGD in exchanged places', () => {
    for (const [noise, works, stalls] of [
      [0.1, 'Dom-SGD', 'Bulk-SGD'],
      [0.3, 'Bulk-SGD', 'Dom-SGD'],
    ] as const) {
      const gained = (name: string): number => 1 - series('verdict-flip', `${name}, σ = ${noise}, mean`).at(-1)![2]!;
      expect(gained('SGD')).toBeGreaterThan(0.7);
      expect(gained(works) / gained('SGD')).toBeGreaterThan(0.9);
      expect(Math.abs(gained(stalls) / gained('SGD'))).toBeLessThan(0.05);
      const bars = series('verdict-flip', `SGD, σ = ${noise}, mean ∓ deviation`);
      const means = series('verdict-flip', `SGD, σ = ${noise}, mean`);
      expect(bars).toHaveLength(2 * means.length);
      means.forEach(([, step, mean], i) => {
        const [low, high] = [bars[2 * i]!, bars[2 * i + 1]!];
        expect([low[1], high[1]]).toEqual([step, step]);
        expect((low[2]! + high[2]!) / 2).toBeCloseTo(mean!, 12);
        expect(high[2]! > low[2]!).toBe(step! > 0); // the seeds differ
      });
      const model = { classes: 5, noise };
      let margin = 4.5;
      for (let step = 0; step < 20; step++) margin += 2 * noisyMarginRate({ ...model, margin });
      const loss = (at: number): number => marginPoint({ ...model, margin: at }).loss;
      const bayes = loss(1 / noise ** 2);
      const [, step, left] = series('verdict-flip', `GD, population, σ = ${noise}, mean`)[1]!;
      expect(step).toBe(20);
      expect(left!).toBeCloseTo((loss(margin) - bayes) / (loss(4.5) - bayes), 9);
    }
  });

  it('model-noise draws the fall of the flow, the share that the noise has, and runs beside it', () => {
    const flow = series('model-noise', 'flow alone');
    const noisy = series('model-noise', 'with noise, predicted, upper');
    expect(flow[0]![2]).toBe(1);
    expect(flow.at(-1)![2]).toBe(0);
    const [atRest] = noiseOfSteps({ classes: 3, dim: 6, noise: 0.4 }, { learningRate: 0.5, batch: 16 }, [1500]);
    expect(noisy.at(-1)![2]).toBeCloseTo(atRest!.topFraction.upper, 1);
    const dots = series('model-noise', 'SGD, simulated');
    const bars = series('model-noise', 'SGD, simulated, ± standard error');
    dots.forEach(([, step, share], i) => {
      const error = bars[2 * i + 1]![2]! - share!;
      const law = noisy.filter(([, x]) => x! <= step!).at(-1)![2]!;
      if (step! < 12 || step! > 40) expect(Math.abs(share! - law)).toBeLessThan(4 * error + 0.02);
    });
  });

  it('noisy-verdict draws Dom-SGD that stalls and Bulk-SGD that learns as SGD does, simulated as predicted', () => {
    const last = (name: string, kind: string): Row =>
      series('noisy-verdict', `${name}, loss, ${kind}`).find(([, step]) => step === 150)!;
    const loss = (name: string): number => {
      const [simulated, law] = [last(name, 'simulated')[2]!, last(name, 'predicted')[2]!];
      expect(simulated / law).toBeGreaterThan(0.95);
      expect(simulated / law).toBeLessThan(1.05);
      return simulated;
    };
    expect(loss('Dom-SGD') / loss('SGD')).toBeGreaterThan(3);
    expect(loss('Bulk-SGD') / loss('SGD')).toBeCloseTo(1, 1);
    const shares = series('noisy-verdict', 'SGD, f_top, predicted');
    expect(shares[0]![2]).toBeLessThan(0.05);
    expect(shares.at(-1)![2]).toBeGreaterThan(0.7);
  });

  it('finite-sample draws the levels of the population, samples that approach them, and says from which n', () => {
    const { levels } = noisyLevels({ classes: 4, dim: 5, noise: 0.3, margin: 0.8 * firstCrossing(4, 0.3).margin });
    let rank = 0;
    for (const { sector, value, multiplicity } of levels.filter((level) => level.sector !== 'gauge')) {
      const [line] = series('finite-sample', `population, ${sector}, multiplicity ${multiplicity}`);
      expect(line![2]!).toBe(value);
      for (let i = 0; i < multiplicity; i++) {
        const [, n, mean] = series('finite-sample', `eigenvalue ${++rank}, mean`).at(-1)!;
        expect(n).toBe(100_000);
        // ‖H_n − H‖ ~ λ √(kd/n) = 1.4 % of a level; twice that is allowed.
        expect(Math.abs(mean! / value - 1)).toBeLessThan(0.03);
      }
    }
    const { caption } = written.find(({ id }) => id === 'finite-sample')!;
    for (const [relative, exact, side] of [
      [0.8, 1, 'before'],
      [1.6, 0, 'after'],
    ] as const) {
      const means = series('finite-sample', `f_top(4) at ${relative} of the crossing, mean`);
      const lastOutside = means.findLastIndex(([, , f]) => Math.abs(f! - exact) > 0.05);
      expect(lastOutside).toBeGreaterThanOrEqual(0);
      expect(caption).toMatch(new RegExp(`from n = ${means[lastOutside + 1]![1]!} on,? .*${side}`));
      expect(Math.abs(means.at(-1)![2]! - exact)).toBeLessThan(0.02);
    }
  });
});
