import {
  classIntegrals,
  type ClassFactor,
  type ClassIntegral,
  type ClassProduct,
  type Resolution,
} from './class-integral.js';

/**
 * What the symmetric point needs, all in units of w = E[p_0 p_1] summed over pairs (below), so that nothing under- or overflows.
 *
 * - `logUnit`: log Ω, Ω = E(1 − ‖p‖²)/(k−1) = 2 E p_0p_1 + (k−2) E p_1p_2; class 0 is the true one.
 * - `trivial`, `symmetric`, `antisymmetric`: the levels of these sectors over Ω.
 * - `means`: C, the product of the two standard copies for a constant feature 1 in place of m̄; `differences`: the level of the
 *   copy of differences alone; both over Ω.
 */
export interface SymmetricIntegrals {
  readonly logUnit: number;
  readonly trivial: number;
  readonly symmetric: number;
  readonly antisymmetric: number;
  readonly means: number;
  readonly differences: number;
  /** The levels of the first three over Ω, less σ², that of the bulk: what tells them apart where σ² is much larger than they differ. */
  readonly aboveBulk: Readonly<Record<SingleSector, Excess>>;
  readonly largestExponent: number;
}

/** Sectors that occur once. */
export type SingleSector = 'trivial' | 'symmetric' | 'antisymmetric';

/** A difference of positive terms, and their sum. */
export interface Excess {
  readonly value: number;
  readonly size: number;
}

/**
 * The averages of ½ Σ_{cc′} p_c p_c′ ((Xu)_c − (Xu)_c′)² over test matrices X of each sector, u = e_y + ση.
 *
 * Given τ the u_i are independent with means M and variances V, and the average of a square (Σ r_i u_i)² is
 * (Σ r_i M_i)² + Σ r_i² V_i: each sector is a sum of squares, so that no digits are lost however small the levels are. Pairs
 * (true class, other) are weighted by p_0p_1, pairs of others by p_1p_2. In every sector the weights of V_i add up to those of Ω: with
 * V_i = σ²(1 − x_i), σ² drops out of what the levels are above the bulk. Derivation: theory/finite-noise.md, "The seven levels".
 * Cost: two class integrals on one lattice.
 */
export function symmetricIntegrals(k: number, noise: number, margin: number, res: Resolution): SymmetricIntegrals {
  const [first, second] = classIntegrals(res, pairProducts(k, noise, margin, res.a));
  return inUnits(k, noise, first!, second);
}

/** The same with log E p_1, the probability given to one wrong class: what the flow needs besides. */
export interface FlowIntegrals extends SymmetricIntegrals {
  readonly logWrong: number;
}

/** Cost: three class integrals on one lattice. */
export function flowIntegrals(k: number, noise: number, margin: number, res: Resolution): FlowIntegrals {
  const oneOther: ClassFactor[] = [
    { copies: 1, power: 0, shift: margin },
    { copies: 1, power: 1, shift: 0 },
    { copies: k - 2, power: 0, shift: 0 },
  ];
  const products = [{ factors: oneOther }, ...pairProducts(k, noise, margin, res.a)];
  const [wrong, first, second] = classIntegrals(res, products);
  const integrals = inUnits(k, noise, first!, second);
  return {
    ...integrals,
    logWrong: wrong!.logTotal,
    largestExponent: Math.max(wrong!.largestExponent, integrals.largestExponent),
  };
}

/** p_0 p_1 and, for k > 2, p_1 p_2: of each the averages of the squares of means, of variances, and of what these are below 1, x. */
function pairProducts(k: number, noise: number, margin: number, a: number): ClassProduct[] {
  const product = ({ powers, squares }: PairAverages, copies: readonly [number, number]): ClassProduct => ({
    factors: [
      { copies: 1, power: powers[0], shift: margin },
      { copies: copies[0], power: powers[1], shift: 0 },
      { copies: copies[1], power: 0, shift: 0 },
    ],
    quantities: ([y, c, rest]) => {
      const m = noise * rest!.mean;
      const P = 1 + noise * (y!.mean + powers[0] * a) - m;
      const Q = noise * (c!.mean + powers[1] * a) - m;
      const missing = [y, c, rest].map((law) => a ** 2 * law!.curvature);
      return [...squares(k, P, Q), y!.variance, c!.variance, rest!.variance, ...missing];
    },
  });
  return [product(truePairs, [1, k - 2]), ...(k > 2 ? [product(otherPairs, [2, k - 3])] : [])];
}

