import { logConcaveIntegral } from '../../numeric/quadrature/log-concave-integral.js';
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

/** The law of a class's η given τ: that of Ψ's η at `at`, shifted by `shift`. */
export interface TiltedLaw extends Pick<WeightedNormal, 'logWeight' | 'mean' | 'variance'> {
  /** 1 − variance, without the cancellation. */
  readonly missing: number;
  readonly at: number;
  readonly shift: number;
}

/** ∫ dτ Π ψ, in logarithms, the averages over τ of the quantities asked for, and the largest exponent that was cancelled. */
export interface ClassIntegral {
  readonly logTotal: number;
  readonly averages: Float64Array;
  readonly largestExponent: number;
}

/** One resolution at which class integrals of a given a = ασ are computed. */
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
 * E[Π_i p_i^{n_i} …] as one integral in which the classes are independent.
 *
 * With 1/Z^N = (1/Γ(N)) ∫ s^{N−1} e^{−sZ} ds, s = e^τ, N = Σ n_i, the classes factorise:
 *   Γ(N) E[Π p_i^{n_i}] = ∫ dτ Π_i ψ_{n_i}(τ + shift_i),   ψ_n(t) = E[e^{n(t + aη) − e^{t + aη}}] = e^{nt + n²a²/2} Ψ(t + n a²).
 * Given τ each η_i has a law of its own, shifted by n a from that of Ψ, with mean and variance: `quantities` turns the laws of the
 * factors, in their order, into numbers whose averages over τ are returned. All factors are log-concave in τ.
 *
 * Throws NumericalError if the integrand is not finite. Cost: some 60 to 150 laws per factor, whatever the copies.
 */
export function classIntegral(
  { a, digits, laplace }: Resolution,
  factors: readonly ClassFactor[],
  quantities: (laws: readonly TiltedLaw[]) => readonly number[],
): ClassIntegral {
  const drop = digits * Math.LN10 + 2;
  let largestExponent = 0;

  const evaluate = (tau: number) => {
    let [log, slope, curvature] = [0, 0, 0];
    const laws = factors.map(({ copies, power, shift }): TiltedLaw => {
      if (copies === 0) return absent;
      const t = tau + shift;
      const at = t + power * a ** 2;
      const law = laplace.at(at);
      const tilt = power * t + (power * a) ** 2 / 2;
      const logWeight = (copies > many ? laplace.logWeight(at, law.logWeight) : law.logWeight) + tilt;
      largestExponent = Math.max(largestExponent, Math.abs(tilt));
      log += copies * logWeight;
      slope += copies * (power + law.slope);
      curvature += copies * law.curvature;
      return {
        logWeight,
        mean: law.mean + power * a,
        variance: law.variance,
        missing: a ** 2 * law.curvature,
        at,
        shift: power * a,
      };
    });
    return { log, slope, curvature, laws };
  };

  let total = 0;
  let sums: Float64Array | undefined;
  const longestStep = (9 / drop) * edgeScale(a, Math.max(...factors.map(({ copies }) => copies)));
  const logTotal = logConcaveIntegral(evaluate, { drop, scale: 1 + a, longestStep }, (weight, { laws }) => {
    const values = quantities(laws);
    sums ??= new Float64Array(values.length);
    total += weight;
    for (let i = 0; i < values.length; i++) sums[i]! += weight * values[i]!;
  });
  return { logTotal, averages: (sums ?? new Float64Array(0)).map((sum) => sum / total), largestExponent };
}

/**
 * The scale β on which Ψ^k falls off, as exp(−e^{τ/β}) at its edge: that of the largest of k normal variables of deviation a, and
 * at least 1. Its strip πβ/2 bounds the step where the maximum of the integrand is flatter than the edge.
 */
export function edgeScale(a: number, copies: number): number {
  return Math.max(1, a / Math.sqrt(2 * Math.log(Math.max(1, copies)) + 4));
}

/** A class that is not there. */
const absent: TiltedLaw = { logWeight: 0, mean: 0, variance: 0, missing: 0, at: 0, shift: 0 };
