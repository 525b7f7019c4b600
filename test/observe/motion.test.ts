import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dominance,
  effectiveDimension,
  matrixDimension,
  pastFractions,
  predictedChange,
  topFraction,
  updateSpectrum,
} from '../../src/observe/index.js';
import { randomStream } from '../../src/numeric/random.js';
import { denseSnapshot, dot, randomBasis } from './dense-snapshot.js';

const vector = (n: number, seed: number): Float64Array => {
  const stream = randomStream(seed, 'vector');
  return Float64Array.from({ length: n }, () => stream.normal());
};
const simple = (values: readonly number[]) => values.map((value) => ({ value, multiplicity: 1, error: 0 }));
const runs = { seed: 20240527, numRuns: 60 };

describe('dominance', () => {
  it('is √f_top for the gradient, 1 inside, 0 outside, and does not see the length', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 4 }), (seed, m) => {
        const snapshot = denseSnapshot(simple([5, 4, 3, 2, 1]), vector(9, seed), seed);
        const chi = dominance(snapshot.spectrum, snapshot.gradient, m);
        const fraction = topFraction(snapshot, m);
        expect(chi.lower ** 2).toBeCloseTo(fraction.lower, 14);
        expect(chi.gap).toBe(fraction.gap);
        const longer = snapshot.gradient.map((x) => 1e6 * x);
        expect(dominance(snapshot.spectrum, longer, m).lower).toBeCloseTo(chi.lower, 13);
        expect(dominance(snapshot.spectrum, snapshot.basis[0]!, m).lower).toBeCloseTo(1, 13);
        expect(dominance(snapshot.spectrum, snapshot.basis[m]!, m).upper).toBeLessThan(1e-13);
      }),
      runs,
    );
  });

  it('is an interval where the cut goes through a multiplet, and refuses the zero vector', () => {
    const { spectrum, basis } = denseSnapshot([{ value: 1, multiplicity: 3, error: 0 }], vector(5, 1), 1);
    const { lower, upper } = dominance(spectrum, basis[1]!, 2);
    expect(lower).toBe(0);
    expect(upper).toBeCloseTo(1, 14);
    expect(() => dominance(spectrum, new Float64Array(5), 2)).toThrow(/χ is undefined: the vector is zero/);
  });
});

describe('pastFractions', () => {
  it('is f_top for the same time and m/dim on average for unrelated subspaces', () => {
    const levels = simple([3, 2, 1]);
    const now = denseSnapshot(levels, vector(12, 1), 1);
    const past = Array.from({ length: 400 }, (_, i) => ({ ...denseSnapshot(levels, vector(12, 1), i + 10), time: i }));
    const [same, ...others] = pastFractions(now.gradient, [{ ...now, time: 7 }, ...past], 2);
    expect(same).toMatchObject({ time: 7, lower: topFraction(now, 2).lower });
    const mean = others.reduce((sum, { lower }) => sum + lower / 400, 0);
    // ‖P x‖²/‖x‖² is Beta(1, 5): variance (2/12)(10/12)/(12/2 + 1).
    expect(Math.abs(mean - 2 / 12)).toBeLessThan(5 * Math.sqrt(((2 / 12) * (10 / 12)) / 7 / 400));
    expect(others.map(({ time }) => time)).toEqual(past.map(({ time }) => time));
  });
});