/** Both averages put together, over Ω. */
function inUnits(
  k: number,
  noise: number,
  first: ClassIntegral,
  second: ClassIntegral | undefined,
): SymmetricIntegrals {
  const largest = Math.max(first.logTotal, second?.logTotal ?? -Infinity);
  const w01 = Math.exp(first.logTotal - largest);
  const w12 = Math.exp((second?.logTotal ?? -Infinity) - largest);
  const unit = 2 * w01 + (k - 2) * w12;
  const [of01, of12] = [partsOf(k, truePairs, first), second && partsOf(k, otherPairs, second)];
  const sum = (part: (parts: Parts) => number): number =>
    (w01 * part(of01) + (of12 === undefined ? 0 : w12 * part(of12))) / unit;
  const level = (i: number): number => sum(({ squares, variances }) => squares[i]! + noise ** 2 * variances[i]!);
  const excess = (i: number): Excess => ({
    value: sum(({ squares, missing }) => squares[i]! - noise ** 2 * missing[i]!),
    size: sum(({ squares, missing }) => squares[i]! + noise ** 2 * missing[i]!),
  });
  return {
    logUnit: largest + Math.log(unit),
    trivial: level(0),
    symmetric: level(1),
    antisymmetric: level(2),
    differences: level(3),
    means: sum(({ squares }) => squares[4]!),
    aboveBulk: { trivial: excess(0), symmetric: excess(1), antisymmetric: excess(2) },
    largestExponent: Math.max(first.largestExponent, second?.largestExponent ?? 0),
  };
}

/** Averages of the squares of means in trivial, symmetric, antisymmetric, D and C, and of the sums of variances, and of x, in the first four. */
interface Parts {
  readonly squares: Numbers;
  readonly variances: Numbers;
  readonly missing: Numbers;
}

type Numbers = ArrayLike<number>;

function partsOf(k: number, { sums }: PairAverages, { averages }: ClassIntegral): Parts {
  const [y, c, rest, ...missing] = averages.slice(5) as unknown as [number, number, number, number, number, number];
  return { squares: averages, variances: sums(k, y, c, rest), missing: sums(k, ...missing) };
}

/**
 * What is averaged over one kind of pair, y: the true class, c: of the pair, not the true one, the rest alike; P, Q: distances of the means of y and c
 * from that of the rest. `powers`: those of p_y and p_c.
 */
interface PairAverages {
  readonly powers: readonly [number, number];
  readonly squares: (k: number, P: number, Q: number) => readonly [number, number, number, number, number];
  readonly sums: (k: number, y: number, c: number, rest: number) => readonly [number, number, number, number];
}

const truePairs: PairAverages = {
  powers: [1, 1],
  squares(k, P, Q) {
    const mean = (P + Q) / k;
    const own = (P - mean) ** 2 + (Q - mean) ** 2 + (P + Q - 2 * mean) ** 2 / (k - 2);
    const common = ((P + Q) * Math.sqrt(k - 2)) / Math.sqrt(k);
    return [(P - Q) ** 2, (P - Q) ** 2 / k, (P + Q) ** 2 / k, k > 2 ? own : 0, common];
  },
  sums(k, y, c, rest) {
    const single = (y + c + (2 * k - 2) * rest) / k;
    return [y + c, single, single, k > 2 ? ((k - 1) * (y + c) + 2 * rest) / k : 0];
  },
};

const otherPairs: PairAverages = {
  powers: [0, 1],
  squares(k, P, Q) {
    const mean = (P + 2 * Q) / k;
    const antisymmetric = (2 * (P - Q) ** 2 + (k - 3) * (P ** 2 + 2 * Q ** 2)) / k;
    const common = (((k - 2) * Q - P) * Math.sqrt(k - 2)) / Math.sqrt(k);
    return [0, ((k - 1) * P ** 2) / k, antisymmetric, k * (Q - mean) ** 2, common];
  },
  sums(k, y, c, rest) {
    const single = ((k - 1) * y + (k - 2) * c + (k - 1) * (k - 3) * rest) / k;
    return [(k - 2) * c, single, single, ((k - 1) * (k - 2) * c + y + (k - 3) * rest) / k];
  },
};
