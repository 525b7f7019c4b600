import { UsageError } from '../../errors.js';
import type { WeightedNormal } from '../../numeric/quadrature/lognormal-laplace.js';
import { classIntegrals, resolution, type ClassFactor } from './class-integral.js';
import { checkPoint } from './domain.js';
import { defaultDigits, roundingError } from './symmetric-levels.js';

/** A class that appears in a moment: p^power η^order; `isTrue` for the class of the input. */
export interface MomentFactor {
  readonly isTrue?: boolean;
  readonly power: number;
  readonly order?: number;
}

/** A moment: its value (0 where it underflows), the logarithm of its size, and an estimate of its relative error. */
export interface Moment {
  readonly value: number;
  readonly logSize: number;
  readonly relativeError: number;
}

/**
 * E[Π_i p_i^{n_i} η_i^{m_i}] at the symmetric point W = αB: p = softmax(α(e_y + ση)), η ~ N(0, 1_k), y the true class.
 *
 * Each entry of `factors` is a class of its own; at most one is the true one. Exact for any k: see classIntegrals. Odd orders
 * may cancel, E η_1 p_0 for instance where p_0 is close to 1: the relative error then refers to what is left, and is Infinity where nothing is.
 * `relativeError` is the difference of two resolutions plus the rounding of the exponents.
 *
 * Throws UsageError outside the domain (checkPoint), or for powers and orders that are not integers from 0 to 20.
 * Cost: a few milliseconds, independent of k.
 */
export function softmaxMoment(
  point: { readonly classes: number; readonly noise: number; readonly margin: number },
  factors: readonly MomentFactor[],
): Moment {
  const { classes: k, noise, margin } = point;
  checkPoint(k, noise, margin);
  checkFactors(k, factors);
  const a = margin * noise;
  const N = factors.reduce((sum, { power }) => sum + power, 0);
  if (N === 0) return exactNormalMoment(factors);

  const trueNamed = factors.some(({ isTrue }) => isTrue);
  const classFactors: ClassFactor[] = [
    ...factors.map(({ isTrue, power }) => ({ copies: 1, power, shift: isTrue ? margin : 0 })),
    { copies: trueNamed ? 0 : 1, power: 0, shift: margin },
    { copies: k - factors.length - (trueNamed ? 0 : 1), power: 0, shift: 0 },
  ];
  const at = (precision: number) => {
    const res = resolution(a, precision);
    // The second average, of Π √E η^2m, is what the first would be if nothing cancelled.
    const quantities = (laws: readonly WeightedNormal[], tau: number): readonly number[] => {
      const raw = (i: number, order: number): number => {
        const { power, shift } = classFactors[i]!;
        if (order > 2) return res.laplace.rawMoment(tau + shift + power * res.a ** 2, power * res.a, order);
        const mean = laws[i]!.mean + power * res.a;
        return order === 0 ? 1 : order === 1 ? mean : mean ** 2 + laws[i]!.variance;
      };
      return [
        factors.reduce((product, { order = 0 }, i) => product * raw(i, order), 1),
        factors.reduce((product, { order = 0 }, i) => product * Math.sqrt(raw(i, 2 * order)), 1),
      ];
    };
    const [integral] = classIntegrals(res, [{ factors: classFactors, quantities }]);
    const { logTotal, averages, largestExponent } = integral!;
    return { log: logTotal - logFactorial(N - 1), average: averages[0]!, size: averages[1]!, largestExponent };
  };
  const digits = defaultDigits(k);
  const [fine, coarse] = [at(digits.fine), at(digits.coarse)];
  const difference = Math.abs(coarse.average * Math.exp(coarse.log - fine.log) - fine.average);
  const error = difference + roundingError(k, fine.largestExponent) * fine.size;
  return {
    value: fine.average * Math.exp(fine.log),
    logSize: fine.log + Math.log(Math.abs(fine.average)),
    relativeError: error / Math.abs(fine.average),
  };
}

function checkFactors(k: number, factors: readonly MomentFactor[]): void {
  const others = factors.filter(({ isTrue }) => !isTrue).length;
  if (factors.length - others > 1 || others > k - 1) {
    throw new UsageError(
      `a moment names at most one true class and k − 1 = ${k - 1} others, received ${factors.length - others} and ${others}`,
    );
  }
  for (const { power, order = 0 } of factors) {
    for (const exponent of [power, order]) {
      if (!Number.isInteger(exponent) || exponent < 0 || exponent > 20) {
        throw new UsageError(`powers and orders must be integers from 0 to 20, received ${exponent}`);
      }
    }
  }
}

/** Without any p: Π E η^m = Π (m − 1)!!. */
function exactNormalMoment(factors: readonly MomentFactor[]): Moment {
  const value = factors.reduce((product, { order = 0 }) => product * normalMoment(order), 1);
  return { value, logSize: Math.log(value), relativeError: 0 };
}

function normalMoment(order: number): number {
  return order % 2 === 1 ? 0 : order === 0 ? 1 : (order - 1) * normalMoment(order - 2);
}

function logFactorial(n: number): number {
  let sum = 0;
  for (let i = 2; i <= n; i++) sum += Math.log(i);
  return sum;
}
