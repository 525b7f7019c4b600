import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIdenticallyZero } from '../../theory/exact/identity.js';
import { added, samePolynomial, evaluate, multiplied, polynomial, subtracted } from '../../theory/exact/polynomial.js';
import { exactRank } from '../../theory/exact/rank.js';

const options = { seed: 3, numRuns: 100 };
const poly = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 6 }).map((c) => polynomial(...c));

describe('polynomials', () => {
  it('form a ring: commutative, associative, distributive', () => {
    fc.assert(
      fc.property(poly, poly, poly, (p, q, r) => {
        expect(samePolynomial(multiplied(p, q), multiplied(q, p))).toBe(true);
        expect(samePolynomial(multiplied(p, added(q, r)), added(multiplied(p, q), multiplied(p, r)))).toBe(true);
        expect(samePolynomial(subtracted(added(p, q), q), p)).toBe(true);
      }),
      options,
    );
  });

  it('evaluate as sums and products of values', () => {
    fc.assert(
      fc.property(poly, poly, fc.integer({ min: -4, max: 4 }), (p, q, x) => {
        expect(evaluate(multiplied(p, q), x)).toBe(evaluate(p, x) * evaluate(q, x) + 0);
      }),
      options,
    );
  });
});

describe('exactRank', () => {
  it('is the size of the smaller factor of a product of full-rank matrices', () => {
    const entries = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 36, maxLength: 36 });
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 5 }), (e, rank) => {
        // L is unit lower trapezoidal, so it has full column rank; U likewise.
        const L = Array.from({ length: 6 }, (_, i) =>
          Array.from({ length: rank }, (__, j) => (i === j ? 1 : i > j ? e[6 * i + j]! : 0)),
        );
        const U = Array.from({ length: rank }, (_, i) =>
          Array.from({ length: 6 }, (__, j) => (i === j ? 1 : i < j ? e[6 * i + j]! : 0)),
        );
        const product = L.map((row) => U[0]!.map((_, j) => BigInt(row.reduce((sum, l, i) => sum + l * U[i]![j]!, 0))));
        expect(exactRank(product)).toBe(rank);
      }),
      options,
    );
  });
});

describe('isIdenticallyZero', () => {
  it('accepts identities and refuses what only nearly vanishes', () => {
    expect(isIdenticallyZero('(a + b)^2 - a^2 - 2*a*b - b^2', ['a', 'b'], 2)).toBe(true);
    expect(isIdenticallyZero('(a + b)^2 - a^2 - 2*a*b - b^2 - 1/10^30', ['a', 'b'], 2)).toBe(false);
    expect(isIdenticallyZero('(x - 5/2) * (x - 3)', ['x'], 2)).toBe(false); // vanishes at the first two grid points
  });
});

describe('isIdenticallyZero', () => {
  it('computes in exact fractions', () => {
    expect(isIdenticallyZero('1/10 + 2/10 - 3/10 + 0.1 + 0.2 - 0.3', [], 1)).toBe(true);
    expect(isIdenticallyZero('x + 1/10^30 - x', ['x'], 2)).toBe(false);
  });
});
