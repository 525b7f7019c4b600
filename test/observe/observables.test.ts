import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  effectiveRank,
  gradientHessianOverlap,
  linearSpectrumOverlapNull,
  measuredSpectrum,
  participationRatio,
  randomFractionNull,
  randomOverlapNull,
  subspaceOverlap,
  topFraction,
} from '../../src/observe/index.js';
import { norm } from '../../src/numeric/kernels/norm.js';
import { randomStream } from '../../src/numeric/random.js';
import { denseSnapshot, dot, randomBasis } from './dense-snapshot.js';

const options = { seed: 20181217, numRuns: 60 };
const vector = (n: number, seed: number): Float64Array => {
  const stream = randomStream(seed, 'vector');
  return Float64Array.from({ length: n }, () => stream.normal());
};
/** Multiplicities of up to five levels, and the dimension, at least their sum. */
const shape = fc.record({
  multiplicities: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
  extra: fc.integer({ min: 0, max: 4 }),
  seed: fc.nat(10_000),
});
const build = (
  { multiplicities, extra, seed }: { multiplicities: number[]; extra: number; seed: number },
  remainder: 'null' | 'below' = 'null',
) => {
  const n = multiplicities.reduce((a, b) => a + b, 0) + extra;
  const levels = multiplicities.map((multiplicity, i) => ({
    value: multiplicities.length - i,
    multiplicity,
    error: 1e-9,
  }));
  return denseSnapshot(levels, vector(n, seed), seed, remainder);
};
/** The vectors with those of the range from … to − 1 mixed by a random rotation: another choice inside a multiplet. */
const rotate = (basis: Float64Array[], from: number, to: number, seed: number): Float64Array[] => {
  const turned = randomBasis(to - from, seed).map((row) =>
    basis[0]!.map((_, f) => row.reduce((sum, x, i) => sum + x * basis[from + i]![f]!, 0)),
  );
  return [...basis.slice(0, from), ...turned, ...basis.slice(to)];
};

