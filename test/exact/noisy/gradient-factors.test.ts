import { expect, it } from 'vitest';
import { sampleMixture } from '../../../src/data/gaussian-mixture.js';
import { gradientFactors } from '../../../src/exact/noisy/gradient-factors.js';
import { batchGradient } from '../../../src/loss/softmax/softmax-regression.js';
import { randomStream } from '../../../src/numeric/random.js';

it.each([
  { classes: 4, dim: 6, noise: 0.5, margin: 2.8, batch: 3 },
  { classes: 2, dim: 3, noise: 0.6, margin: 1, batch: 2 },
  { classes: 3, dim: 5, noise: 0.3, margin: 0, batch: 12 },
])('E GᵀG and E G Gᵀ have the levels that sampled batches have: %o', ({ batch, ...point }) => {
  const { classes: k, dim: d, margin } = point;
  const { classes, features } = gradientFactors(point, batch);
  const weights = Float64Array.from({ length: k * d }, (_, i) =>
    i % d < k ? margin * ((Math.floor(i / d) === i % d ? 1 : 0) - 1 / k) : 0,
  );
  const samples = 20_000;
  const data = sampleMixture(point, samples, 1);
  const stream = randomStream(2, 'rows');
  const batches = 5000;
  const found = { mean: 0, differences: 0, bulk: 0 };
  const squares = { mean: 0, differences: 0, bulk: 0 };
  for (let i = 0; i < batches; i++) {
    const rows = Uint32Array.from({ length: batch }, () => stream.integer(samples));
    const G = batchGradient(data, weights, rows);
    let [mean, inMeans, all] = [0, 0, 0];
    for (let c = 0; c < k; c++) {
      const row = G.subarray(c * d, (c + 1) * d);
      const own = row.subarray(0, k);
      mean += own.reduce((sum, x) => sum + x, 0) ** 2 / k;
      inMeans += own.reduce((sum, x) => sum + x * x, 0);
      all += row.reduce((sum, x) => sum + x * x, 0);
    }
    const one = { mean, differences: (inMeans - mean) / (k - 1), bulk: (all - inMeans) / (d - k) };
    for (const name of ['mean', 'differences', 'bulk'] as const) {
      found[name] += one[name] / batches;
      squares[name] += one[name] ** 2 / batches;
    }
  }
  let trace = 0;
  for (const name of ['mean', 'differences', 'bulk'] as const) {
    const error = Math.sqrt((squares[name] - found[name] ** 2) / Math.min(batches, samples / batch)); // of the batches, or of the samples
    expect(Math.abs(found[name] - features[name].value) / error, name).toBeLessThan(4);
    expect(error / found[name], name).toBeLessThan(0.1);
    trace += features[name].value * features[name].multiplicity;
  }
  expect(classes.value * classes.multiplicity).toBeCloseTo(trace, 12);
});

it('refuses means that are not orthonormal, biases, and no batch', () => {
  const point = { classes: 3, dim: 4, noise: 0.3, margin: 1 };
  expect(() => gradientFactors({ ...point, correlation: 0.1 }, 2)).toThrow('orthonormal');
  expect(() => gradientFactors({ ...point, bias: true }, 2)).toThrow('biases');
  expect(() => gradientFactors(point, 0)).toThrow('at least one');
});
