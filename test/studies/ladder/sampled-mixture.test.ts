import { describe, expect, it } from 'vitest';
import { sampledMixture } from '../../../src/studies/ladder/sampled-mixture.js';
import { mixtureFromGram } from '../../../src/exact/population/index.js';

const k = 2;
const dim = 3;
const n = 40_000;
const model = {
  ...mixtureFromGram({ gram: [1, 0.5, 0.5, 2], dim, noises: [0.2, 0.8], priors: [0.3, 0.7] }),
  shape: Float64Array.of(0, 1, 2),
};

describe('sampledMixture', () => {
  it('has the priors, means and deviations of the mixture, to five standard errors', () => {
    const { count, inputs, targets } = sampledMixture(model, n, 1);
    expect(count).toBe(n);
    for (let a = 0; a < k; a++) {
      const rows = Array.from({ length: n }, (_, i) => i).filter((i) => targets[i * k + a] === 1);
      const prior = model.priors[a]!;
      expect(Math.abs(rows.length / n - prior)).toBeLessThan(5 * Math.sqrt((prior * (1 - prior)) / n));
      for (let f = 0; f < dim; f++) {
        const deviation = model.noises[a]! * model.shape[f]!;
        const values = rows.map((i) => inputs[i * dim + f]! - model.means[a * dim + f]!);
        const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
        const variance = values.reduce((sum, x) => sum + x ** 2, 0) / values.length;
        expect(Math.abs(mean)).toBeLessThanOrEqual((5 * deviation) / Math.sqrt(values.length));
        expect(Math.abs(variance - deviation ** 2)).toBeLessThanOrEqual(
          5 * deviation ** 2 * Math.sqrt(2 / values.length),
        );
      }
    }
  });

  it('is the same for the same seed only', () => {
    expect(sampledMixture(model, 5, 1)).toEqual(sampledMixture(model, 5, 1));
    expect(sampledMixture(model, 5, 2).inputs).not.toEqual(sampledMixture(model, 5, 1).inputs);
  });
});