describe('topFraction', () => {
  it('does not hide eigenvectors that are not orthonormal behind 1', () => {
    const pairs = { dimension: 2, values: Float64Array.of(3, 1), errors: new Float64Array(2) };
    const of = (vectors: Float64Array) => ({
      ...build({ multiplicities: [1], extra: 1, seed: 1 }),
      gradient: Float64Array.of(1, 0),
      spectrum: measuredSpectrum({ ...pairs, vectors }),
    });
    expect(topFraction(of(Float64Array.of(1 + 1e-9, 0, 0, 1)), 1).upper).toBe(1);
    expect(() => topFraction(of(Float64Array.of(1.1, 0, 0, 1)), 1)).toThrow(
      /must lie in \[0, 1\]: they are not orthonormal/,
    );
  });

  it('is an interval that contains f_top for every choice of basis inside the multiplets', () => {
    fc.assert(
      fc.property(shape, fc.nat(100), (s, turn) => {
        const snapshot = build(s);
        let basis = snapshot.basis;
        let start = 0;
        for (const multiplicity of [...s.multiplicities, s.extra]) {
          if (multiplicity > 0) basis = rotate(basis, start, start + multiplicity, turn);
          start += multiplicity;
        }
        const total = dot(snapshot.gradient, snapshot.gradient);
        for (let m = 0; m <= snapshot.parameters; m++) {
          const { lower, upper } = topFraction(snapshot, m);
          const chosen = basis.slice(0, m).reduce((sum, u) => sum + dot(u, snapshot.gradient) ** 2, 0) / total;
          expect(chosen).toBeGreaterThanOrEqual(lower - 1e-12);
          expect(chosen).toBeLessThanOrEqual(upper + 1e-12);
        }
      }),
      options,
    );
  });

  it('attains both ends of the interval', () => {
    const levels = [{ value: 1, multiplicity: 3, error: 0 }];
    const along = denseSnapshot(levels, new Float64Array(3), 1);
    const snapshot = { ...along, gradient: along.basis[0]! };
    const { lower, upper, gap } = topFraction(snapshot, 1);
    expect(lower).toBe(0); // choose basis[1]
    expect(upper).toBeCloseTo(1, 14); // choose basis[0]
    expect(gap).toBe(0);
  });

  it('is one number, with a gap, where the cut separates two levels', () => {
    fc.assert(
      fc.property(shape, (s) => {
        const snapshot = build(s);
        const m = s.multiplicities[0]!;
        const { lower, upper, gap } = topFraction(snapshot, m);
        expect(upper).toBe(lower);
        const next = s.multiplicities.length > 1 ? 1 : s.extra > 0 ? s.multiplicities.length : 0;
        expect(gap).toBe(next);
      }),
      options,
    );
  });

  it('does not change when H or g is rescaled', () => {
    fc.assert(
      fc.property(shape, fc.double({ min: -8, max: 8, noNaN: true }), (s, exponent) => {
        const snapshot = build(s);
        const factor = 10 ** exponent;
        const levels = snapshot.spectrum.levels.map((l) => ({
          ...l,
          value: factor * l.value,
          error: factor * l.error,
        }));
        const scaled = {
          ...snapshot,
          gradient: snapshot.gradient.map((x) => factor * x),
          spectrum: { ...snapshot.spectrum, levels },
        };
        for (let m = 0; m < snapshot.parameters; m++) {
          expect(topFraction(scaled, m).lower).toBeCloseTo(topFraction(snapshot, m).lower, 12);
          expect(topFraction(scaled, m).upper).toBeCloseTo(topFraction(snapshot, m).upper, 12);
        }
      }),
      options,
    );
  });

  it('merges measured eigenvalues whose error bars touch', () => {
    const basis = randomBasis(6, 2);
    const pairs = (error: number) => ({
      dimension: 6,
      values: Float64Array.of(3, 2.001, 2, 1),
      vectors: Float64Array.from(basis.slice(0, 4).flatMap((u) => [...u])),
      errors: new Float64Array(4).fill(error),
    });
    const snapshot = { ...build({ multiplicities: [1], extra: 5, seed: 1 }) };
    const sharp = topFraction({ ...snapshot, spectrum: measuredSpectrum(pairs(1e-4)) }, 2);
    const blurred = topFraction({ ...snapshot, spectrum: measuredSpectrum(pairs(1e-2)) }, 2);
    expect(sharp.upper).toBe(sharp.lower);
    expect(blurred.lower).toBeLessThan(sharp.lower);
    expect(blurred.upper).toBeGreaterThan(sharp.upper);
    expect(blurred.gap).toBeCloseTo(0.001, 12);
  });

  it('chains error bars in both directions: what touches what touches the cut is not ordered either', () => {
    const basis = randomBasis(6, 2);
    const spectrum = measuredSpectrum({
      dimension: 6,
      values: Float64Array.of(3, 2.01, 2.005, 2, 1.995, 1),
      vectors: Float64Array.from(basis.flatMap((u) => [...u])),
      errors: new Float64Array(6).fill(0.003),
    });
    const gradient = vector(6, 9);
    const snapshot = { ...build({ multiplicities: [1], extra: 5, seed: 1 }), gradient, spectrum };
    const energy = basis.map((u) => dot(u, gradient) ** 2 / dot(gradient, gradient));
    const { lower, upper } = topFraction(snapshot, 3);
    expect(lower).toBeCloseTo(energy[0]!, 12);
    expect(upper).toBeCloseTo(
      energy.slice(0, 5).reduce((a, b) => a + b),
      12,
    );
  });

  it('lets the upper end be 1 where the multiplet may go on beyond the last computed eigenvalue', () => {
    const snapshot = build({ multiplicities: [2, 3], extra: 4, seed: 3 }, 'below');
    expect(topFraction(snapshot, 3).upper).toBe(1);
    expect(topFraction(snapshot, 2).upper).toBeLessThan(1);
  });

  it('asks for one eigenvalue more than the cut, and for a gradient', () => {
    const snapshot = build({ multiplicities: [1, 1], extra: 2, seed: 1 }, 'below');
    expect(() => topFraction(snapshot, 2)).toThrow(/a cut after 2 needs at least 3: compute more/);
    expect(() => topFraction(snapshot, -1)).toThrow(/m must be an integer from 0 to 4, received -1/);
    expect(() => topFraction({ ...snapshot, gradient: new Float64Array(4) }, 1)).toThrow(/gradient is zero/);
  });
});

