import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { denseFeatures, type LabelledData } from '../../../src/data/features.js';
import { sampleMixture } from '../../../src/data/gaussian-mixture.js';
import { exactFlow, exactSnapshot, randomWeights } from '../../../src/exact/noiseless/index.js';
import { denseEigen } from '../../../src/numeric/kernels/dense-eigen.js';
import { randomStream } from '../../../src/numeric/random.js';
import { topFraction } from '../../../src/observe/index.js';
import { regressionSnapshot } from '../../../src/loss/softmax/regression-snapshot.js';
import { batchGradient, regressionPoint } from '../../../src/loss/softmax/softmax-regression.js';

const options = { seed: 20181218, numRuns: 30 };
const normals = (n: number, seed: number, scale = 1): Float64Array => {
  const stream = randomStream(seed, 'normals');
  return new Float64Array(n).map(() => scale * stream.normal());
};
interface Problem {
  data: LabelledData;
  entries: Float64Array;
  weights: Float64Array;
  k: number;
  d: number;
  n: number;
}
/** Random data with zeros, and the features also stored with a constant offset. */
const problem = fc
  .record({
    k: fc.integer({ min: 2, max: 5 }),
    d: fc.integer({ min: 1, max: 9 }),
    n: fc.integer({ min: 1, max: 12 }),
    seed: fc.nat(9999),
  })
  .map(({ k, d, n, seed }): Problem => {
    const stream = randomStream(seed, 'problem');
    const entries = new Float64Array(n * d).map(() => (stream.uniform() < 0.4 ? 0 : stream.normal()));
    const labels = Uint16Array.from({ length: n }, () => stream.integer(k));
    return {
      data: { features: denseFeatures(n, d, entries), labels, classes: k },
      entries,
      weights: normals(k * d, seed),
      k,
      d,
      n,
    };
  });

/** Loss, gradient and dense Hessian by their definitions, sample by sample. */
function byDefinition({ data, entries, k, d, n }: Problem, weights: Float64Array) {
  const hessian = Array.from({ length: k * d }, () => new Float64Array(k * d));
  const gradient = new Float64Array(k * d);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const x = entries.subarray(i * d, (i + 1) * d);
    const z = Array.from({ length: k }, (_, c) => x.reduce((sum, xf, f) => sum + xf * weights[c * d + f]!, 0));
    const total = z.reduce((sum, zc) => sum + Math.exp(zc), 0);
    const p = z.map((zc) => Math.exp(zc) / total);
    const y = data.labels[i]!;
    loss += (Math.log(total) - z[y]!) / n;
    for (let c = 0; c < k; c++) {
      for (let f = 0; f < d; f++) {
        gradient[c * d + f]! += ((p[c]! - (c === y ? 1 : 0)) * x[f]!) / n;
        for (let b = 0; b < k; b++) {
          for (let g = 0; g < d; g++) {
            hessian[c * d + f]![b * d + g]! += (((c === b ? p[c]! : 0) - p[c]! * p[b]!) * x[f]! * x[g]!) / n;
          }
        }
      }
    }
  }
  return { loss, gradient, hessian };
}

