import { describe, expect, it } from 'vitest';
import type { BoundaryDocument } from '../../src/studies/solve/boundary.js';
import type { ResponseDocument } from '../../src/studies/solve/response.js';
import { runCli } from '../../src/cli/run-cli.js';
import type { SimulateDocument } from '../../src/studies/simulate/simulation.js';
import type { RunsStudy } from '../../src/studies/simulate/index.js';
import type { SolveDocument } from '../../src/studies/solve/solve-document.js';
import { captured } from './captured.js';

async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await captured(() => runCli([...args, '--json']));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

describe('solve --noise', () => {
  it('gives the sectors with relative errors, the rate, error and loss at margins', async () => {
    const { model, states } = await json<SolveDocument>('solve', '--noise', '0.3', '--margin', '2,5,12');
    expect(model).toMatchObject({ classes: 10, dim: 50, noise: 0.3, rho: 0 });
    expect(states.map(({ margin }) => margin)).toEqual([2, 5, 12]);
    for (const state of states) {
      expect(state.levels.map(({ sector }) => sector).sort()).toEqual(
        ['trivial', 'standard+', 'standard-', 'symmetric', 'antisymmetric', 'bulk', 'gauge'].sort(),
      );
      expect(Math.max(...state.levels.map(({ relativeError }) => relativeError))).toBeLessThan(1e-10);
      expect(state.levels.reduce((sum, { multiplicity }) => sum + multiplicity, 0)).toBe(500);
      expect(state.rank).toBe(450);
      expect(state.overlapGradientHessianGradient).toBe(1);
    }
    expect(states.map(({ topFraction }) => topFraction.lower)).toEqual([1, 0, 0]);
    expect(states[2]).toMatchObject({ time: null, marginRate: expect.any(Number) as number });
    expect(states[2]!.marginRate).toBeLessThan(0);
    expect(states[0]!.time).toBeCloseTo(27.4, 1);
  });

  it('gives α(t) at times', async () => {
    const { states } = await json<SolveDocument>('solve', '--noise', '0.3', '--times', '0,1,10,100');
    expect(states.map(({ margin }) => margin!.toFixed(9))).toEqual([
      '0.000000000',
      '0.099042789',
      '0.899373880',
      '3.946000135',
    ]);
    expect(states[0]!.topFraction).toMatchObject({ lower: 0, upper: 1 });
  });

  it('takes equiangular means and biases, and margins without noise', async () => {
    const { states } = await json<SolveDocument>(
      'solve',
      '--classes',
      '4',
      '--dim',
      '6',
      '--noise',
      '0.3',
      '--rho',
      '0.2',
      '--bias',
      '--margin',
      '3',
    );
    expect(states[0]!.levels.map(({ sector }) => sector)).toContain('standard0');
    const plain = await json<SolveDocument>('solve', '--classes', '4', '--dim', '6', '--margin', '3');
    expect(plain.states[0]!.margin).toBeCloseTo(3, 12);
  });
});

describe('boundary', () => {
  it('prints the contract’s fields', async () => {
    const found = await json<BoundaryDocument>('boundary', '--classes', '10', '--noise', '0.3');
    expect(found).toMatchObject({
      marginCritical: expect.closeTo(4.9538734, 6) as number,
      relativeMargin: expect.closeTo(0.4458486, 6) as number,
      crossedBy: 'antisymmetric',
      timeCritical: expect.closeTo(187.40647, 3) as number,
      smallNoiseLaw: expect.closeTo(0.3418861, 6) as number,
    });
    expect(found.errorBar).toBeLessThan(1e-9);
    const late = await json<BoundaryDocument>('boundary', '--noise', '0.01');
    expect(late.timeCritical).toBeNull();
  });
});

describe('response', () => {
  it('prints f_top(k) with quantiles and the window', async () => {
    const { states, window } = await json<ResponseDocument>('response', '--times', '1,100,1e3', '--draws', '300');
    expect(states.map(({ time }) => time)).toEqual([1, 100, 1000]);
    const [start, middle, end] = states;
    expect(start!.lower).toBeGreaterThan(0.99);
    expect(middle!.quantiles[0]).toBeGreaterThan(0.999);
    expect(end!.upper).toBeLessThan(1e-3);
    expect(window).toMatchObject({ threshold: 0.99 });
    expect(window.opens).toBeGreaterThan(0.1);
    expect(window.opens).toBeLessThan(1);
    expect(window.closes).toBeGreaterThan(170);
    expect(window.closes).toBeLessThan(187.41); // the crossing
  });
});

