import { describe, expect, it } from 'vitest';
import { activation } from '../../../../src/loss/network/activations.js';
import { initialParameters } from '../../../../src/loss/network/initial-weights.js';
import { dense, sequential } from '../../../../src/loss/network/layers.js';
import { crossEntropy } from '../../../../src/loss/network/losses.js';
import { buildNetwork } from '../../../../src/loss/network/network.js';
import { objective } from '../../../../src/loss/network/objective.js';
import { inHalfSpace } from '../../../../src/numeric/kernels/half-space.js';
import { randomStream } from '../../../../src/numeric/random.js';
import { signFlips } from '../../../../src/observe/sign-flips.js';
import { sharedRanks, weightSensitivity } from '../../../../src/observe/weight-sensitivity.js';
import type { ProbeContext } from '../../../../src/studies/reproduce/engine/probe.js';
import { caughtByCovariance } from '../../../../src/studies/reproduce/experiments/tlora/model.js';
import { predictedPostTraining } from '../../../../src/studies/reproduce/experiments/post-training/model.js';
import { forgottenAt } from '../../../../src/studies/reproduce/experiments/post-training/forgetting.js';
import { denseLayers } from '../../../../src/studies/reproduce/probes/dense-layers.js';
import { lowRankNetwork } from '../../../../src/studies/reproduce/probes/low-rank-network.js';
import {
  covarianceRows,
  curvatureRows,
  shareCaught,
} from '../../../../src/studies/reproduce/probes/low-rank-starts.js';
import { modelLowRank } from '../../../../src/studies/reproduce/probes/model-low-rank.js';
import { modelPostTraining } from '../../../../src/studies/reproduce/probes/model-post-training.js';
import { descendAlong } from '../../../../src/studies/reproduce/probes/plain-descent.js';
import { transposedImages } from '../../../../src/studies/reproduce/probes/transposed-task.js';
import { nativeRuntime } from '../../../../src/tensor/engine/index.js';

const signal = new AbortController().signal;
const context = { signal, onProgress: () => undefined } as unknown as ProbeContext;

describe('a low-rank update', () => {
  it('with A spanning all inputs is the training of all weights, and begins as the network itself', async () => {
    const runtime = await nativeRuntime();
    const layers = sequential({ dense1: dense(5), between: activation('tanh'), dense2: dense(3) });
    const network = buildNetwork({ inputShape: [4], outputs: 3, layers, loss: crossEntropy }, 'evaluate');
    const theta = initialParameters(network.layout, 'lecun-normal', 1);
    const stream = randomStream(1, 'inputs');
    const targets = new Float64Array(36);
    for (let i = 0; i < 12; i++) targets[3 * i + (i % 3)] = 1;
    const samples = { count: 12, inputs: new Float64Array(48).map(() => stream.normal()), targets };
    const shapes = denseLayers(network.layout, theta, samples, 'tanh');
    const identity = (n: number) => Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
    const rows = new Map(shapes.map(({ name, features }) => [name, identity(features)]));
    const settings = { activation: 'tanh', loss: 'cross-entropy' } as const;
    const adapted = lowRankNetwork(network, theta, settings, shapes, rows);
    expect(adapted.layout.specs.map(({ name }) => name)).toEqual(['dense1.up.offset', 'dense2.up.offset']);
    const losses = async (of: typeof network, first: Float64Array): Promise<number[]> => {
      const loss = objective(of, samples, { runtime, precision: 'f64' });
      const found: number[] = [];
      const { specs, offsets } = of.layout;
      await descendAlong(first, { rate: 0.5, steps: 10, signal }, async ({ weights }) => {
        const { loss: value, gradient } = await loss.evaluate(weights);
        found.push(value);
        specs.forEach(
          ({ role }, i) => role === 'bias' && gradient.fill(0, offsets[i], offsets[i + 1] ?? gradient.length),
        );
        return gradient;
      });
      await loss.release();
      return found;
    };
    const [whole, low] = [await losses(network, theta), await losses(adapted, new Float64Array(adapted.layout.size))];
    low.forEach((loss, step) => {
      expect(loss).toBeCloseTo(whole[step]!, 12);
    });
    expect(low.at(-1)!).toBeLessThan(0.9 * low[0]!);
  });

  it('starts where W Cov(x), or the curvature, is planted', () => {
    const inputs = Float64Array.from([3, 0, 1, -3, 0, 1, 0, 1, 1, 0, -1, 1]); // Cov = diag(9, 1, 0)/2
    const layer = { name: 'dense1', units: 1, features: 3, weights: Float64Array.from([1, 9, 100]), inputs };
    const [a, b, c] = covarianceRows(layer, 1);
    expect(Math.abs(a!)).toBeCloseTo(Math.SQRT1_2, 6);
    expect(Math.abs(b!)).toBeCloseTo(Math.SQRT1_2, 6);
    expect(c).toBeCloseTo(0, 6);
    const pairs = { values: Float64Array.from([4, 1]), vectors: Float64Array.from([0, 0, 1, 1, 0, 0]) };
    const rows = curvatureRows(layer, pairs, 1);
    expect(Math.abs(rows[2]!)).toBeCloseTo(1, 6);
    expect(shareCaught(Float64Array.from([3, 0, 4]), rows, 3)).toBeCloseTo(16 / 25, 6);
  });

  it('catches of the new means what the closed form says, the Hessian what W does not read', async () => {
    const setting = { classes: 4, dim: 16, noise: 0.3, samples: 4000, margin: 5, angles: [30, 60, 90], seed: 1 };
    const { caught } = await modelLowRank.run(setting, context);
    for (const { angle, covariance } of caught)
      expect(Math.abs(covariance - caughtByCovariance(4, 0.3, angle)), String(angle)).toBeLessThan(0.05);
    expect(caughtByCovariance(4, 0.3, 90)).toBeCloseTo(0, 12);
    expect(caught[2]!.hessian).toBeGreaterThan(0.5);
  });

  it('gets ranks in proportion to mean |W ⊙ ∇W|', () => {
    expect(weightSensitivity([1, -2, 3], [2, 1, 0])).toBeCloseTo(4 / 3, 12);
    expect(sharedRanks([6, 3, 3], 12, [9, 9, 9])).toEqual([6, 3, 3]);
    expect(sharedRanks([100, 1, 0], 12, [9, 9, 9])).toEqual([9, 2, 1]);
    expect(() => sharedRanks([0, 0], 4, [9, 9])).toThrow(/not all 0/);
    expect(() => sharedRanks([Infinity, 1], 4, [9, 9])).toThrow(/finite sensitivities/);
    for (const most of [0, 1.5, NaN]) expect(() => sharedRanks([1, 1], 3, [most, 9])).toThrow(/positive integer/);
    expect(() => weightSensitivity([NaN], [1])).toThrow(/not finite/);
  });
});

