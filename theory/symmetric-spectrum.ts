import { exactRank } from './exact/rank.js';
import { added, samePolynomial, multiplied, polynomial, scaled, X } from './exact/polynomial.js';
import {
  applyHessian,
  centred,
  difference,
  firstLevel,
  inColumn,
  isEigenvector,
  secondLevel,
  type ClassMatrix,
} from './exact/symmetric-hessian.js';
import { provenClasses, relativeDifference, scientific, worst } from './numerics.js';
import type { Theorem } from './theorem.js';

/**
 * At the symmetric point the classes decouple and class a contributes S_a ⊗ μ_a μ_aᵀ/k. With x = e^α, Z = x + k − 1:
 *   S_a (k e_a − 1) = (k x/Z²) (k e_a − 1),      S_a (e_b − e_c) = (1/Z) (e_b − e_c) for b, c ≠ a,      S_a 1 = 0.
 * These k + k(k−2) + k vectors are a basis of R^k ⊗ span(μ), so the list is complete.
 */

/** Eigenvectors of each kind for one number of classes, times k where that makes them integer. */
function eigenvectors(k: number): { first: ClassMatrix[]; second: ClassMatrix[]; gauge: ClassMatrix[] } {
  const classes = Array.from({ length: k }, (_, a) => a);
  return {
    first: classes.map((a) => inColumn(k, a, centred(k, a))),
    second: classes.flatMap((a) => {
      const [b, ...others] = classes.filter((c) => c !== a);
      return others.map((c) => inColumn(k, a, difference(k, b!, c)));
    }),
    gauge: classes.map((a) => inColumn(k, a, new Array<bigint>(k).fill(1n))),
  };
}

/** Margins at which the library is confronted; e^α is the double, everything after it is the theorem's own formula. */
const margins = [0, 1e-6, 0.3, 2, 9, 27];

export const symmetricSpectrum: Theorem = {
  id: 'symmetric-spectrum',
  statement: 'H has λ₁ = ε(1−ε)/(k−1) k-fold, λ₂ = ε/(k(k−1)) k(k−2)-fold, and 0 on the rest',
  formula: String.raw`\operatorname{spec} H: \qquad \begin{aligned} \lambda_1 &= \frac{\varepsilon(1-\varepsilon)}{k-1} & k&\text{-fold} \\ \lambda_2 &= \frac{\varepsilon}{k(k-1)} & \quad k(k-2)&\text{-fold} \\ 0 & & kd - k(k-1)&\text{-fold} \end{aligned}`,
  assumptions: 'zero noise, orthonormal means, W = αB',
  reference: 'GRD18 §4, generalised to k classes',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    let proven = true;
    for (const k of provenClasses) {
      const { first, second, gauge } = eigenvectors(k);
      proven &&= first.every((v) => isEigenvector(k, v, firstLevel(k)));
      proven &&= second.every((v) => isEigenvector(k, v, secondLevel(k)));
      proven &&= gauge.every((v) => isEigenvector(k, v, polynomial()));
      proven &&= exactRank([...first, ...second, ...gauge].map((v) => v.flat())) === k * k;
      proven &&= first.length === k && second.length === k * (k - 2);
    }
    const errors = [2, 3, 8, 50, 1000].flatMap((k) =>
      margins.flatMap((alpha) => {
        const Z = Math.exp(alpha) + k - 1;
        const levels = laws.symmetricLevels(laws.symmetricPointAtMargin(k, alpha), 2 * k);
        const expected = [
          { value: Math.exp(alpha) / Z ** 2, multiplicity: k },
          { value: 1 / (k * Z), multiplicity: k * (k - 2) },
          { value: 0, multiplicity: 2 * k * k - k * (k - 1) },
        ].filter((level) => level.multiplicity > 0);
        if (levels.length !== expected.length) return [Infinity];
        return levels.flatMap((level, i) => [
          relativeDifference(level.value, expected[i]!.value),
          level.multiplicity === expected[i]!.multiplicity ? 0 : Infinity,
        ]);
      }),
    );
    const error = worst(errors);
    return {
      holds: proven && error <= 1e-12,
      evidence: `explicit eigenvector basis, exact in e^α for k = 2…8; library off by ${scientific(error)} for k to 1000`,
    };
  },
};

export const rank: Theorem = {
  id: 'rank',
  statement: 'rank H = k(k−1), at any W',
  formula: String.raw`\operatorname{rank} H = k(k-1) \qquad \forall W`,
  assumptions: 'zero noise, orthonormal means, all p_c > 0',
  reference: 'derived here: each S_a has rank k − 1',
  method: 'rational proof',
  expected: 'proved',
  check(laws) {
    const exact = provenClasses.every((k) => rankOfHessian(k) === k * (k - 1));
    const counted = [2, 5, 30].every((k) => {
      const state = laws.exactFlow(k, laws.randomWeights(k, 1, k)).at(10);
      const { spectrum } = laws.exactSnapshot(state, k, Infinity);
      return (
        spectrum.levels.reduce((sum, level) => sum + (level.value > 0 ? level.multiplicity : 0), 0) === k * (k - 1)
      );
    });
    return {
      holds: exact && counted,
      evidence: 'Bareiss elimination at rational probabilities, k = 2…8; library counts agree',
    };
  },
};

