import { describe, expect, it } from 'vitest';
import { broadcast, multiply, total } from '../../../src/tensor/autodiff/index.js';
import { mixtureDataset } from '../../../src/data/mixture.js';
import { sampleSine } from '../../../src/data/sine.js';
import type { Layer } from '../../../src/loss/network/layers.js';
import { squaredError } from '../../../src/loss/network/losses.js';
import { buildNetwork } from '../../../src/loss/network/network.js';
import { objective } from '../../../src/loss/network/objective.js';
import type { Objective } from '../../../src/loss/objective.js';
import type { Precision } from '../../../src/numeric/kernels/float-array.js';
import { denseEigen } from '../../../src/numeric/kernels/dense-eigen.js';
import { trainDefaults } from '../../../src/train/train-config.js';
import { train } from '../../../src/train/train.js';
import { randomProblem, randomVectors, relativeDistance, runtime } from './problems.js';

/** (1/n) Σ (x, 1)(x, 1)ᵀ, row-major. */
function secondMoments(inputs: ArrayLike<number>, samples: number): Float64Array {
  const d = inputs.length / samples;
  const result = new Float64Array((d + 1) ** 2);
  for (let i = 0; i < samples; i++) {
    const row = [...Array.from({ length: d }, (_, f) => inputs[i * d + f]!), 1];
    row.forEach((x, a) => {
      row.forEach((y, b) => {
        result[a * (d + 1) + b]! += (x * y) / samples;
      });
    });
  }
  return result;
}

/** The eigenvalues of 1_k ⊗ M, descending. */
function copies(M: Float64Array, k: number): number[] {
  const n = Math.sqrt(M.length);
  const apply = (block: Float64Array): Float64Array =>
    block.map((_, at) =>
      Array.from({ length: n }, (_, b) => b).reduce(
        (sum, b) => sum + M[(at % n) * n + b]! * block[at - (at % n) + b]!,
        0,
      ),
    );
  const { values } = denseEigen({ dimension: n, apply });
  return Array.from(values).flatMap((value) => Array.from({ length: k }, () => value));
}

async function dense(measured: Objective, weights: Float64Array, kind: 'hessian' | 'gauss-newton' = 'hessian') {
  const n = weights.length;
  const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  return measured.curvature(kind, weights).apply(identity, n);
}

describe('a Hessian that does not depend on θ', () => {
  it.each<[Precision, number, number]>([
    ['f64', 2 ** 20, 1e-14],
    ['f64', 0, 1e-14],
    ['f32', 2 ** 20, 1e-6],
  ])(
    'is 1 ⊗ (1/n) Σ x xᵀ for scores linear in θ and squared error, in %s with %i bytes kept',
    async (precision, memory, tolerance) => {
      const { network, samples, weights } = randomProblem('softmax', [4], { loss: 'squared-error' });
      const given =
        precision === 'f64'
          ? samples
          : { ...samples, inputs: Float32Array.from(samples.inputs), targets: Float32Array.from(samples.targets) };
      const measured = objective(network, given, { runtime, precision, chunk: 3, memory });
      const M = secondMoments(samples.inputs, samples.count);
      // θ is W [3, 4], row-major, and then b [3].
      const place = (at: number): readonly [number, number] => (at < 12 ? [Math.floor(at / 4), at % 4] : [at - 12, 4]);
      const expected = Float64Array.from({ length: 15 * 15 }, (_, at) => {
        const [[c, f], [b, g]] = [place(at % 15), place(Math.floor(at / 15))];
        return c === b ? M[f * 5 + g]! : 0;
      });
      for (const kind of ['hessian', 'gauss-newton'] as const) {
        expect(relativeDistance(await dense(measured, weights, kind), expected)).toBeLessThan(tolerance);
      }
      const v = randomVectors(15, 1, 1);
      const block = await measured.curvature('hessian', weights, { layers: ['dense1'] }).apply(v, 1);
      expect(relativeDistance(block, await measured.curvature('hessian', weights).apply(v, 1))).toBeLessThan(tolerance);
      await measured.release();
    },
  );

  it('is 0 where the loss is linear in θ', async () => {
    const { network, samples, weights } = randomProblem('softmax', [4]);
    const linear = { ...network, loss: total(multiply(network.scores, network.targets)) };
    const measured = objective(linear, samples, { runtime, precision: 'f64' });
    for (const kind of ['hessian', 'gauss-newton'] as const) {
      expect((await dense(measured, weights, kind)).every((x) => x === 0)).toBe(true);
    }
    expect((await measured.evaluate(weights)).gradient.some((x) => x !== 0)).toBe(true);
    await measured.release();
  });

  it('is 1 for a network that only has biases, whose graph holds nothing of a sample', async () => {
    const layers: Layer = (_, context) => broadcast(context.parameter('bias', [3], 'bias'), ['n', 3]);
    const network = buildNetwork({ inputShape: [4], outputs: 3, layers, loss: squaredError }, 'evaluate');
    const { samples } = randomProblem('softmax', [4]);
    const measured = objective(network, samples, { runtime, precision: 'f64', chunk: 3 });
    const H = await dense(measured, Float64Array.of(1, 2, 3));
    expect([...H]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    await measured.release();
  });
});

describe('train', () => {
  const config = { ...trainDefaults, loss: 'squared-error', model: 'softmax', steps: 20, measureEvery: 10 } as const;
  const f64 = { ...config, precision: 'f64', tolerance: 1e-10 } as const;

  it('measures softmax regression with squared error on a mixture', async () => {
    const mixture = { ...f64, data: { ...trainDefaults.data, source: 'mixture:3,10,0.2,300' }, top: 4 };
    const { records } = await train(mixture, { runtime });
    const { inputs, samples } = mixtureDataset({ classes: 3, dim: 10, noise: 0.2 }, 300, mixture.seed);
    const [largest] = copies(secondMoments(inputs, samples), 3);
    for (const { eigenvalues } of records) expect(Math.abs(eigenvalues[0]! / largest! - 1)).toBeLessThan(1e-10);
  });

  it('measures a line through a sine', async () => {
    const { records } = await train(
      { ...f64, data: { ...trainDefaults.data, source: 'sine:50' }, top: 2 },
      { runtime },
    );
    const expected = copies(secondMoments(sampleSine(50, f64.seed).inputs, 50), 1);
    for (const { eigenvalues } of records) {
      eigenvalues.forEach((value, i) => {
        expect(Math.abs(value / expected[i]! - 1)).toBeLessThan(1e-10);
      });
    }
  });
});
