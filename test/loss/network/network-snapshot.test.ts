import { describe, expect, it } from 'vitest';
import { NumericalError, UsageError } from '../../../src/errors.js';
import { followedDominance, followedPairs, followedPart } from '../../../src/train/follow.js';
import { networkSnapshot } from '../../../src/loss/network-snapshot.js';
import { objective } from '../../../src/loss/network/objective.js';
import { denseEigen } from '../../../src/numeric/kernels/dense-eigen.js';
import { gradientHessianOverlap, topFraction } from '../../../src/observe/index.js';
import { inner, randomProblem, randomVectors, relativeDistance, runtime } from './problems.js';

const { network, samples, weights } = randomProblem('mlp:5,4', [6], { samples: 30 });
const measured = objective(network, samples, { runtime, precision: 'f64' });
const n = weights.length;
const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
const matrix = await measured.curvature('hessian', weights).apply(identity, n);
const dense = denseEigen({
  dimension: n,
  apply: (block, columns) =>
    Float64Array.from({ length: n * columns }, (_, at) =>
      inner(matrix.subarray((at % n) * n, ((at % n) + 1) * n), block.subarray(at - (at % n), at - (at % n) + n)),
    ),
});

describe('networkSnapshot', () => {
  it('has the eigenvalues, f_top and overlap of the dense Hessian', async () => {
    const { snapshot, pairs } = await networkSnapshot(measured, weights, {
      top: 7,
      time: 1,
      tolerance: 1e-10,
      seed: 1,
    });
    pairs.values.forEach((value, i) => {
      expect(Math.abs(value - dense.values[i]!)).toBeLessThan(1e-12);
    });
    const { gradient } = snapshot;
    const energy = [0, 1, 2].reduce(
      (sum, i) => sum + inner(dense.vectors.subarray(i * n, (i + 1) * n), gradient) ** 2,
      0,
    );
    expect(Math.abs(topFraction(snapshot, 3).lower - energy / inner(gradient, gradient))).toBeLessThan(1e-8);
    const Hg = Array.from({ length: n }, (_, i) => inner(matrix.subarray(i * n, (i + 1) * n), gradient));
    const overlap = inner(gradient, Hg) / Math.sqrt(inner(gradient, gradient) * inner(Hg, Hg));
    expect(Math.abs(gradientHessianOverlap(snapshot) - overlap)).toBeLessThan(1e-13);
    expect(() => snapshot.hessian.apply(randomVectors(n, 1, 1), 1)).toThrow(UsageError);
  });

  it('says what has happened where H times the gradient is zero', async () => {
    const huge = weights.map((x) => 1e7 * x);
    const snapshot = networkSnapshot(measured, huge, { top: 3, time: 2, seed: 1 });
    await expect(snapshot).rejects.toThrow(NumericalError);
    await expect(snapshot).rejects.toThrow(/exactly zero at time 2.*saturated.*begin from smaller weights/);
  });
});

describe('followedDominance', () => {
  it('is ‖P g‖/‖g‖, whatever the length of g', () => {
    const pairs = {
      dimension: 2,
      values: Float64Array.of(2),
      vectors: Float64Array.of(1, 0),
      errors: Float64Array.of(0),
    };
    for (const scale of [1, 2 ** -800, 2 ** 800]) {
      expect(followedDominance(Float64Array.of(3 * scale, 4 * scale), pairs)).toBeCloseTo(0.6, 14);
    }
    expect(() => followedDominance(new Float64Array(2), pairs)).toThrow(/the gradient is zero/);
  });
});

describe('followedPart', () => {
  it('splits a gradient, and takes the Newton step of the top eigenspace', async () => {
    const none = new Float64Array(0);
    const before = { dimension: n, values: none, vectors: none, errors: none };
    const H = measured.curvature('hessian', weights);
    const pairs = await followedPairs(H, before, { count: 3, tolerance: 1e-10, seed: 1 });
    const g = randomVectors(n, 1, 2);
    const [dominant, bulk, newton] = (['dominant', 'bulk', 'newton'] as const).map((d) => followedPart(g, d, pairs));
    expect(
      relativeDistance(
        dominant!.map((x, i) => x + bulk![i]!),
        g,
      ),
    ).toBeLessThan(1e-14);
    expect(Math.abs(inner(dominant!, bulk!))).toBeLessThan(1e-12 * inner(g, g));
    // H times the Newton step is the dominant part.
    expect(relativeDistance(await H.apply(newton!, 1), dominant!)).toBeLessThan(1e-7);
    expect(followedPart(g, 'gradient', pairs)).toBe(g);
  });
});