/**
 * The rank of Σ_a S_a ⊗ μ_a μ_aᵀ with the probabilities of class a proportional to 1, 2, …, k cyclically from a: an integer
 * matrix after scaling. Each S_a has 1 in its kernel whatever p is, so k(k−1) is an upper bound; one point attains it, hence
 * all but a set of measure zero do, and by vᵀSv = ½Σ p_c p_c′ (v_c − v_c′)² every positive p does.
 */
export function rankOfHessian(k: number): number {
  const size = k * k;
  const total = BigInt((k * (k + 1)) / 2);
  const rows = Array.from({ length: size }, () => new Array<bigint>(size).fill(0n));
  for (let a = 0; a < k; a++) {
    const p = Array.from({ length: k }, (_, c) => BigInt(((c + k - a) % k) + 1));
    for (let c = 0; c < k; c++) {
      for (let b = 0; b < k; b++) rows[c * k + a]![b * k + a] = (c === b ? p[c]! * total : 0n) - p[c]! * p[b]!;
    }
  }
  return exactRank(rows);
}

export const gradientIsEigenvector: Theorem = {
  id: 'gradient-is-eigenvector',
  statement: 'H G = λ₁ G, with G = −(ε/(k−1)) B, so overlap(g, Hg) = 1 and f_top(k) = 1 for t > 0',
  formula: String.raw`\begin{gathered} H G = \lambda_1 G, \qquad G = -\frac{\varepsilon}{k-1}\,B, \\ \operatorname{overlap}(g, Hg) = 1, \qquad f_{\mathrm{top}}(k) = 1 \qquad (t > 0) \end{gathered}`,
  assumptions: 'zero noise, orthonormal means, W = αB',
  reference: 'GRD18 §4',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    const exact = provenClasses.every((k) => {
      const B = Array.from({ length: k }, (_, c) => centred(k, c)); // k B
      // The gradient from its definition: (p − e_a) per column; Z (p_c − δ) is 1 off the diagonal and x − Z = −(k−1) on it.
      const gradient = B.map((row) => row.map((entry) => scaled(polynomial(1), -entry)));
      const defined = B.map((row, c) =>
        row.map((_, a) => (c === a ? added(X, scaled(polynomial(k - 1, 1), -1)) : polynomial(1))),
      );
      return (
        isEigenvector(k, B, firstLevel(k)) &&
        gradient.every((row, c) => row.every((g, a) => samePolynomial(g, defined[c]![a]!)))
      );
    });
    const errors = [2, 3, 10, 60].flatMap((k) =>
      [1e-3, 1, 1e3, 1e9].flatMap((t) => {
        const snapshot = laws.symmetricSnapshot(k, 2 * k, t);
        const { lower, upper } = laws.topFraction(snapshot, k);
        const { error } = laws.symmetricPoint(k, t);
        const entry = snapshot.gradient[0]! / (-error / k);
        return [1 - lower, upper - 1, Math.abs(laws.gradientHessianOverlap(snapshot) - 1), Math.abs(entry - 1)].map(
          Math.abs,
        );
      }),
    );
    return {
      holds: exact && worst(errors) <= 1e-12,
      evidence: `exact in e^α for k = 2…8; library off by ${scientific(worst(errors))}`,
    };
  },
};

export const levelRatio: Theorem = {
  id: 'level-ratio',
  statement: 'λ₁/λ₂ = k(1−ε): 1 at t = 0, k at late times',
  formula: String.raw`\frac{\lambda_1}{\lambda_2} = k(1-\varepsilon), \qquad \frac{\lambda_1}{\lambda_2}\Big|_{t=0} = 1, \qquad \lim_{t\to\infty} \frac{\lambda_1}{\lambda_2} = k`,
  assumptions: 'zero noise, orthonormal means, W = αB, k ≥ 3',
  reference: 'derived here',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    // k Z² λ₁ · Z = k x Z = k (x/Z) · Z · Z = k(1−ε) · (k Z² λ₂) · Z, as polynomials.
    const exact = provenClasses.every((k) => {
      const Z = secondLevel(k);
      const ones = inColumn(k, 0, centred(k, 0));
      const eigenvalue = applyHessian(k, ones)[0]![0]!; // k Z² λ₁ (k − 1)
      return samePolynomial(
        multiplied(eigenvalue, Z),
        multiplied(scaled(multiplied(X, secondLevel(k)), k), polynomial(k - 1)),
      );
    });
    const errors = [3, 10, 1000].flatMap((k) =>
      [0, 1, 1e4, 1e12].map((t) => {
        const point = laws.symmetricPoint(k, t);
        const [first, second] = laws.symmetricLevels(point, k);
        const Z = Math.exp(point.margin) + k - 1;
        return relativeDifference(first!.value / second!.value, (k * Math.exp(point.margin)) / Z);
      }),
    );
    return {
      holds: exact && worst(errors) <= 1e-12,
      evidence: `exact in e^α for k = 3…8; library off by ${scientific(worst(errors))}`,
    };
  },
};
