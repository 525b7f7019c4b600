import { beforeAll, describe, expect, it } from 'vitest';
import { gaussianFit, type GaussianFit } from '../../../src/studies/ladder/gaussian-fit.js';
import type { Dataset } from '../../../src/data/dataset.js';
import { UsageError } from '../../../src/errors.js';

const [k, d] = [3, 6];
const deviations = [0.5, 1, 1.5, 0.2, 0.7, 0.9];
const variances = deviations.map((s) => s ** 2 / d);

/** Means 2e_a + e_4, each with the 2d points μ_a ± s_f e_f: Σ = diag(s_f²/d) exactly. */
function cross(): Dataset {
  const inputs = new Float64Array(k * 2 * d * d);
  const labels = new Uint16Array(k * 2 * d);
  for (let i = 0; i < labels.length; i++) {
    const [a, f, sign] = [Math.floor(i / (2 * d)), Math.floor(i / 2) % d, i % 2 === 0 ? 1 : -1];
    labels[i] = a;
    inputs[i * d + a] = 2;
    inputs[i * d + 3] = 1;
    inputs[i * d + f]! += sign * deviations[f]!;
  }
  const origin = {
    kind: 'mixture',
    source: 'cross',
    classes: k,
    dim: d,
    noise: 0,
    samples: labels.length,
    seed: 0,
  } as const;
  return {
    name: 'cross',
    samples: labels.length,
    inputShape: [d],
    inputs,
    targets: { kind: 'classes', classes: k, labels },
    record: { origin, transformations: [] },
  };
}

describe('gaussianFit', () => {
  let fit: GaussianFit;
  beforeAll(() => {
    fit = gaussianFit(cross(), 2);
  });

  it('finds equiangular means: r² = 5, ρ = 1/5, with nothing left over', () => {
    expect(fit.norm ** 2).toBeCloseTo(5, 12);
    expect(fit.correlation).toBeCloseTo(1 / 5, 12);
    expect(fit.gramMisfit).toBeLessThan(1e-12);
  });

  it('finds the covariance within classes, and its part in the directions of the means', () => {
    const trace = variances.reduce((sum, v) => sum + v, 0);
    expect(fit.withinVariance).toBeCloseTo(trace, 12);
    expect(fit.participationRatio).toBeCloseTo(trace ** 2 / variances.reduce((sum, v) => sum + v ** 2, 0), 10);
    expect(fit.noise ** 2).toBeCloseTo(trace / d, 12);
    expect(fit.noiseOfMeans ** 2).toBeCloseTo((variances[0]! + variances[1]! + variances[2]!) / 3, 12);
  });

  it('keeps the means exactly and the leading eigenvalues', () => {
    const { dim, means, shape, priors } = fit.mixture;
    const gram = (a: number, b: number): number =>
      Array.from({ length: dim }, (_, j) => means[a * dim + j]! * means[b * dim + j]!).reduce((sum, x) => sum + x);
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) expect(gram(a, b)).toBeCloseTo(a === b ? 5 : 1, 9);
    expect(shape![0]! ** 2).toBeCloseTo(variances[2]!, 9);
    expect(shape![1]! ** 2).toBeCloseTo(variances[1]!, 9);
    expect(priors).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(fit.varianceKept).toBeGreaterThan((variances[2]! + variances[1]!) / fit.withinVariance);
    expect(gaussianFit(cross(), d).varianceKept).toBeCloseTo(1, 9);
  });

  it('refuses a class without samples', () => {
    const data = cross();
    const targets = {
      kind: 'classes' as const,
      classes: k + 1,
      labels: (data.targets as { labels: Uint16Array }).labels,
    };
    expect(() => gaussianFit({ ...data, targets }, 2)).toThrow(UsageError);
  });
});
