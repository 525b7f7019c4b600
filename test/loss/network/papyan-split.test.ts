import { describe, expect, it } from 'vitest';
import { symmetricLevels, symmetricPointAtMargin } from '../../../src/exact/noiseless/index.js';
import { UsageError } from '../../../src/errors.js';
import { objective } from '../../../src/loss/network/objective.js';
import { papyanSplit } from '../../../src/loss/papyan-split.js';
import { randomProblem, runtime } from './problems.js';

describe('papyanSplit', () => {
  it('is all of the Gauss–Newton matrix where every pair of classes holds one gradient', async () => {
    // One sample of each class: nothing varies within pairs, and G is between, cross, and the gradients of a class for itself.
    const { network, samples, weights } = randomProblem('mlp:4', [3], { samples: 3 });
    const measured = objective(network, samples, { runtime, precision: 'f64' });
    const gradients = await measured.classGradients(weights);
    const { between, cross } = papyanSplit(gradients);
    const own = [0, 1, 2].reduce((sum, c) => sum + squared(gradients.sums[4 * c]!) / gradients.weights[4 * c]!, 0);
    const n = weights.length;
    const G = measured.curvature('gauss-newton', weights);
    const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    const matrix = await G.apply(identity, n);
    const trace = Array.from({ length: n }, (_, i) => matrix[i * (n + 1)]!).reduce((a, b) => a + b, 0);
    const sum = [...between, ...cross].reduce((a, b) => a + b, 0);
    expect(Math.abs(sum + own - trace)).toBeLessThan(1e-13 * trace);
  });

  it('is refused in words where a sample has no one class', async () => {
    for (const [model, options] of [
      ['transformer:1,4,2', { vocabulary: 5, outputs: 5, perToken: true, loss: 'next-token' }],
      ['encoder:1,4,2', { vocabulary: 5, perToken: true }],
    ] as const) {
      const { network, samples, weights } = randomProblem(model, [4], options);
      const measured = objective(network, samples, { runtime, precision: 'f64' });
      await expect(measured.classGradients(weights)).rejects.toThrow(UsageError);
      await expect(measured.classGradients(weights)).rejects.toThrow(
        /one class a sample.*received scores of shape \[n, 4, [35]\]/,
      );
      await measured.release();
    }
  });

  it('has k eigenvalues between classes and k(k − 2) across', async () => {
    const { network, samples, weights } = randomProblem('mlp:6', [5], { samples: 40, outputs: 4 });
    const { between, cross } = papyanSplit(
      await objective(network, samples, { runtime, precision: 'f64' }).classGradients(weights),
    );
    const positive = (values: Float64Array): number => values.filter((x) => x > 1e-12 * values[0]!).length;
    expect(positive(between)).toBe(4);
    expect(positive(cross)).toBe(8);
  });

  it('is (1 − ε) λ₁, k-fold, and λ₂, k(k − 2)-fold, in the noiseless model', async () => {
    const k = 4;
    const point = symmetricPointAtMargin(k, 1.3);
    const [first, second] = symmetricLevels(point, k);
    const { network } = randomProblem('softmax', [k], { outputs: k, bias: false });
    const identity = Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0));
    const samples = { count: k, inputs: identity, targets: identity };
    const weights = identity.map((x) => point.margin * (x - 1 / k));
    const gradients = await objective(network, samples, { runtime, precision: 'f64' }).classGradients(weights);
    const { between, cross } = papyanSplit(gradients);
    const expected = (value: number, count: number): number[] => Array.from({ length: count }, () => value);
    const near = (values: Float64Array, wanted: readonly number[]): void => {
      wanted.forEach((value, i) => {
        expect(Math.abs(values[i]! / value - 1)).toBeLessThan(1e-12);
      });
    };
    near(between, expected((1 - point.error) * first!.value, k));
    near(cross, expected(second!.value, k * (k - 2)));
  });
});

function squared(x: Float64Array): number {
  return x.reduce((sum, value) => sum + value ** 2, 0);
}