describe('a feasible update', () => {
  it('loses what would raise the other loss, and only that', () => {
    expect([...inHalfSpace(Float64Array.from([1, -2]), Float64Array.from([0, 5]))]).toEqual([1, 0]);
    expect([...inHalfSpace(Float64Array.from([1, 2]), Float64Array.from([0, 5]))]).toEqual([1, 2]);
    expect([...inHalfSpace(Float64Array.from([1, 2]), new Float64Array(2))]).toEqual([1, 2]);
  });

  it('forgets in the model what the closed form says', async () => {
    const setting = { classes: 3, margin: 3, angle: 45, rate: 0.05, steps: 400 };
    const { before, after } = await modelPostTraining.run(setting, context);
    const predicted = predictedPostTraining();
    expect(after.plain.target / predicted.target).toBeCloseTo(1, 2);
    expect(after.plain.general / predicted.general).toBeCloseTo(1, 2);
    expect(after['off-top'].target / predicted.offTop).toBeCloseTo(1, 2);
    expect(after['off-top'].general).toBeCloseTo(before.general, 10);
    expect(after['half-space'].general - before.general).toBeLessThan(0.5 * (after.plain.general - before.general));
  });

  it('is compared at the same loss, and knows a transposed image', () => {
    expect(forgottenAt({ target: [2, 1], general: [1, 3] }, 1.5)).toBe(1);
    expect([...transposedImages({ count: 1, inputs: Float64Array.from([1, 2, 3, 4]) }, 2)]).toEqual([1, 3, 2, 4]);
  });
});

it('descent in a planted quadratic changes sign along v₁ above ηλ₁ = 1, and grows above 2', async () => {
  const slopesAt = async (curvature: number): Promise<number[]> => {
    const slopes: number[] = [];
    await descendAlong(Float64Array.from([1]), { rate: 0.1, steps: 10, signal }, ({ weights }) => {
      slopes.push(curvature * weights[0]!);
      return Promise.resolve(Float64Array.from([slopes.at(-1)!]));
    });
    return slopes;
  };
  for (const [curvature, flips, grows] of [
    [9, 0, false],
    [19, 1, false],
    [21, 1, true],
  ] as const) {
    const slopes = await slopesAt(curvature);
    expect(signFlips(slopes)).toBe(flips);
    expect(Math.abs(slopes.at(-1)!) > Math.abs(slopes[0]!)).toBe(grows);
  }
  expect(signFlips([1e-200, -1e-200])).toBe(1);
  expect(() => signFlips([1])).toThrow(/two values/);
});
