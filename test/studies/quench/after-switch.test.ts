import { describe, expect, it } from 'vitest';
import { gradientNoise } from '../../../src/loss/noise/gradient-noise.js';
import { softmaxObjective } from '../../../src/loss/softmax/softmax-objective.js';
import { regressionPoint } from '../../../src/loss/softmax/softmax-regression.js';
import { sampleMixture } from '../../../src/data/gaussian-mixture.js';
import { denseEigen } from '../../../src/numeric/kernels/dense-eigen.js';
import { randomStream } from '../../../src/numeric/random.js';
import {
  afterSwitch,
  energiesAlong,
  meanEnergies,
  networkLevels,
  relaxedEnergies,
  type SwitchedLoss,
} from '../../../src/studies/quench/index.js';

const [n, m, samples] = [12, 3, 40];
const stream = randomStream(1, 'quench');
const normals = (count: number): Float64Array => new Float64Array(count).map(() => stream.normal());

/** A quadratic loss of so many samples, ½ θᵀHθ + ζ_iᵀθ each, Σ ζ_i = 0: what the predictions take as given. */
const root = normals(n * n);
const hessian = {
  dimension: n,
  apply: (block: Float64Array, columns: number) => {
    const result = new Float64Array(block.length);
    for (let j = 0; j < columns; j++)
      for (let a = 0; a < n; a++)
        for (let b = 0; b < n; b++)
          for (let c = 0; c < n; c++)
            result[j * n + a]! += (root[a * n + c]! * root[b * n + c]! * block[j * n + b]!) / n;
    return result;
  },
};
const shifts = normals(samples * n);
for (let a = 0; a < n; a++) {
  let sum = 0;
  for (let i = 0; i < samples; i++) sum += shifts[i * n + a]!;
  for (let i = 0; i < samples; i++) shifts[i * n + a]! -= sum / samples;
}
const loss: SwitchedLoss<Float64Array> = {
  samples,
  evaluate: (weights) => Promise.resolve({ loss: 0, gradient: hessian.apply(weights, 1) }),
  batchGradient: (weights, rows) => {
    const gradient = hessian.apply(weights, 1);
    for (const i of rows) for (let a = 0; a < n; a++) gradient[a]! += shifts[i * n + a]! / rows.length;
    return Promise.resolve({ loss: 0, gradient });
  },
};
const pairs = denseEigen(hessian);
const top = { dimension: n, values: pairs.values.slice(0, m), vectors: pairs.vectors.slice(0, m * n) };
const covarianceAlong = (v: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < samples; i++) sum += v.reduce((dot, x, a) => dot + x * shifts[i * n + a]!, 0) ** 2;
  return sum / samples;
};
const vector = (i: number): Float64Array => pairs.vectors.subarray(i * n, (i + 1) * n);
/** The noise outside the top as one probe that knows it all. */
const noise = {
  top: { eigenvalues: top.values, covariances: top.values.map((_, i) => covarianceAlong(vector(i))) },
  rest: {
    dimension: n - m,
    probes: [
      {
        nodes: pairs.values.slice(m),
        weights: new Float64Array(n - m).fill(1),
        covariances: pairs.values.slice(m).map((_, i) => covarianceAlong(vector(m + i))),
      },
    ],
  },
};
const start = normals(n);
const energiesOf = (gradient: Float64Array) => energiesAlong(top, gradient);
const steps = [0, 1, 2, 5, 12];

describe('the levels of a network', () => {
  it('say how full batches go on, exactly on a quadratic loss', async () => {
    const rule = { learningRate: 0.4, batch: null };
    const levels = await networkLevels(
      { dimension: n, apply: (b, c) => Promise.resolve(hessian.apply(b, c)) },
      top,
      hessian.apply(start, 1),
      noise,
    );
    const { energies, weights } = await afterSwitch(loss, start, { rule, steps, energiesOf, seed: 1 });
    relaxedEnergies(levels, rule, steps).forEach(({ step, top: predicted, rest }, s) => {
      expect(energies[s]!.step).toBe(step);
      predicted.forEach((energy, i) => {
        expect(Math.abs(energies[s]!.top[i]! - energy), `${step}, ${i}`).toBeLessThan(
          1e-10 * predicted[0]! + 1e-9 * energy,
        );
      });
      expect(energies[s]!.rest / rest, String(step)).toBeCloseTo(1, 9);
    });
    expect(energiesOf(hessian.apply(weights, 1))).toEqual({ top: energies.at(-1)!.top, rest: energies.at(-1)!.rest });
  });

  it('say what noise adds, in the mean over repeats, and a variance off by a third is seen', async () => {
    const rule = { learningRate: 0.4, batch: 4 };
    const still = new Float64Array(n);
    const repeats = [];
    for (let repeat = 0; repeat < 600; repeat++)
      repeats.push((await afterSwitch(loss, still, { rule, steps, energiesOf, seed: 1, repeat })).energies);
    const found = meanEnergies(repeats);
    const levels = await networkLevels(
      { dimension: n, apply: (b, c) => Promise.resolve(hessian.apply(b, c)) },
      top,
      new Float64Array(n),
      noise,
    );
    const deviations = (scale: number): number[] =>
      relaxedEnergies(levels, rule, steps).flatMap(({ step, top: predicted, rest }, s) => {
        const { mean, errors, topError } = found[s]!;
        const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
        return step === 0
          ? []
          : [(sum(mean.top) - scale * sum(predicted)) / topError, (mean.rest - scale * rest) / errors.rest];
      });
    expect(Math.max(...deviations(1).map(Math.abs))).toBeLessThan(4);
    expect(Math.max(...deviations(4 / 3).map(Math.abs))).toBeGreaterThan(5);
  });

  it('take the covariance of samples as the law of the noise does', async () => {
    const data = sampleMixture({ classes: 3, dim: 4, noise: 0.5 }, 60, 1);
    const objective = softmaxObjective(data, { bias: false });
    const weights = normals(objective.layout.size);
    const curvature = objective.curvature('hessian', weights);
    const { gradient } = await objective.evaluate(weights);
    const dense = denseEigen(regressionPoint(data, weights).hessian);
    const three = {
      dimension: weights.length,
      values: dense.values.slice(0, 3),
      vectors: dense.vectors.slice(0, 3 * weights.length),
    };
    const known = await gradientNoise(objective, weights, three, { probes: 2 });
    const levels = await networkLevels(curvature, three, gradient, known);
    const { top: along, rest } = energiesAlong(three, gradient);
    expect(levels.top.map(({ energy }) => energy)).toEqual(along);
    expect(levels.top.map(({ covariance }) => covariance)).toEqual([...known.top.covariances]);
    expect(levels.rest.reduce((sum, { energy }) => sum + energy, 0) / rest).toBeCloseTo(1, 12);
  });
});

describe('meanEnergies', () => {
  it('has means, their errors, and the share of the means', () => {
    const [one] = meanEnergies([[{ step: 3, top: [1, 2], rest: 1 }], [{ step: 3, top: [3, 2], rest: 3 }]]);
    expect(one!.mean).toEqual({ step: 3, top: [2, 2], rest: 2 });
    expect(one!.errors).toEqual({ top: [1, 0], rest: 1 });
    expect(one!.topError).toBeCloseTo(1, 12);
    expect(one!.topFraction.value).toBeCloseTo(2 / 3, 12);
    // without one of two: 5/8 and 3/4
    expect(one!.topFraction.standardError).toBeCloseTo(1 / 16, 12);
  });
});
