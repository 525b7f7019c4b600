import { describe, expect, it } from 'vitest';
import { flatnessCosts, flatnessGap, spikeAndFlat, spikeRank } from '../../src/observe/spike-and-flat.js';
import { orthonormalise } from '../../src/numeric/kernels/orthonormalise.js';
import { randomStream } from '../../src/numeric/random.js';

const n = 12;
const drawn = randomStream(1, 'spike');
const none = { dimension: n, data: new Float64Array(0), count: 0 };
const random = Float64Array.from({ length: 3 * n }, () => drawn.normal());
const { data: U } = orthonormalise({ dimension: n, data: random, count: 3 }, none, 1e-9);
const spike = [9, 5, 2];
/** U S Uᵀ + μ (1 − U Uᵀ), μ = 1/4. */
const planted = Float64Array.from({ length: n * n }, (_, at) => {
  const [i, j] = [Math.floor(at / n), at % n];
  return spike.reduce((sum, s, l) => sum + (s - 0.25) * U[l * n + i]! * U[l * n + j]!, i === j ? 0.25 : 0);
});

describe('spike and flat', () => {
  it('finds a planted spike, its vectors and the level, and its rank by both rules', () => {
    const { spike: found, vectors, flat, cost } = spikeAndFlat(planted, n, 3);
    [...found].forEach((value, i) => {
      expect(value).toBeCloseTo(spike[i]!, 12);
    });
    expect(flat).toBeCloseTo(0.25, 12);
    expect(cost).toBeLessThan(1e-13);
    for (let l = 0; l < 3; l++) {
      const inner = vectors.subarray(l * n, (l + 1) * n).reduce((sum, x, i) => sum + x * U[l * n + i]!, 0);
      expect(inner ** 2).toBeCloseTo(1, 12);
    }
    expect(spikeRank([...spike, ...Array<number>(9).fill(0.25)], 0.1)).toEqual({ byCost: 3, byRatio: 3, ratio: 8 });
  });

  it('costs exactly nothing where the rest is equal, the same in every unit, and by hand elsewhere', () => {
    const values = [...spike, ...Array<number>(9).fill(0.3)];
    expect(flatnessCosts(values)[3]).toBe(0);
    expect(flatnessGap(values, 3, 7)).toBe(0);
    expect(spikeRank(Array<number>(9).fill(0.3), 1e-12).byCost).toBe(0);
    const uneven = [5, 3, 2, 1];
    // of 3, 2, 1: AM = 2, GM = 6^(1/3)
    expect(flatnessGap(uneven, 1, 7)).toBeCloseTo((7 * 3 * (Math.log(2) - Math.log(6) / 3)) / 2, 12);
    flatnessCosts(uneven.map((x) => 1e-200 * x)).forEach((cost, r) => {
      expect(cost).toBeCloseTo(flatnessCosts(uneven)[r]!, 12);
    });
  });

  it('has the KL divergence of Gaussians as its gap', () => {
    const values = [4, 1.5, 0.7, 0.5];
    const mean = (1.5 + 0.7 + 0.5) / 3;
    // ½ [Tr(R̂⁻¹R) − n + log det R̂ − log det R] for each of m rows; the traces cancel
    const divergence = (3 * Math.log(mean) - Math.log(1.5 * 0.7 * 0.5)) / 2;
    expect(flatnessGap(values, 1, 20)).toBeCloseTo(20 * divergence, 12);
  });

  it('refuses what is not positive definite, not symmetric, not in order', () => {
    const indefinite = Float64Array.from(planted, (x, at) => (at % (n + 1) === 0 ? x - 1 : x));
    expect(() => spikeAndFlat(indefinite, n, 3)).toThrow('positive eigenvalues');
    expect(() => spikeAndFlat(Float64Array.of(1, 0.5, 0, 1), 2, 0)).toThrow('not symmetric');
    expect(() => spikeAndFlat(planted, n, n)).toThrow('from 0 to 11');
    expect(() => flatnessCosts([1, 2])).toThrow('descending');
    expect(() => flatnessCosts([1, 0])).toThrow('null space');
    expect(() => spikeRank([2, 1], 0)).toThrow('tolerance');
    expect(() => flatnessCosts([1e300, 1e-300])).toThrow('ratios that are too large');
    expect(() => flatnessGap([1, 1], 0, Infinity)).toThrow('received Infinity');
  });
});