describe('regressionPoint', () => {
  it('has the loss, gradient and Hessian of the definition', () => {
    fc.assert(
      fc.property(problem, (p) => {
        const point = regressionPoint(p.data, p.weights);
        const expected = byDefinition(p, p.weights);
        expect(point.loss).toBeCloseTo(expected.loss, 12);
        point.gradient.forEach((g, i) => {
          expect(g).toBeCloseTo(expected.gradient[i]!, 12);
        });
        const v = normals(2 * p.k * p.d, 3);
        const moved = point.hessian.apply(v, 2);
        for (let j = 0; j < 2; j++) {
          expected.hessian.forEach((row, i) => {
            const value = row.reduce((sum, h, l) => sum + h * v[j * row.length + l]!, 0);
            expect(Math.abs(moved[j * row.length + i]! - value)).toBeLessThan(1e-11);
          });
        }
      }),
      options,
    );
  });

  it('has the gradient of its loss and the Hessian of its gradient, by central differences', () => {
    fc.assert(
      fc.property(problem, (p) => {
        const h = 1e-5;
        const direction = normals(p.weights.length, 5);
        const at = (step: number) =>
          regressionPoint(
            p.data,
            p.weights.map((w, i) => w + step * direction[i]!),
          );
        const [plus, minus, here] = [at(h), at(-h), at(0)];
        const slope = here.gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0);
        expect(Math.abs((plus.loss - minus.loss) / (2 * h) - slope)).toBeLessThan(1e-7);
        here.hessian.apply(direction, 1).forEach((y, i) => {
          expect(Math.abs((plus.gradient[i]! - minus.gradient[i]!) / (2 * h) - y)).toBeLessThan(1e-6);
        });
      }),
      options,
    );
  });

  it('has a symmetric, positive semidefinite Hessian that does not see the gauge', () => {
    fc.assert(
      fc.property(problem, fc.nat(99), (p, seed) => {
        const { hessian } = regressionPoint(p.data, p.weights);
        const [u, v] = [normals(p.k * p.d, seed), normals(p.k * p.d, seed + 1000)];
        const [hu, hv] = [hessian.apply(u, 1), hessian.apply(v, 1)];
        const inner = (x: Float64Array, y: Float64Array) => x.reduce((sum, xi, i) => sum + xi * y[i]!, 0);
        expect(Math.abs(inner(u, hv) - inner(v, hu))).toBeLessThan(1e-12 * p.k * p.d);
        expect(inner(u, hu)).toBeGreaterThan(-1e-13);
        const gauge = Float64Array.from(u, (_, i) => v[i % p.d]!);
        for (const y of hessian.apply(gauge, 1)) expect(Math.abs(y)).toBeLessThan(1e-13);
      }),
      options,
    );
  });

  it('gives a block the same bytes as its vectors one at a time', () => {
    fc.assert(
      fc.property(problem, fc.integer({ min: 2, max: 5 }), (p, m) => {
        const { hessian } = regressionPoint(p.data, p.weights);
        const block = normals(m * p.k * p.d, 7);
        const together = hessian.apply(block, m);
        for (let j = 0; j < m; j++) {
          const alone = hessian.apply(block.slice(j * hessian.dimension, (j + 1) * hessian.dimension), 1);
          expect(together.slice(j * hessian.dimension, (j + 1) * hessian.dimension)).toEqual(alone);
        }
      }),
      options,
    );
  });

  it('does not change when samples are permuted, classes renamed, features rotated with W, or W shifted by a gauge', () => {
    fc.assert(
      fc.property(problem, fc.double({ min: 0, max: 6, noNaN: true }), (p, angle) => {
        const { k, d, n } = p;
        const loss = regressionPoint(p.data, p.weights).loss;
        const reversed = Float64Array.from(p.entries, (_, i) => p.entries[(n - 1 - Math.floor(i / d)) * d + (i % d)]!);
        const reversedData = {
          ...p.data,
          features: denseFeatures(n, d, reversed),
          labels: p.data.labels.slice().reverse(),
        };
        expect(regressionPoint(reversedData, p.weights).loss).toBeCloseTo(loss, 12);
        const renamed = { ...p.data, labels: p.data.labels.map((y) => (y + 1) % k) };
        const moved = Float64Array.from(
          p.weights,
          (_, i) => p.weights[((Math.floor(i / d) + k - 1) % k) * d + (i % d)]!,
        );
        expect(regressionPoint(renamed, moved).loss).toBeCloseTo(loss, 12);
        const shifted = p.weights.map((w, i) => w + Math.sin(i % d));
        expect(regressionPoint(p.data, shifted).loss).toBeCloseTo(loss, 11);
        if (d > 1) {
          const turn = (x: Float64Array): Float64Array =>
            x.map((value, i) => {
              const [row, f] = [i - (i % d), i % d];
              if (f > 1) return value;
              const [first, second] = [x[row]!, x[row + 1]!];
              return f === 0
                ? Math.cos(angle) * first - Math.sin(angle) * second
                : Math.sin(angle) * first + Math.cos(angle) * second;
            });
          const rotated = { ...p.data, features: denseFeatures(n, d, turn(p.entries)) };
          expect(regressionPoint(rotated, turn(p.weights)).loss).toBeCloseTo(loss, 11);
        }
      }),
      options,
    );
  });

  it('treats a constant offset of the features as part of every entry', () => {
    fc.assert(
      fc.property(problem, fc.double({ min: -2, max: 2, noNaN: true }), (p, offset) => {
        const shifted = { ...p.data, features: { ...p.data.features, offset } };
        const dense = {
          ...p.data,
          features: denseFeatures(
            p.n,
            p.d,
            p.entries.map((x) => x + offset),
          ),
        };
        const [a, b] = [regressionPoint(shifted, p.weights), regressionPoint(dense, p.weights)];
        expect(a.loss).toBeCloseTo(b.loss, 11);
        a.gradient.forEach((g, i) => {
          expect(g).toBeCloseTo(b.gradient[i]!, 11);
        });
        const v = normals(p.k * p.d, 9);
        const other = b.hessian.apply(v, 1);
        a.hessian.apply(v, 1).forEach((y, i) => {
          expect(y).toBeCloseTo(other[i]!, 10);
        });
        const batch = batchGradient(shifted, p.weights, [0]);
        batchGradient(dense, p.weights, [0]).forEach((g, i) => {
          expect(batch[i]).toBeCloseTo(g, 11);
        });
      }),
      options,
    );
  });

  it('is the closed form at zero noise: same loss, gradient, Hessian and f_top on the k means', () => {
    const k = 4;
    const state = exactFlow(k, randomWeights(k, 1, 2)).at(20);
    const means = Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0));
    const data = { features: denseFeatures(k, k, means), labels: Uint16Array.of(0, 1, 2, 3), classes: k };
    const { snapshot } = regressionSnapshot(data, state.weights, 0, { top: k + 1, tolerance: 1e-13, seed: 1 });
    const exact = exactSnapshot(state, k);
    expect(snapshot.loss).toBeCloseTo(exact.loss, 14);
    snapshot.gradient.forEach((g, i) => {
      expect(g).toBeCloseTo(exact.gradient[i]!, 14);
    });
    expect(topFraction(snapshot, k).lower).toBeCloseTo(topFraction(exact, k).lower, 10);
    const dense = denseEigen(snapshot.hessian).values;
    exact.spectrum.levels.forEach((level, i) => {
      expect(dense[i]).toBeCloseTo(level.value, 14);
    });
  });

  it('keeps small losses to full relative accuracy and large ones finite', () => {
    const data = { features: denseFeatures(1, 1, [1]), labels: Uint16Array.of(0), classes: 2 };
    expect(regressionPoint(data, Float64Array.of(40, 0)).loss / Math.exp(-40)).toBeCloseTo(1, 12);
    expect(regressionPoint(data, Float64Array.of(0, 5000)).loss).toBe(5000);
    expect(() => regressionPoint(data, new Float64Array(3))).toThrow(/1·|= 2 numbers, received 3/);
  });
});

