import { describe, expect, it } from 'vitest';
import { noisyLevels, stationaryNoise } from '../../../src/exact/noisy/index.js';
import { lineBlocks, predictedRun, runsStudy } from '../../../src/studies/simulate/index.js';
import { liveRuns, type LivePoint } from '../../../src/studies/simulate/live-runs.js';
import { populationLoss } from '../../../src/studies/simulate/population-loss.js';
import { reducedPopulation } from '../../../src/studies/simulate/reduced-population.js';

const small = { classes: 3, dim: 6, noise: 0.4, margin: 0, refresh: 10, runs: 3, seed: 4 };

describe('liveRuns', () => {
  it.each(['sgd', 'dom-sgd', 'bulk-sgd'] as const)(
    'makes the runs of simulate --runs, to the bit: %s',
    async (method) => {
      const config = { ...small, margin: method === 'sgd' ? 0 : 2.5 };
      const setting = { method, learningRate: 0.5, batch: 16 };
      const live = liveRuns(config);
      await live.to(3, setting);
      const { loss, gradient, topFraction, overlap } = await live.to(25, setting);
      const path = { ...config, ...setting, steps: [25], linearised: false };
      const [record] = (await runsStudy(path, { runs: config.runs, seed: config.seed })).records;
      const of = (name: string) => {
        const { measured: mean, standardError } = record!.quantities.find((one) => one.name === name)!;
        return { mean, standardError };
      };
      expect({ loss, gradient, topFraction, overlap }).toEqual({
        loss: of('loss'),
        gradient: of('gradient'),
        topFraction: of('f_top'),
        overlap: of('overlap'),
      });
    },
  );

  it('is quenched by gradient descent: what is expected of it, with the changes, is what is measured', async () => {
    const noisy = { method: 'sgd', learningRate: 0.5, batch: 16 } as const;
    const config = { ...small, runs: 12, margin: 5 };
    const live = liveRuns(config);
    const [before, after] = [await live.to(300, noisy), await live.to(360, { ...noisy, method: 'gd' })];
    const path = { ...config, ...noisy, steps: [300, 360], linearised: false };
    const quench = (step: number) => ({ ...noisy, batch: step < 300 ? 16 : Infinity });
    const [hot, cold] = predictedRun(path, lineBlocks(config), quench);
    for (const [point, expected] of [
      [before, hot!],
      [after, cold!],
    ] as const) {
      // leading order: see the relative size of what it leaves out
      const { secondOrder } = stationaryNoise({ ...config, margin: expected.margin }, { learningRate: 0.5, batch: 16 });
      const allowed = 4 * point.gradient.standardError + secondOrder * expected.gradient;
      expect(Math.abs(point.gradient.mean - expected.gradient)).toBeLessThan(allowed);
    }
    expect(after.gradient.mean).toBeLessThan(0.6 * before.gradient.mean);
  });

  it('keeps the energy in the top space once Bulk-SGD follows SGD, as is expected of excursions that the flow turns', async () => {
    const config = { ...small, runs: 8, margin: 3 };
    const setting = { method: 'sgd', learningRate: 0.5, batch: 64 } as const;
    const steps = [120, 240];
    const live = liveRuns(config);
    const points = [await live.to(120, setting), await live.to(240, { ...setting, method: 'bulk-sgd' })];
    const changed = (step: number) => ({ ...setting, method: step < 120 ? ('sgd' as const) : ('bulk-sgd' as const) });
    const expected = predictedRun({ ...config, ...setting, steps, linearised: false }, lineBlocks(config), changed);
    const [before, after] = points.map(({ topFraction, gradient }) => topFraction.mean * gradient.mean);
    // an energy that fell as λ² of a resting excursion does would be lower by a third
    const atRest = expected.map(({ margin }) => noisyLevels({ ...config, margin }).levels[0]!.value ** 2);
    const ratio = expected[1]!.top.lower / expected[0]!.top.lower;
    expect(atRest[1]! / atRest[0]!).toBeLessThan(0.8);
    expect(Math.abs(after! / before! - ratio)).toBeLessThan((ratio - atRest[1]! / atRest[0]!) / 2);
  });

  it('follows the closed form at k = 10, d = 50', async () => {
    const config = { classes: 10, dim: 50, noise: 0.3, margin: 1, refresh: 10, runs: 2, seed: 1 };
    const setting = { method: 'sgd', learningRate: 1, batch: 16 } as const;
    const steps = [20, 60, 260, 400, 600, 800, 1000, 1200, 1400];
    const live = liveRuns(config);
    const points: LivePoint[] = [];
    for (const step of steps) points.push(await live.to(step, setting));
    const expected = predictedRun({ ...config, ...setting, steps, linearised: false }, lineBlocks(config));
    const share = (i: number) => ({
      lower: expected[i]!.top.lower / expected[i]!.gradient,
      upper: expected[i]!.top.upper / expected[i]!.gradient,
    });
    // before the boundary all of the gradient is in the top space
    for (const i of [0, 1]) {
      expect(expected[i]!.flowTopFraction.lower).toBe(1);
      expect(Math.abs(points[i]!.topFraction.mean - share(i).lower)).toBeLessThan(0.02);
    }
    // beyond, in the window: k Gaussian modes carry f, of which a share relaxes between two looks: ρ = e^{−2ηλ_kΔ}
    const window = steps.map((_, i) => i).filter((i) => steps[i]! >= 260);
    const rate = (i: number): number => {
      let left = config.classes;
      for (const { value, multiplicity } of noisyLevels({ ...config, margin: expected[i]!.margin }).levels)
        if ((left -= multiplicity) <= 0) return value;
      return 0;
    };
    const mean = (of: (i: number) => number) => window.reduce((sum, i) => sum + of(i) / window.length, 0);
    const slowest = Math.min(...window.map(rate));
    const correlation = mean((i) =>
      mean((j) => Math.exp(-2 * setting.learningRate * slowest * Math.abs(steps[i]! - steps[j]!))),
    );
    const measured = mean((i) => points[i]!.topFraction.mean);
    const upper = mean((i) => share(i).upper);
    const deviation = upper * Math.sqrt((2 / config.classes / config.runs) * correlation);
    expect(measured).toBeGreaterThan(mean((i) => share(i).lower) - 4 * deviation);
    expect(measured).toBeLessThan(upper + 4 * deviation);
    // ‖g‖²: what leading order leaves out, and the scatter of the modes, of relative variance 2/m in a level of m
    for (const [i, { gradient }] of points.entries()) {
      const at = stationaryNoise({ ...config, margin: expected[i]!.margin }, setting);
      const total = expected[i]!.gradient;
      const noise = (total - expected[i]!.flow) / at.gradientEnergy.noise; // of modes that have not all relaxed
      const variance = at.levels
        .filter(({ sector }) => sector !== 'trivial')
        .reduce((sum, level) => sum + (2 * (noise * level.gradientEnergy) ** 2) / level.multiplicity, 0);
      const alongFlow =
        4 *
        expected[i]!.flow *
        (at.levels.find(({ sector }) => sector === 'trivial')!.eigenvalue ** 2 *
          at.levels.find(({ sector }) => sector === 'trivial')!.variance);
      const scatter = Math.sqrt((variance + alongFlow) / config.runs) / total;
      expect(Math.abs(gradient.mean / total - 1)).toBeLessThan(at.secondOrder + 4 * scatter);
    }
  });
});