describe('simulate', () => {
  it('prints the run and its records', async () => {
    const args = ['simulate', '--steps', '20', '--every', '10', '--method'];
    for (const method of ['gd', 'sgd', 'dom-sgd', 'bulk-sgd']) {
      const sampled = method === 'gd' ? [] : ['--samples', '500', '--batch', '50'];
      const { run, records } = await json<SimulateDocument>(...args, method, ...sampled);
      expect(run.method).toBe(method);
      expect(records.map(({ step }) => step)).toEqual([0, 10, 20]);
      expect(records[0]).toMatchObject({ margin: expect.closeTo(4.5, 12) as number });
    }
  });
});

describe('simulate --runs', () => {
  const options = '--classes 3 --dim 4 --noise 0.4 --margin 0 --lr 0.5 --batch 32 --steps 25 --every 10'.split(' ');

  it('prints what is measured of the runs beside what is expected', async () => {
    const { run, runs, records } = await json<RunsStudy>('simulate', ...options, '--runs', '5');
    expect({ method: run.method, runs }).toEqual({ method: 'sgd', runs: 5 });
    expect(records.map(({ step }) => step)).toEqual([10, 20, 25]);
    for (const { quantities } of records) {
      expect(quantities.map(({ name }) => name)).toEqual([
        ...['loss', 'gradient', 'trivial', 'standard+', 'standard-', 'antisymmetric', 'bulk', 'f_top', 'overlap'],
      ]);
      for (const { measured, standardError } of quantities) expect(measured > 0 && standardError > 0).toBe(true);
    }
    const { stdout } = await captured(() => runCli(['simulate', ...options, '--runs', '3']));
    expect(stdout).toContain('sgd on fresh batches of 32, 3 runs');
    expect(stdout).toMatch(/f_top\(3\) +1 /);
  });

  it('refuses what it cannot predict or sum', async () => {
    for (const [more, words] of [
      [['--classes', '6', '--dim', '6'], '2 to 5 classes'],
      [['--method', 'dom-sgd'], 'stay the same sectors'],
    ] as const) {
      const { code, stderr } = await captured(() => runCli(['simulate', ...options, ...more, '--runs', '3']));
      expect(code).toBe(2);
      expect(stderr).toContain(words);
    }
  });
});

describe('simulate --method gd', () => {
  it('says that a learning rate is too large', async () => {
    const { code, stderr } = await captured(() =>
      runCli(['simulate', '--method', 'gd', '--lr', '1e6', '--steps', '3']),
    );
    expect(code).toBe(4);
    expect(stderr).toMatch(/diverged: at step 1 .*lower the learning rate \(received 1000000\)/);
  });
});

describe('text output', () => {
  it.each([
    [['solve', '--noise', '0.3', '--margin', '5'], 'antisymmetric 0.00498372 (36), gradient 0.00491346 (1)'],
    [['boundary'], 'there the antisymmetric level crosses that of the gradient, at t = 187.406'],
    [['response', '--times', '1,10', '--draws', '50'], 'The median is above 0.99 from t = 0.'],
    [['simulate', '--method', 'gd', '--steps', '2', '--every', '1'], 'gd on the population: 5 classes'],
  ])('%j', async (args, words) => {
    const { code, stdout } = await captured(() => runCli(args));
    expect(code).toBe(0);
    expect(stdout).toContain(words);
  });

  it.each([
    [['solve', '--rho', '0.2'], '--rho needs --noise'],
    [['solve', '--noise', '0.001'], 'noise must lie between 0.01 and 10'],
    [['solve', '--noise', '0.3', '--init', 'random:0.1'], '--noise needs the symmetric line'],
    [['solve', '--noise', '0.3', '--rho', '-0.3'], 'must lie between −1/(k−1)'],
    [['solve', '--noise', '0.3', '--margin', '101'], 'margin must lie between 0 and 100'],
    [['solve', '--classes', '2000', '--dim', '2000'], 'classes must be an integer from 2 to 1000'],
    [['boundary', '--noise', '0'], 'a number from 0.01 to 10'],
    [['response', '--dim', '5'], 'dim must be an integer from classes'],
    [['simulate', '--method', 'adam'], 'Allowed choices are gd, sgd, dom-sgd, bulk-sgd'],
    [['simulate', '--batch', '5000'], 'batch must not exceed samples'],
  ])('%j is refused in words', async (args, words) => {
    const { code, stdout, stderr } = await captured(() => runCli(args));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });
});