describe('sampleMixture', () => {
  it('has the means, the noise and the labels of the model, within five standard errors, and is keyed', () => {
    const [n, noise] = [4000, 0.5];
    const { features, labels } = sampleMixture({ classes: 3, dim: 5, noise }, n, 4);
    const sums = Array.from({ length: 3 }, () => new Float64Array(5));
    const counts = [0, 0, 0];
    let squares = 0;
    for (let i = 0; i < n; i++) {
      counts[labels[i]!]!++;
      for (let f = 0; f < 5; f++) {
        const x = features.value[i * 5 + f]!;
        sums[labels[i]!]![f]! += x;
        squares += (x - (f === labels[i] ? 1 : 0)) ** 2;
      }
    }
    sums.forEach((sum, a) => {
      expect(Math.abs(counts[a]! - n / 3)).toBeLessThan(5 * Math.sqrt((n * 2) / 9));
      sum.forEach((total, f) => {
        expect(Math.abs(total / counts[a]! - (f === a ? 1 : 0))).toBeLessThan((5 * noise) / Math.sqrt(counts[a]!));
      });
    });
    expect(Math.abs(squares / (5 * n) / noise ** 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / (5 * n)));
    const shorter = sampleMixture({ classes: 3, dim: 5, noise }, 10, 4);
    expect(shorter.features.value).toEqual(features.value.slice(0, 50));
    expect(() => sampleMixture({ classes: 4, dim: 3, noise: 0 }, 10, 1)).toThrow(/2 ≤ classes ≤ dim/);
  });
});
