import { logConcaveIntegrals } from '../../numeric/quadrature/log-concave-integral.js';
import {
  lognormalLaplace,
  type LognormalLaplace,
  type WeightedNormal,
} from '../../numeric/quadrature/lognormal-laplace.js';

/** `copies` classes that enter alike: as p^power, with their logit shifted by `shift` (the margin, for the true class). */
export interface ClassFactor {
  readonly copies: number;
  readonly power: number;
  readonly shift: number;
}

/** ∫ dτ Π ψ, in logarithms, the averages over τ of the quantities asked for, and the largest exponent that was cancelled. */
export interface ClassIntegral {
  readonly logTotal: number;
  readonly averages: Float64Array;
  readonly largestExponent: number;
}

/** One resolution at which class integrals of a given a = ασ are computed; its laws are kept, for integrals that meet them again. */
export interface Resolution {
  readonly a: number;
  readonly digits: number;
  readonly laplace: LognormalLaplace;
}

/** Beyond it the rounding of log Ψ near 0 would add up to more than that of everything else. */
const many = 64;

/** Below it the noise moves no logit by a rounding error. */
const negligible = 1e-16;

export function resolution(a: number, digits: number): Resolution {
  const width = a < negligible ? 0 : a;
  return { a: width, digits, laplace: lognormalLaplace(width, digits) };
}

/**
 * A product over classes, and what is asked of the laws of their η given τ: `quantities` turns those of Ψ at τ + shift + n a², of the factors in
 * their order, into numbers. The law of a class is that of Ψ moved by n a.
 */
export interface ClassProduct {
  readonly factors: readonly ClassFactor[];
  readonly quantities?: (laws: readonly WeightedNormal[], tau: number) => readonly number[];
}

/**
 * E[Π_i p_i^{n_i} …] as one integral in which the classes are independent.
 *
 * With 1/Z^N = (1/Γ(N)) ∫ s^{N−1} e^{−sZ} ds, s = e^τ, N = Σ n_i, the classes factorise:
 *   Γ(N) E[Π p_i^{n_i}] = ∫ dτ Π_i ψ_{n_i}(τ + shift_i),   ψ_n(t) = E[e^{n(t + aη) − e^{t + aη}}] = e^{nt + n²a²/2} Ψ(t + n a²).
 * Given τ each η_i has a law of its own, shifted by n a from that of Ψ, with mean and variance: what `quantities` makes of them is
 * averaged over τ. All factors are log-concave in τ. Several products are integrated on one lattice of τ, where they share the laws of
 * alike factors.
 *
 * Throws NumericalError if an integrand is not finite. Cost: some 60 to 150 laws for each kind of factor, whatever the copies.
 */
export function classIntegrals(
  { a, digits, laplace }: Resolution,
  products: readonly ClassProduct[],
): readonly ClassIntegral[] {
  const drop = digits * Math.LN10 + 2;
  const integrands = products.map(({ factors, quantities = () => [] }) => {
    const powers = factors.reduce((sum, { copies, power }) => sum + copies * power, 0);
    const sums = { total: 0, values: new Float64Array(0), largestExponent: 0 };
    return {
      sums,
      at: (tau: number) => {
        let [log, slope, curvature] = [0, 0, 0];
        const laws = factors.map(({ copies, power, shift }): WeightedNormal => {
          if (copies === 0) return absent;
          const t = tau + shift;
          const at = t + power * a ** 2;
          const law = laplace.at(at);
          const tilt = power * t + (power * a) ** 2 / 2;
          sums.largestExponent = Math.max(sums.largestExponent, Math.abs(tilt));
          log += copies * ((copies > many ? laplace.logWeight(at) : law.logWeight) + tilt);
          slope += copies * (power + law.slope);
          curvature += copies * law.curvature;
          return law;
        });
        return { log, slope, curvature, laws, tau };
      },
      visit: (weight: number, { laws, tau }: { readonly laws: readonly WeightedNormal[]; readonly tau: number }) => {
        const values = quantities(laws, tau);
        if (sums.total === 0) sums.values = new Float64Array(values.length);
        sums.total += weight;
        for (let i = 0; i < values.length; i++) sums.values[i]! += weight * values[i]!;
      },
      enough: stripStep(powers, drop),
      longestStep: (9 / drop) * edgeScale(a, Math.max(...factors.map(({ copies }) => copies))),
    };
  });
  const logTotals = logConcaveIntegrals(integrands, { drop, scale: 1 + a });
  return integrands.map(({ sums: { total, values, largestExponent } }, i) => ({
    logTotal: logTotals[i]!,
    averages: values.map((sum) => sum / total),
    largestExponent,
  }));
}

/**
 * The scale β on which Ψ^k falls off, as exp(−e^{τ/β}) at its edge: that of the largest of k normal variables of deviation a, and
 * at least 1. Its strip πβ/2 bounds the step where the maximum of the integrand is flatter than the edge.
 */
export function edgeScale(a: number, copies: number): number {
  return Math.max(1, a / Math.sqrt(2 * Math.log(Math.max(1, copies)) + 4));
}

/**
 * A step of τ at which the trapezoidal rule errs by about e^−drop, whatever a. Displaced by is, |ψ_n(τ + is)| ≤ E[e^{nx − e^x cos s}], so that
 * ∫ Π |ψ_n| grows by cos^{−N} s at most, and the rule errs by that times e^{−2πs/h}: least where tan s = 2π/(hN).
 */
function stripStep(N: number, drop: number): number {
  let step = 9 / drop;
  for (let round = 0; round < 4; round++) {
    const s = Math.atan((2 * Math.PI) / (step * N));
    step = (2 * Math.PI * s) / (drop - N * Math.log(Math.cos(s)));
  }
  return step;
}

/** A class that is not there. */
const absent: WeightedNormal = { logWeight: 0, mean: 0, variance: 0, slope: 0, curvature: 0 };
