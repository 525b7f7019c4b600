import { describe, expect, it } from 'vitest';
import { denseFeatures } from '../../../src/data/features.js';
import { topFraction, gradientHessianOverlap } from '../../../src/observe/index.js';
import { norm } from '../../../src/numeric/kernels/norm.js';
import { regressionSnapshot } from '../../../src/loss/softmax/regression-snapshot.js';
import { batchGradient } from '../../../src/loss/softmax/softmax-regression.js';
import { nearMargin, preciseSoftmax, relativeError } from '../network/precise-softmax.js';

/** Scores near m carry the rounding of a few operations of size m, and 1 − p_y as much relative to it. */
const tolerance = (margin: number): number => 64 * Number.EPSILON * (margin + 8);

describe('regressionSnapshot', () => {
  it.each([5, 40, 300, 700])('has loss, ‖g‖, λ and f_top to relative accuracy at margin %i', (margin) => {
    const problem = nearMargin(margin);
    const { classes, features, labels, x, weights } = problem;
    const exact = preciseSoftmax(problem);
    const data = { features: denseFeatures(labels.length, features, x), labels, classes };
    const { snapshot, pairs } = regressionSnapshot(data, weights, 0, { top: 4, tolerance: 1e-12, seed: 1 });
    expect(relativeError(snapshot.loss, exact.loss)).toBeLessThan(tolerance(margin));
    expect(relativeError(norm(snapshot.gradient), exact.gradientNorm)).toBeLessThan(tolerance(margin));
    pairs.values.forEach((value, i) => {
      expect(relativeError(value, exact.eigenvalues[i]!), `λ_${i + 1}`).toBeLessThan(tolerance(margin));
    });
    const { lower, upper } = topFraction(snapshot, 3);
    expect(upper).toBe(lower);
    expect(Math.abs(lower / exact.topFractions[2]! - 1)).toBeLessThan(tolerance(margin));
    // Both norms in it are far below what can be squared.
    expect(gradientHessianOverlap(snapshot)).toBeGreaterThan(0.5);
    const batch = batchGradient(
      data,
      weights,
      Uint32Array.from(labels, (_, i) => i),
    );
    expect(batch).toEqual(snapshot.gradient);
  });

  it('keeps the curvature of samples that are classified wrongly, with a loss near the margin', () => {
    const problem = nearMargin(40);
    const labels = problem.labels.map((y) => (y + 1) % 3);
    const exact = preciseSoftmax({ ...problem, labels });
    const data = { features: denseFeatures(labels.length, 4, problem.x), labels, classes: 3 };
    const { snapshot, pairs } = regressionSnapshot(data, problem.weights, 0, { top: 4, tolerance: 1e-12, seed: 1 });
    expect(relativeError(snapshot.loss, exact.loss)).toBeLessThan(tolerance(40));
    expect(relativeError(norm(snapshot.gradient), exact.gradientNorm)).toBeLessThan(tolerance(40));
    pairs.values.forEach((value, i) => {
      expect(relativeError(value, exact.eigenvalues[i]!), `λ_${i + 1}`).toBeLessThan(tolerance(40));
    });
  });
});
