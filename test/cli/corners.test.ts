import { describe, expect, it } from 'vitest';
import type { BoundaryDocument } from '../../src/studies/solve/boundary.js';
import type { ResponseDocument } from '../../src/studies/solve/response.js';
import { runCli } from '../../src/cli/run-cli.js';
import type { SolveDocument } from '../../src/studies/solve/solve-document.js';
import type { DrawsDocument } from '../../src/studies/solve/draws.js';
import { exactFlow, randomWeights } from '../../src/exact/noiseless/index.js';
import { captured } from './captured.js';

async function json<T>(line: string): Promise<T> {
  const { code, stdout, stderr } = await captured(() => runCli([...line.split(' '), '--json']));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

async function refusal(line: string): Promise<string> {
  const { code, stdout, stderr } = await captured(() => runCli(line.split(' ')));
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  return stderr;
}

const everyNumber = (value: unknown): number[] =>
  typeof value === 'number'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(everyNumber)
      : [];

describe('solve in the corners of its domain', () => {
  it.each([
    [2, 0.01],
    [3, 0.3],
    [3, 10],
    [1000, 0.3],
    [1000, 10],
    [10_000, 0.01],
    [10_000, 0.3],
    [10_000, 10],
  ] as const)('k = %d, σ = %d, margins from nothing to twice the optimum', async (k, noise) => {
    const optimal = 1 / noise ** 2;
    const margins = [0, 1e-300, 1e-15, 1e-6, 0.1 * optimal, optimal, 2 * optimal];
    const { states } = await json<SolveDocument>(
      `solve --classes ${k} --dim ${k + 3} --noise ${noise} --margin ${margins.join(',')}`,
    );
    expect(states.map(({ margin }) => margin)).toEqual(margins);
    states.forEach((state, i) => {
      expect(everyNumber(state).every(Number.isFinite)).toBe(true);
      expect(state.levels.reduce((sum, { multiplicity }) => sum + multiplicity, 0)).toBe(k * (k + 3));
      expect(state.relativeError).toBeLessThan(1e-9);
      expect(state.rank).toBe((k - 1) * (k + 3));
      expect(state.overlapGradientHessianGradient).toBe(1);
      if (i < 3) {
        // At the start the rate is 1/k and the loss log k; all levels of the means are (1/k + σ²) Ω.
        expect(state.time).toBeCloseTo(k * margins[i]!, 12);
        expect(Math.abs(state.loss / Math.log(k) - 1)).toBeLessThan(1e-11);
        expect(Math.abs(state.marginRate! * k - 1)).toBeLessThan(1e-11);
      }
    });
    expect(states[0]!.topFraction).toMatchObject({ lower: k === 2 ? 1 : 0, upper: 1 }); // two classes have no others
    expect(states[5]!.time).toBeNull();
    expect(states[5]!.topFraction.upper).toBe(0);
    expect(states[6]!.marginRate).toBeLessThanOrEqual(0);
  });

  it('reads the flow of ten thousand classes at any time', async () => {
    const { states } = await json<SolveDocument>(
      'solve --classes 10000 --dim 10000 --noise 0.3 --times 0,1e-200,1e-3,1e12',
    );
    expect(states[2]!.margin! / 1e-7).toBeCloseTo(1, 6);
    expect(states[3]!.margin! * 0.09).toBeCloseTo(1, 9);
  });

  it('goes to margins of 700 without noise, and says why not further', async () => {
    const { states } = await json<SolveDocument>('solve --classes 1000 --dim 1000 --margin 0,1e-15,30,700');
    for (const { margin, loss } of states.slice(2)) expect(loss / (999 * Math.exp(-margin!))).toBeCloseTo(1, 9);
    expect(states[3]!.topFraction).toMatchObject({ lower: expect.closeTo(1, 9) as number });
    expect(await refusal('solve --margin 701')).toContain('--margin without noise goes up to 700');
  });
});

describe('boundary in the corners of its domain', () => {
  it.each([
    [2, 10, 0.706231, 'bulk'],
    [3, 0.01, 0.2113248654, 'antisymmetric'],
    [1000, 10, 0.0049950231, 'antisymmetric'],
    [10_000, 0.3, 0.8039631, 'antisymmetric'],
    [10_000, 10, 0.0049996137, 'antisymmetric'],
  ])('k = %d, σ = %d: α_c/α* = %d, by the %s level', async (k, noise, relative, sector) => {
    const found = await json<BoundaryDocument>(`boundary --classes ${k} --noise ${noise}`);
    expect(found.relativeMargin).toBeCloseTo(relative, 6);
    expect(found.crossedBy).toBe(sector);
    expect(found.errorBar * noise ** 2).toBeLessThan(1e-9);
    expect(found.timeCritical === null).toBe(noise === 0.01);
  });
});

describe('--rho', () => {
  it('takes fractions and etf, −1/(k−1)', async () => {
    const solved = (rho: string) =>
      json<SolveDocument>(`solve --classes 4 --dim 6 --noise 0.3 --margin 3 --rho ${rho}`);
    const [etf, fraction] = [await solved('etf'), await solved('-1/3')];
    expect(etf).toEqual(fraction);
    expect(etf.model.rho).toBe(-1 / 3);
    const { model } = await json<BoundaryDocument>('boundary --classes 3 --noise 1 --rho etf');
    expect(model.rho).toBe(-1 / 2);
    const response = await json<ResponseDocument>(
      'response --classes 3 --dim 4 --noise 1 --rho 1/4 --times 1 --draws 10',
    );
    expect(response.model.rho).toBe(0.25);
  });

  it('refuses what no means can have', async () => {
    expect(await refusal('boundary --classes 4 --rho -1/2')).toContain("'etf' is the least");
    for (const rho of ['1/0', '1/2/3', 'simplex', '1']) {
      expect(await refusal(`boundary --rho ${rho}`)).toContain('for example 0.2, -1/3 or etf');
    }
    expect(await refusal('response --noise 0 --rho etf')).toContain('--rho needs --noise');
  });
});

describe('solve --draws', () => {
  it('gives mean, error and quantiles over independent W(0), the first that of solve', async () => {
    const { model, states } = await json<DrawsDocument>(
      'solve --classes 4 --dim 6 --init random:0.5 --seed 3 --draws 5 --times 0,2',
    );
    expect(model).toMatchObject({ draws: 5, initial: 'random:0.5', seed: 3 });
    const losses = [0, 1, 2, 3, 4]
      .map((draw) => exactFlow(4, randomWeights(4, 0.5, 3, ...(draw === 0 ? [] : [draw]))).at(2).loss)
      .sort((x, y) => x - y);
    const mean = losses.reduce((sum, x) => sum + x) / 5;
    const variance = losses.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 4;
    expect(states[1]!.loss.mean).toBeCloseTo(mean, 14);
    expect(states[1]!.loss.standardError).toBeCloseTo(Math.sqrt(variance / 5), 14);
    expect(states[1]!.loss.quantiles[1]).toBe(losses[2]);
    expect(states[1]!.loss.quantiles[0]).toBeCloseTo(losses[0]! + 0.2 * (losses[1]! - losses[0]!), 14);
    const [single] = (await json<SolveDocument>('solve --classes 4 --dim 6 --init random:0.5 --seed 3 --times 2'))
      .states;
    expect(losses).toContain(single!.loss);
    expect(states[0]!.topFraction.null).toBeCloseTo(4 / 24, 15);
  });

  it('needs random weights', async () => {
    expect(await refusal('solve --draws 5')).toContain('--draws averages over random W(0)');
    expect(await refusal('solve --draws 5 --init random:1 --margin 3')).toContain('--margin needs the symmetric line');
    expect(await refusal('solve --draws 1 --init random:1')).toContain('integer from 2');
  });
});

describe('response --noise 0', () => {
  it('opens the window that then never closes, as the exact flow does at small 1 − f_top', async () => {
    const { states, window } = await json<ResponseDocument>(
      'response --classes 5 --dim 9 --noise 0 --delta 0.001 --times 0.5,10 --draws 4000',
    );
    const exact = await json<DrawsDocument>('solve --classes 5 --dim 9 --init random:0.001 --draws 200 --times 0.5,10');
    states.forEach((state, i) => {
      const drawn = exact.states[i]!.topFraction.lower;
      const scatter = Math.hypot(state.standardError, drawn.standardError);
      expect(1 - state.lower).toBeLessThan(1e-3);
      expect(Math.abs(state.lower - drawn.mean)).toBeLessThan(4 * scatter);
    });
    expect(window.opens).toBeLessThan(0.5);
    expect(window.closes).toBeNull();
  });

  it('refuses t = 0, with noise and without', async () => {
    for (const noise of [0, 0.3]) {
      expect(await refusal(`response --noise ${noise} --times 0,1`)).toContain('times must be positive');
    }
    expect(await refusal('response --noise 0.01')).toContain('at least 0.02, or none');
  });
});
