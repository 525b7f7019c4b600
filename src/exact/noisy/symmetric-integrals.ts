import {
  classIntegrals,
  type ClassFactor,
  type ClassIntegral,
  type ClassProduct,
  type Resolution,
  type TiltedLaw,
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
  const [first, second] = classIntegrals(res, pairs(k, noise, margin));
  return inUnits(k, first!, second);
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
  const [wrong, first, second] = classIntegrals(res, [{ factors: oneOther }, ...pairs(k, noise, margin)]);
  const integrals = inUnits(k, first!, second);
  return {
    ...integrals,
    logWrong: wrong!.logTotal,
    largestExponent: Math.max(wrong!.largestExponent, integrals.largestExponent),
  };
}

/** p_0 p_1 and, for k > 2, p_1 p_2, with their averages. */
function pairs(k: number, noise: number, margin: number): ClassProduct[] {
  const withTrue: ClassFactor[] = [
    { copies: 1, power: 1, shift: margin },
    { copies: 1, power: 1, shift: 0 },
    { copies: k - 2, power: 0, shift: 0 },
  ];
  const ofOthers: ClassFactor[] = [
    { copies: 1, power: 0, shift: margin },
    { copies: 2, power: 1, shift: 0 },
    { copies: k - 3, power: 0, shift: 0 },
  ];
  const of =
    ({ single, standard }: Averages) =>
    (laws: readonly TiltedLaw[]) => {
      const features = laws.map((law, i) => feature(law, noise, i === 0));
      const deficits = laws.map(({ missing }, i) => ({ M: features[i]!.M, V: -(noise ** 2) * missing }));
      const sizes = deficits.map(({ M, V }) => ({ M, V: -V }));
      return [...single(k, features), ...standard(k, features), ...single(k, deficits), ...single(k, sizes)];
    };
  return [
    { factors: withTrue, quantities: of(truePairs) },
    ...(k > 2 ? [{ factors: ofOthers, quantities: of(otherPairs) }] : []),
  ];
}

/** Both averages put together, over Ω. */
function inUnits(k: number, first: ClassIntegral, second: ClassIntegral | undefined): SymmetricIntegrals {
  const largest = Math.max(first.logTotal, second?.logTotal ?? -Infinity);
  const w01 = Math.exp(first.logTotal - largest);
  const w12 = Math.exp((second?.logTotal ?? -Infinity) - largest);
  const unit = 2 * w01 + (k - 2) * w12;
  const level = (i: number): number =>
    (w01 * first.averages[i]! + (second === undefined ? 0 : w12 * second.averages[i]!)) / unit;
  const [trivial, symmetric, antisymmetric, means, differences] = [0, 1, 2, 3, 4].map(level) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const excess = (i: number): Excess => ({ value: level(5 + i), size: level(8 + i) });
  return {
    logUnit: largest + Math.log(unit),
    trivial,
    symmetric,
    antisymmetric,
    means,
    differences,
    aboveBulk: { trivial: excess(0), symmetric: excess(1), antisymmetric: excess(2) },
    largestExponent: Math.max(first.largestExponent, second?.largestExponent ?? 0),
  };
}

/** Mean and variance of u_i = [i is the true class] + σ η_i. */
interface Feature {
  readonly M: number;
  readonly V: number;
}

function feature({ mean, variance }: TiltedLaw, noise: number, isTrue: boolean): Feature {
  return { M: (isTrue ? 1 : 0) + noise * mean, V: noise ** 2 * variance };
}

/** What is averaged over one kind of pair: λ/w of the sectors that occur once, and the two numbers of the standard block. */
interface Averages {
  readonly single: (k: number, features: readonly Feature[]) => readonly [number, number, number];
  readonly standard: (k: number, features: readonly Feature[]) => readonly [number, number];
}

/** y: the true class, c: the other of the pair, the rest alike. P, Q: distances of their means from that of the rest. */
const truePairs: Averages = {
  single(k, [y, c, rest]) {
    const { M: m, V: s } = k > 2 ? rest! : noFeature;
    const P = y!.M - m;
    const Q = c!.M - m;
    const V = y!.V + c!.V;
    return [(P - Q) ** 2 + V, ((P - Q) ** 2 + V + (2 * k - 2) * s) / k, ((P + Q) ** 2 + V + (2 * k - 2) * s) / k];
  },
  standard(k, [y, c, rest]) {
    if (k === 2) return [0, 0];
    const { M: m, V: s } = rest!;
    const P = y!.M - m;
    const Q = c!.M - m;
    const V = y!.V + c!.V;
    const mean = (P + Q) / k;
    return [
      ((P + Q) * Math.sqrt(k - 2)) / Math.sqrt(k),
      (P - mean) ** 2 + (Q - mean) ** 2 + (P + Q - 2 * mean) ** 2 / (k - 2) + ((k - 1) * V + 2 * s) / k,
    ];
  },
};

/** y: the true class, outside the pair; c: either of the pair. */
const otherPairs: Averages = {
  single(k, [y, c, rest]) {
    const { M: m, V: s } = k > 3 ? rest! : noFeature;
    const P = y!.M - m;
    const Q = c!.M - m;
    const noises = (k - 1) * y!.V + (k - 2) * c!.V + (k - 1) * (k - 3) * s;
    return [
      (k - 2) * c!.V,
      ((k - 1) * P ** 2 + noises) / k,
      (2 * (P - Q) ** 2 + (k - 3) * (P ** 2 + 2 * Q ** 2) + noises) / k,
    ];
  },
  standard(k, [y, c, rest]) {
    const { M: m, V: s } = k > 3 ? rest! : noFeature;
    const P = y!.M - m;
    const Q = c!.M - m;
    const mean = (P + 2 * Q) / k;
    return [
      (((k - 2) * Q - P) * Math.sqrt(k - 2)) / Math.sqrt(k),
      k * (Q - mean) ** 2 + ((k - 1) * (k - 2) * c!.V + y!.V + (k - 3) * s) / k,
    ];
  },
};

/** The rest, where there is none. */
const noFeature: Feature = { M: 0, V: 0 };