describe('reducedPopulation', () => {
  it('has loss, gradient and Hessian products of the tensor rule, to the error of its lattice', () => {
    const model = { classes: 3, dim: 6, noise: 0.4 };
    const weights = Float64Array.from(
      { length: 18 },
      (_, i) => (i % 6 < 3 ? 4 * ((i % 6 === Math.floor(i / 6) ? 1 : 0) - 1 / 3) : 0) + 0.2 * Math.sin(3 * i + 1),
    );
    const exact = populationLoss(model)(weights);
    const errors = [1009, 16_001].map((points) => {
      const { loss, gradient, hessian, expanded } = reducedPopulation(model, points, 1)(weights);
      const vector = gradient.map((_, i) => Math.cos(i));
      const product = exact.hessian.apply(expanded(vector), 1);
      const distance = (x: Float64Array, y: Float64Array) => Math.hypot(...x.map((value, i) => value - y[i]!));
      return [
        Math.abs(loss - exact.loss) / exact.loss,
        distance(expanded(gradient), exact.gradient) / Math.hypot(...exact.gradient),
        distance(expanded(hessian().apply(vector, 1)), product) / Math.hypot(...product),
      ];
    });
    // a Monte Carlo sum has at most 1/√n of relative error for these, and a lattice less
    for (const [i, points] of [1009, 16_001].entries())
      for (const error of errors[i]!) expect(error).toBeLessThan(1 / Math.sqrt(3 * points));
  });
});
