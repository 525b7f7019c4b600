import { classIntegrals, type ClassProduct, type Resolution } from './class-integral.js';

/**
 * Second moments of one sample's gradient at the symmetric point, in units of Ω_C = 2 E p_1² + (k−2) E p_1p_2, class 0 being the true one:
 *
 * - `trivial`: E⟨B, ∇ℓ⟩²/‖B‖², of which the square of the mean is still to be taken;
 * - `symmetric`, `antisymmetric`: variances in these sectors; `differences`, `means`: D and C of the standard block, as of the Hessian.
 */
const terms = ['trivial', 'symmetric', 'antisymmetric', 'differences', 'means'] as const;

export type CovarianceTerm = (typeof terms)[number];

/** The terms, and `sizes`: what is added and what is taken, together. */
export interface CovarianceIntegrals {
  /** log Ω_C, so that σ²Ω_C is the variance along the bulk. */
  readonly logUnit: number;
  readonly values: Readonly<Record<CovarianceTerm, number>>;
  readonly sizes: Readonly<Record<CovarianceTerm, number>>;
  readonly largestExponent: number;
}

/**
 * With q = e_y − p = Σ_{c≠y} p_c (e_y − e_c) the gradient of one sample is −q uᵀ, u = e_y + ση, and its square on a sector a sum over pairs of wrong
 * classes: E p_1² F(D_1, D_1) + (k−2) E p_1p_2 F(D_1, D_2), D_c = e_y − e_c and F the squared projection of D uᵀ on the sector. Given τ the u_i are
 * independent, so that F is a sum of squares, or a difference of two. Derivation: theory/sgd-noise.md. Cost: two class integrals on one lattice.
 */
export function covarianceIntegrals(k: number, noise: number, margin: number, res: Resolution): CovarianceIntegrals {
  const kinds = k > 2 ? [equalPairs, mixedPairs] : [equalPairs];
  const integrals = classIntegrals(
    res,
    kinds.map((kind) => pairProduct(kind, k, noise, margin, res.a)),
  );
  const largest = Math.max(...integrals.map(({ logTotal }) => logTotal));
  const weights = integrals.map(({ logTotal }) => Math.exp(logTotal - largest));
  const unit = weights.reduce((sum, weight, i) => sum + weight * kinds[i]!.count(k), 0);
  const byTerm = (sign: 1 | -1) => {
    const sumOf = (term: number): number =>
      weights.reduce((sum, weight, i) => {
        const { averages } = integrals[i]!;
        return sum + weight * (averages[2 * term]! + sign * averages[2 * term + 1]!);
      }, 0) / unit;
    return Object.fromEntries(terms.map((name, term) => [name, sumOf(term)])) as Record<CovarianceTerm, number>;
  };
  return {
    logUnit: largest + Math.log(unit),
    values: byTerm(-1),
    sizes: byTerm(1),
    largestExponent: Math.max(...integrals.map(({ largestExponent }) => largestExponent)),
  };
}

function pairProduct(
  { named, power, forms }: PairKind,
  k: number,
  noise: number,
  margin: number,
  a: number,
): ClassProduct {
  return {
    factors: [
      { copies: 1, power: 0, shift: margin },
      { copies: named, power, shift: 0 },
      { copies: k - 1 - named, power: 0, shift: 0 },
    ],
    quantities: ([y, c, rest]) => {
      const m = noise * rest!.mean;
      const [own, others, spectators] = [y, c, rest].map((law) => noise ** 2 * law!.variance) as [
        number,
        number,
        number,
      ];
      const [P, Q] = [1 + noise * y!.mean - m, noise * (c!.mean + power * a) - m];
      return forms(k, { P, Q, own, others, spectators }).flat();
    },
  };
}

/** Means of u of the true class and of a named one, above that of the rest; variances of the true class, of a named one, of one of the rest. */
interface PairLaws {
  readonly P: number;
  readonly Q: number;
  readonly own: number;
  readonly others: number;
  readonly spectators: number;
}

/** p_1² or p_1p_2, its weight in Ω_C, and for each term what is added and what is taken. */
interface PairKind {
  readonly named: 1 | 2;
  readonly power: number;
  readonly count: (k: number) => number;
  readonly forms: (k: number, laws: PairLaws) => readonly (readonly [number, number])[];
}

const equalPairs: PairKind = {
  named: 1,
  power: 2,
  count: () => 2,
  forms(k, { P, Q, own, others, spectators }) {
    const single = own + others + (2 * k - 2) * spectators;
    const [mean, rest] = [(P + Q) / k, Math.max(1, k - 2)];
    const scatter = (P - mean) ** 2 + (Q - mean) ** 2 + (P + Q - 2 * mean) ** 2 / rest;
    return [
      [(P - Q) ** 2 + own + others, 0],
      [((P - Q) ** 2 + single) / k, 0],
      [((P + Q) ** 2 + single) / k, 0],
      [scatter + ((k - 1) * (own + others) + 2 * spectators) / k, 0],
      [(P + Q) * Math.sqrt((k - 2) / k), 0],
    ];
  },
};

const mixedPairs: PairKind = {
  named: 2,
  power: 1,
  count: (k) => k - 2,
  forms(k, { P, Q, own, others, spectators }) {
    const T = (P - Q) ** 2;
    const spread = ((k - 1) * (2 * others + (k - 3) * spectators)) / k;
    const alone = P - (P + 2 * Q) / k; // of the true class, above the mean of all
    return [
      [(k - 2) * (T + own), 0],
      [((k - 1) * (P - 2 * Q) ** 2) / k + spread, T + own / k],
      [((k - 3) * Q * (2 * P + Q)) / k + spread, (T + own) / k],
      [k * alone ** 2 + ((k * (k - 3) + 1) * own + 2 * others + (k - 3) * spectators) / k, T],
      [(k - 1) * Math.sqrt((k - 2) / k) * P, 2 * Math.sqrt((k - 2) / k) * Q],
    ];
  },
};