describe('updateSpectrum', () => {
  /** Updates U diag(σ) Vᵀ with known singular values. */
  const updates = (sigmas: readonly number[], n: number, seed: number): Float64Array[] => {
    const [u, v] = [randomBasis(n, seed), randomBasis(sigmas.length, seed + 1)];
    return sigmas.map((_, i) =>
      Float64Array.from({ length: n }, (__, f) => sigmas.reduce((sum, s, k) => sum + s * u[k]![f]! * v[k]![i]!, 0)),
    );
  };

  it('finds singular values that were put in, to the resolution of the Gram matrix, and the edge', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 5 }), (seed, edge) => {
        const sigmas = Array.from({ length: 7 }, (_, i) => (i < edge ? 10 - i / 2 : 1 - i / 20));
        const result = updateSpectrum(updates(sigmas, 40, seed));
        // |δσ²| ≤ w eps σ₁² and a few roundings, with σ ≥ σ₇ = 0.7.
        result.singularValues.forEach((sigma, i) => {
          expect(Math.abs(sigma - sigmas[i]!)).toBeLessThan((4 * 40 * Number.EPSILON * 100) / 0.7);
        });
        expect(result.edge).toBe(edge);
        expect(result.relativeGaps[edge - 1]).toBeCloseTo(1 - sigmas[edge]! / sigmas[edge - 1]!, 10);
      }),
      runs,
    );
  });

  it('is the same at any scale', () => {
    const window = updates([3, 2, 1], 20, 5);
    const reference = updateSpectrum(window);
    for (const scale of [2 ** -700, 2 ** 700]) {
      const scaled = updateSpectrum(window.map((update) => update.map((x) => scale * x)));
      expect(scaled).toEqual({
        ...reference,
        singularValues: reference.singularValues.map((sigma) => scale * sigma),
        gaps: reference.gaps.map((gap) => gap * scale * scale),
        drift: scale * reference.drift,
      });
    }
  });

  it('calls what the Gram matrix cannot resolve zero, and does not take it for the edge', () => {
    const { singularValues, edge } = updateSpectrum(updates([1, 0.9, 0.1, 1e-12, 0], 30, 3));
    expect(singularValues.slice(3)).toEqual([0, 0]);
    expect(edge).toBe(2);
    const parallel = updateSpectrum([vector(6, 1), vector(6, 1), vector(6, 1)]);
    expect(parallel).toMatchObject({ edge: 1 });
    expect(parallel.relativeGaps[0]).toBe(1);
  });

  it('does not depend on the order of the updates, and refuses windows that are none', () => {
    const window = updates([3, 2, 1], 20, 4);
    const [a, b] = [updateSpectrum(window), updateSpectrum([...window].reverse())];
    a.singularValues.forEach((sigma, i) => {
      expect(sigma).toBeCloseTo(b.singularValues[i]!, 13);
    });
    expect(() => updateSpectrum([vector(3, 1)])).toThrow(/at least 2 updates, received 1/);
    expect(() => updateSpectrum([vector(3, 1), vector(4, 1)])).toThrow(/one length, received 3, 4/);
    expect(() => updateSpectrum([new Float64Array(3), new Float64Array(3)])).toThrow(/all updates are zero/);
  });
});

describe('matrixDimension', () => {
  it('is 1 for rank one, r for r equal singular values, wide or tall, at any scale', () => {
    const [u, v] = [randomBasis(8, 1), randomBasis(5, 2)];
    for (const rank of [1, 3, 5]) {
      for (const factor of [1e-200, 1, 1e200]) {
        const entry = (i: number, j: number): number => {
          let sum = 0;
          for (let k = 0; k < rank; k++) sum += factor * u[k]![i]! * v[k]![j]!;
          return sum;
        };
        const tall = Float64Array.from({ length: 40 }, (_, at) => entry(Math.floor(at / 5), at % 5));
        const wide = Float64Array.from({ length: 40 }, (_, at) => entry(at % 8, Math.floor(at / 8)));
        for (const matrix of [
          { rows: 8, columns: 5, data: tall },
          { rows: 5, columns: 8, data: wide },
        ]) {
          const { stableRank, participationRatio } = matrixDimension(matrix);
          expect(stableRank).toBeCloseTo(rank, 12);
          expect(participationRatio).toBeCloseTo(rank, 12);
        }
      }
    }
  });

  it('is Σσ²/σ₁² and (Σσ²)²/Σσ⁴ of a diagonal matrix, and ordered', () => {
    const data = new Float64Array(12);
    [3, 2, 1].forEach((sigma, i) => (data[i * 4 + i] = sigma));
    const { stableRank, participationRatio } = matrixDimension({ rows: 3, columns: 4, data });
    expect(stableRank).toBeCloseTo(14 / 9, 14);
    expect(participationRatio).toBeCloseTo(14 ** 2 / (81 + 16 + 1), 14);
    expect(participationRatio).toBeGreaterThan(stableRank);
  });

  it('refuses data that does not fill the matrix, and zero', () => {
    expect(() => matrixDimension({ rows: 2, columns: 3, data: new Float64Array(5) })).toThrow(/6 entries, received 5/);
    expect(() => matrixDimension({ rows: 2, columns: 3, data: new Float64Array(6) })).toThrow(/no dimension/);
  });
});

describe('effectiveDimension', () => {
  it('counts the eigenvalues above c: from all positive ones to none, half of one at λ = c', () => {
    const spectrum = { levels: [...simple([10]), { value: 1, multiplicity: 3, error: 0 }, ...simple([-2])] };
    expect(effectiveDimension(spectrum, 1e-12)).toBeCloseTo(4, 10);
    expect(effectiveDimension(spectrum, 1)).toBeCloseTo(10 / 11 + 3 / 2, 14);
    expect(effectiveDimension(spectrum, 1e12)).toBeLessThan(1e-10);
    expect(() => effectiveDimension(spectrum, 0)).toThrow(/c must be positive, received 0/);
  });
});