describe('subspaceOverlap', () => {
  it('is 1 with itself, symmetric, and within [0, 1]', () => {
    fc.assert(
      fc.property(shape, (s) => {
        const a = build(s);
        const b = { ...build({ ...s, seed: s.seed + 1 }) };
        const m = s.multiplicities[0]!;
        expect(subspaceOverlap(a, a, m).lower).toBeCloseTo(1, 12);
        const [ab, ba] = [subspaceOverlap(a, b, m), subspaceOverlap(b, a, m)];
        expect(ab.lower).toBeCloseTo(ba.lower, 12);
        expect(ab.upper).toBeLessThanOrEqual(1);
        expect(ab.lower).toBeGreaterThanOrEqual(0);
      }),
      options,
    );
  });

  it('encloses the overlap for every choice inside degenerate cuts', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (seed, turn) => {
        const s = { multiplicities: [1, 3, 2], extra: 3, seed };
        const [a, b] = [build(s), build({ ...s, seed: seed + 1 })];
        const basis = rotate(a.basis, 1, 4, turn);
        const other = rotate(b.basis, 1, 4, turn + 7);
        for (const [m, skip] of [
          [2, 0],
          [3, 0],
          [1, 2],
          [3, 2],
          [2, 1],
        ] as const) {
          const { lower, upper } = subspaceOverlap(a, b, m, skip);
          let chosen = 0;
          for (const u of basis.slice(skip, skip + m))
            for (const v of other.slice(skip, skip + m)) chosen += dot(u, v) ** 2 / m;
          expect(chosen).toBeGreaterThanOrEqual(lower - 1e-12);
          expect(chosen).toBeLessThanOrEqual(upper + 1e-12);
        }
      }),
      options,
    );
  });

  it('averages k/dim over random subspaces', () => {
    const draws = 400;
    let mean = 0;
    const level = [{ value: 1, multiplicity: 3, error: 0 }];
    for (let i = 0; i < draws; i++) {
      mean +=
        subspaceOverlap(denseSnapshot(level, vector(12, 1), i), denseSnapshot(level, vector(12, 1), 10_000 + i), 3)
          .lower / draws;
    }
    expect(Math.abs(mean - randomOverlapNull(3, 12))).toBeLessThan((5 * 0.12) / Math.sqrt(draws));
  });

  it('refuses snapshots of different dimension', () => {
    const a = build({ multiplicities: [1, 1], extra: 1, seed: 1 });
    const b = build({ multiplicities: [1, 1], extra: 2, seed: 1 });
    expect(() => subspaceOverlap(a, b, 1)).toThrow(/3 and 4 differ/);
  });
});

describe('a gradient of any length', () => {
  it('has the same f_top, and a norm', () => {
    fc.assert(
      fc.property(shape, fc.integer({ min: -1000, max: 1000 }), (s, exponent) => {
        const snapshot = build(s);
        const gradient = snapshot.gradient.map((x) => x * 2 ** exponent);
        const m = s.multiplicities[0]!;
        expect(topFraction({ ...snapshot, gradient }, m)).toEqual(topFraction(snapshot, m));
        expect(norm(gradient)).toBe(2 ** exponent * norm(snapshot.gradient));
      }),
      options,
    );
    expect(norm(new Float64Array(3))).toBe(0);
    expect(norm(Float64Array.of(3e-320, 4e-320)) / 5e-320).toBeCloseTo(1, 3);
  });
});

