import {
  added,
  samePolynomial,
  evaluate,
  multiplied,
  polynomial,
  scaled,
  subtracted,
  X,
  type Polynomial,
} from './exact/polynomial.js';
import { exactRank } from './exact/rank.js';
import {
  applyHessian,
  centred,
  difference,
  firstLevel,
  isEigenvector,
  secondLevel,
  type ClassMatrix,
} from './exact/symmetric-hessian.js';
import { once, provenClasses, relativeDifference, scientific, worst } from './numerics.js';
import type { Theorem } from './theorem.js';

/**
 * Inputs (μ_a, 1). The constant feature adds one copy of the standard irrep of S_k, nothing else. For v with Σv = 0 put
 *   X₁: columns v_a (k n_a), bias k v,    X₂: columns (k−1) P_a v, bias k(k−2) v     (integer for integer v).
 * H maps their span to itself: in units in which w_a = β₁ v_a n_a + β₂ P_a v and γ = β₁ + β₂ k(k−2)/(k−1) is the bias,
 *   (β₁, β₂) → (λ₁ (β₁ + γ k/(k−1)), λ₂ (β₂ + γ)),
 * a 2×2 matrix whose eigenvalues are those of the symmetric block of biasLevels. B keeps λ₁, once; matrices with zero
 * diagonal, zero row and column sums keep λ₂, k² − 3k + 1 times. The characteristic polynomial is negative at λ₁, so
 * standard+ lies above λ₁ and standard− below it: the top group is k − 1 larger and one smaller, the gradient.
 */

/** w_a = b1 v_a k n_a + b2 ((k−1) v − v_a k n_a), bias = the sum of the columns; b1 and b2 count in units of 1/k, 1/(k−1). */
function standardVector(k: number, v: readonly bigint[], b1: bigint, b2: bigint): ClassMatrix {
  const rows = v.map((vc, c) =>
    v.map((va, a) => b1 * va * centred(k, a)[c]! + b2 * (BigInt(k - 1) * vc - va * centred(k, a)[c]!)),
  );
  return rows.map((row) => [...row, row.reduce((sum, entry) => sum + entry)]);
}

/** k Z² times the 2×2 matrix of H on (b1, b2), read off the formula in the docstring. */
function standardBlock(k: number): readonly [Polynomial, Polynomial, Polynomial, Polynomial] {
  // β₁ = k b1, β₂ = (k−1) b2, γ = k b1 + k(k−2) b2; then b1′ = kλ₁ (b1 + γ/(k−1)), b2′ = kλ₂ (b2 + γ/(k−1)). Times (k−1).
  const first = firstLevel(k);
  const second = secondLevel(k);
  return [scaled(first, 2 * k - 1), scaled(first, k * (k - 2)), scaled(second, k), scaled(second, k - 1 + k * (k - 2))];
}

/** Every sector is an eigenspace, with its dimension, as polynomials in e^α. */
const sectorsAreExact = once(() =>
  provenClasses.every((k) => {
    const withBias = (columns: ClassMatrix): ClassMatrix => columns.map((row) => [...row, 0n]);
    const gradient = withBias(Array.from({ length: k }, (_, c) => centred(k, c)));
    const bulk = miniBulkVectors(k).map(withBias);
    return (
      isEigenvector(k, gradient, firstLevel(k), true) &&
      bulk.every((vector) => isEigenvector(k, vector, secondLevel(k), true)) &&
      exactRank(bulk.map((vector) => vector.flat())) === (k > 2 ? k * k - 3 * k + 1 : 0) &&
      blockIsRight(k) &&
      firstLevelSplitsTheBlock(k)
    );
  }),
);

export const biasSplitting: Theorem = {
  id: 'bias-splitting',
  statement:
    'with biases the top group splits into k−1 larger eigenvalues and one smaller, λ₁, and the gradient is the eigenvector of the smaller',
  formula: String.raw`\begin{gathered} \lambda_1(H) = \dots = \lambda_{k-1}(H) = \lambda_{\mathrm{std}+} > \lambda_k(H) = \lambda_1 > \lambda_{k+1}(H), \\ H G = \lambda_1 G, \qquad \lambda_1 = \frac{\varepsilon(1-\varepsilon)}{k-1} \end{gathered}`,
  assumptions: 'zero noise, orthonormal means, W = αB, biases 0, t > 0',
  reference: 'GRD18 §4 (claim without formula); 3×3 standard block derived here',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    const errors = [2, 3, 5, 20, 300].flatMap((k) =>
      [0.05, 1, 6, 9, 20].flatMap((alpha) => {
        const levels = laws.biasLevels(laws.symmetricPointAtMargin(k, alpha), k + 2);
        const expected = expectedLevels(k, Math.exp(alpha));
        if (levels.length !== expected.length) return [Infinity];
        return levels.flatMap((level, i) => [
          relativeDifference(level.value, expected[i]!.value),
          level.multiplicity === expected[i]!.multiplicity ? 0 : Infinity,
        ]);
      }),
    );
    const aligned = [2, 3, 6].map((k) => {
      const { lower } = laws.topFraction(laws.biasSnapshot(k, k, 100), k);
      const above = laws.topFraction(laws.biasSnapshot(k, k, 100), k - 1).upper;
      return Math.max(Math.abs(lower - 1), above);
    });
    const error = worst([...errors, ...aligned]);
    return {
      holds: sectorsAreExact() && error <= 1e-11,
      evidence: `sectors exact in e^α for k = 2…8; library off by ${scientific(error)} for k to 300`,
    };
  },
};

