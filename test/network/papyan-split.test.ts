import { describe, expect, it } from 'vitest';
import { objective } from '../../src/network/objective.js';
import { papyanSplit } from '../../src/network/papyan-split.js';
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

  it('has k eigenvalues between classes and k(k − 2) across', async () => {
    const { network, samples, weights } = randomProblem('mlp:6', [5], { samples: 40, outputs: 4 });
    const { between, cross } = papyanSplit(
      await objective(network, samples, { runtime, precision: 'f64' }).classGradients(weights),
    );
    const positive = (values: Float64Array): number => values.filter((x) => x > 1e-12 * values[0]!).length;
    expect(positive(between)).toBe(4);
    expect(positive(cross)).toBe(8);
  });
});

function squared(x: Float64Array): number {
  return x.reduce((sum, value) => sum + value ** 2, 0);
}