describe('gradientHessianOverlap', () => {
  it('is 1 for an eigenvector and the cosine otherwise', () => {
    const snapshot = build({ multiplicities: [1, 1], extra: 0, seed: 5 });
    const [u, v] = snapshot.basis as [Float64Array, Float64Array];
    expect(gradientHessianOverlap({ ...snapshot, gradient: v })).toBeCloseTo(1, 14);
    const mixed = u.map((x, i) => x + v[i]!); // eigenvalues 2 and 1: (2 + 1)/√(2 · 5)
    expect(gradientHessianOverlap({ ...snapshot, gradient: mixed })).toBeCloseTo(3 / Math.sqrt(10), 14);
  });

  it('neither underflows nor exceeds 1 for gradients of any size', () => {
    fc.assert(
      fc.property(shape, fc.double({ min: -300, max: 300, noNaN: true }), (s, exponent) => {
        const snapshot = build({ ...s, extra: 0 });
        const scaled = { ...snapshot, gradient: snapshot.gradient.map((x) => x * 10 ** exponent) };
        expect(gradientHessianOverlap(scaled)).toBeCloseTo(gradientHessianOverlap(snapshot), 12);
        expect(gradientHessianOverlap(scaled)).toBeLessThanOrEqual(1);
      }),
      options,
    );
  });

  it('refuses a zero gradient and one in the null space', () => {
    const snapshot = build({ multiplicities: [1], extra: 1, seed: 5 });
    expect(() => gradientHessianOverlap({ ...snapshot, gradient: new Float64Array(2) })).toThrow(
      /the gradient is zero/,
    );
    const flat = { ...snapshot.hessian, apply: (block: Float64Array) => block.map(() => 0) };
    expect(() => gradientHessianOverlap({ ...snapshot, hessian: flat })).toThrow(/H times the gradient is zero/);
  });
});

describe('null values', () => {
  it('are m/dim, k/dim and √(3(k+1)/(2(2k+1)))', () => {
    expect(randomFractionNull(10, 7840)).toBe(10 / 7840);
    expect(linearSpectrumOverlapNull(1)).toBe(1);
    expect(linearSpectrumOverlapNull(10)).toBeCloseTo(Math.sqrt(33 / 42), 15);
    expect(linearSpectrumOverlapNull(1e9)).toBeCloseTo(linearSpectrumOverlapNull(Infinity), 8);
  });
});

describe('spectral dimensions', () => {
  it('are n for n equal eigenvalues, however they are grouped', () => {
    const grouped = { levels: [{ value: 2, multiplicity: 7, error: 0 }] };
    const single = { levels: Array.from({ length: 7 }, () => ({ value: 2, multiplicity: 1, error: 0 })) };
    for (const spectrum of [grouped, single]) {
      expect(participationRatio(spectrum)).toBeCloseTo(7, 12);
      expect(effectiveRank(spectrum)).toBeCloseTo(7, 12);
    }
  });

  it('are ordered: 1 ≤ participation ratio ≤ effective rank ≤ rank, and do not see the scale', () => {
    const values = fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (v, factor) => {
        const spectrum = { levels: v.map((value) => ({ value, multiplicity: 1, error: 0 })) };
        const scaled = { levels: v.map((value) => ({ value: factor * value, multiplicity: 1, error: 0 })) };
        const [ratio, rank] = [participationRatio(spectrum), effectiveRank(spectrum)];
        expect(ratio).toBeGreaterThanOrEqual(1 - 1e-12);
        expect(rank).toBeGreaterThanOrEqual(ratio * (1 - 1e-12));
        expect(rank).toBeLessThanOrEqual(v.length * (1 + 1e-12));
        expect(participationRatio(scaled)).toBeCloseTo(ratio, 9);
      }),
      options,
    );
    expect(() => participationRatio({ levels: [] })).toThrow(/no positive eigenvalue/);
  });
});