/** H on the standard sector is the block: checked on X₁ and X₂ for v = e_0 − e_1; permuting the classes gives every v of zero sum. */
function blockIsRight(k: number): boolean {
  const v = difference(k, 0, 1);
  const basis = [standardVector(k, v, 1n, 0n), standardVector(k, v, 0n, 1n)] as const;
  const [m11, m12, m21, m22] = standardBlock(k);
  const images = [
    [m11, m21],
    [m12, m22],
  ] as const;
  return basis.every((vector, j) => {
    if (k === 2 && j === 1) return true; // P_a v = 0: there is no second copy
    const moved = applyHessian(k, vector, true);
    const [toFirst, toSecond] = images[j]!;
    return moved.every((row, c) =>
      row.every((entry, f) => {
        const expected = [scaled(toFirst, basis[0][c]![f]!), scaled(toSecond, basis[1][c]![f]!)];
        return samePolynomial(scaled(entry, k - 1), added(expected[0]!, expected[1]!));
      }),
    );
  });
}

/** det(M − λ₁) < 0 for every x > 0: all its coefficients are ≤ 0 and not all vanish. For k = 2: M₁₁ > λ₁. */
function firstLevelSplitsTheBlock(k: number): boolean {
  const [m11, m12, m21, m22] = standardBlock(k);
  const shift = scaled(firstLevel(k), k - 1);
  if (k === 2) return samePolynomial(subtracted(m11, shift), scaled(firstLevel(k), 2));
  const determinant = subtracted(multiplied(subtracted(m11, shift), subtracted(m22, shift)), multiplied(m12, m21));
  // At x = 1 (t = 0) the two lower levels meet, λ₁ = λ₂: the determinant is −(positive) x (x − 1), divisible by x(x − 1).
  const quotient = multiplied(X, polynomial(-1, 1));
  const ratio = divide(determinant, quotient);
  return ratio?.every((coefficient) => coefficient <= 0n) === true && ratio.some((coefficient) => coefficient < 0n);
}

/** Matrices with zero diagonal and zero row and column sums, from 3-cycles and 4-cycles of entries. */
function miniBulkVectors(k: number): bigint[][][] {
  const vectors: bigint[][][] = [];
  const entries = (places: readonly (readonly [number, number, bigint])[]): bigint[][] => {
    const matrix = Array.from({ length: k }, () => new Array<bigint>(k).fill(0n));
    for (const [c, a, value] of places) matrix[c]![a]! += value;
    return matrix;
  };
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      for (let c = 0; c < k; c++) {
        if (new Set([a, b, c]).size < 3) continue;
        vectors.push(
          entries([
            [a, b, 1n],
            [b, c, 1n],
            [c, a, 1n],
            [b, a, -1n],
            [c, b, -1n],
            [a, c, -1n],
          ]),
        );
        for (let d = 0; d < k; d++) {
          if (new Set([a, b, c, d]).size < 4) continue;
          vectors.push(
            entries([
              [a, c, 1n],
              [b, d, 1n],
              [a, d, -1n],
              [b, c, -1n],
            ]),
          );
        }
      }
    }
  }
  return vectors;
}

function expectedLevels(k: number, x: number): { value: number; multiplicity: number }[] {
  const Z = x + k - 1;
  const unit = 1 / (k * Z ** 2);
  const [m11, m12, m21, m22] = standardBlock(k).map((entry) => (evaluate(entry, x) * unit) / (k - 1));
  const half = (m11! + m22!) / 2;
  const upper = k === 2 ? m11! : half + Math.sqrt(((m11! - m22!) / 2) ** 2 + m12! * m21!);
  const lower = (m11! * m22! - m12! * m21!) / upper;
  return [
    { value: upper, multiplicity: k - 1 },
    { value: x / Z ** 2, multiplicity: 1 },
    { value: lower, multiplicity: k > 2 ? k - 1 : 0 },
    { value: 1 / (k * Z), multiplicity: k > 2 ? k * k - 3 * k + 1 : 0 },
    { value: 0, multiplicity: k * (k + 3) - k * (k - 1) },
  ].filter((level) => level.multiplicity > 0);
}

/** p / q for a monic q, or undefined if the division leaves a remainder. */
function divide(p: Polynomial, q: Polynomial): Polynomial | undefined {
  const rest = [...p];
  const quotient: bigint[] = [];
  for (let degree = p.length - q.length; degree >= 0; degree--) {
    const factor = rest[degree + q.length - 1] ?? 0n;
    quotient.unshift(factor);
    q.forEach((coefficient, i) => (rest[degree + i]! -= factor * coefficient));
  }
  return rest.every((coefficient) => coefficient === 0n) ? polynomial(...quotient) : undefined;
}