describe('predictedChange', () => {
  /** A quadratic loss with the snapshot's gradient and Hessian: its change along any step, from one product. */
  const actual = (snapshot: ReturnType<typeof denseSnapshot>, step: Float64Array): number =>
    dot(snapshot.gradient, step) + dot(step, snapshot.hessian.apply(step, 1)) / 2;
  const part = (basis: readonly Float64Array[], g: Float64Array): Float64Array =>
    g.map((_, f) => basis.reduce((sum, u) => sum + dot(u, g) * u[f]!, 0));

  it('is what a quadratic loss does along g_top, g_bulk and g', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.integer({ min: 0, max: 9 }),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        (seed, m, eta) => {
          const snapshot = denseSnapshot(simple([5, 4, 2.5, 1, -1, -2]), vector(6, seed), seed);
          const cut = Math.min(m, 6);
          const [top, bulk] = [snapshot.basis.slice(0, cut), snapshot.basis.slice(cut)].map((b) =>
            part(b, snapshot.gradient).map((x) => -eta * x),
          );
          const { firstOrder, secondOrder } = predictedChange(snapshot, cut, eta);
          const scale = 100 * (1 + eta) ** 2 * dot(snapshot.gradient, snapshot.gradient) * Number.EPSILON;
          const all = snapshot.gradient.map((x) => -eta * x);
          for (const [range, step] of [
            [secondOrder.top, top!],
            [secondOrder.bulk, bulk!],
            [{ lower: secondOrder.all, upper: secondOrder.all }, all],
          ] as const) {
            expect(Math.abs(range.lower - actual(snapshot, step))).toBeLessThan(scale);
            expect(Math.abs(range.upper - actual(snapshot, step))).toBeLessThan(scale);
          }
          expect(Math.abs(firstOrder.top.lower - dot(snapshot.gradient, top!))).toBeLessThan(scale);
          expect(Math.abs(firstOrder.bulk.upper - dot(snapshot.gradient, bulk!))).toBeLessThan(scale);
          expect(Math.abs(firstOrder.all - dot(snapshot.gradient, all))).toBeLessThan(scale);
        },
      ),
      runs,
    );
  });

  it('encloses every choice inside a multiplet, and attains its ends', () => {
    const levels = [...simple([3]), { value: 1, multiplicity: 3, error: 0 }];
    for (let seed = 0; seed < 20; seed++) {
      const snapshot = denseSnapshot(levels, vector(7, seed), seed);
      for (const eta of [0.5, 1.9, 2.5]) {
        const { secondOrder, firstOrder } = predictedChange(snapshot, 2, eta);
        const turned = randomBasis(3, seed).map((row) =>
          snapshot.gradient.map((_, f) => row.reduce((sum, x, i) => sum + x * snapshot.basis[1 + i]![f]!, 0)),
        );
        for (const choice of turned) {
          const step = part([snapshot.basis[0]!, choice], snapshot.gradient).map((x) => -eta * x);
          expect(actual(snapshot, step)).toBeGreaterThanOrEqual(secondOrder.top.lower - 1e-12);
          expect(actual(snapshot, step)).toBeLessThanOrEqual(secondOrder.top.upper + 1e-12);
          const others = snapshot.gradient.map((x, i) => -eta * x - step[i]!);
          expect(actual(snapshot, others)).toBeGreaterThanOrEqual(secondOrder.bulk.lower - 1e-12);
          expect(actual(snapshot, others)).toBeLessThanOrEqual(secondOrder.bulk.upper + 1e-12);
        }
        const inside = part(snapshot.basis.slice(0, 4), snapshot.gradient).map((x) => -eta * x);
        const end = eta < 2 ? secondOrder.top.lower : secondOrder.top.upper;
        expect(end).toBeCloseTo(actual(snapshot, inside), 10);
        expect(firstOrder.top.lower).toBeCloseTo(dot(snapshot.gradient, inside), 10);
      }
    }
  });

  it('gives the null space no curvature where the cut reaches it', () => {
    const snapshot = denseSnapshot(simple([2]), vector(4, 3), 3);
    const { secondOrder } = predictedChange(snapshot, 2, 0.1);
    const rest = dot(snapshot.gradient, snapshot.gradient) - dot(snapshot.basis[0]!, snapshot.gradient) ** 2;
    expect(secondOrder.top.upper - secondOrder.top.lower).toBeCloseTo(0.1 * rest, 12);
  });

  it('asks for more where the multiplet at the cut may go on', () => {
    const snapshot = denseSnapshot([...simple([2]), { value: 1, multiplicity: 2, error: 0 }], vector(6, 3), 3, 'below');
    expect(() => predictedChange(snapshot, 2, 0.1)).toThrow(/may go on below the last eigenvalue: compute more/);
  });
});
