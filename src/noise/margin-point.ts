import {
  classIntegral,
  edgeScale,
  resolution,
  type ClassFactor,
  type ClassIntegral,
  type Resolution,
} from './class-integral.js';
import { logConcaveIntegral } from '../numeric/log-concave-integral.js';
import { checkCorrelation, checkNoise } from './domain.js';
import { defaultDigits, roundingError, type Digits, type NoisyPoint } from './symmetric-levels.js';

/** Scalars of a symmetric point. Relative errors are estimates from two resolutions; that of the rate refers to its larger term. */
export interface MarginPoint {
  /** dα/dt under gradient flow; 0 at the Bayes-optimal margin 1/σ². */
  readonly marginRate: number;
  /** E(1 − p_y): probability given to the wrong classes. */
  readonly error: number;
  /** E(1 − ‖p‖²). */
  readonly impurity: number;
  /** E[−log p_y]. */
  readonly loss: number;
  /** ‖G‖ = marginRate √((k−1)(1−ρ)). */
  readonly gradientNorm: number;
  readonly relativeError: number;
}

/**
 * The flow's speed and the loss at W = αB:
 *   dα/dt = [E(1 − p_y) − σ²α E(1 − ‖p‖²)]/(k−1) = E p_1 − σ²α Ω,
 *   loss = ∫ dτ Ψ(τ + α) (1 − Ψ(τ)^{k−1}), from log(1 + R) = ∫ e^{−s}(1 − e^{−sR}) ds/s.
 * Every probability is E of a product, never a difference from 1. With equiangular means the same at α(1−ρ), σ/√(1−ρ).
 *
 * Throws UsageError outside the domain. Cost: a few milliseconds, whatever k.
 */
export function marginPoint(
  point: Omit<NoisyPoint, 'dim' | 'bias'>,
  digits: Digits = defaultDigits(point.classes),
): MarginPoint {
  const { classes: k, noise, margin, correlation: rho = 0 } = point;
  checkNoise(k, noise, margin);
  checkCorrelation(k, rho);
  const s = Math.sqrt(1 - rho);
  const [alpha, sigma] = [margin * s ** 2, noise / s];
  const at = (precision: number) => scalars(k, alpha, resolution(alpha * sigma, precision));
  const [fine, coarse] = [at(digits.fine), at(digits.coarse)];
  const rate = fine.wrong - sigma ** 2 * alpha * fine.unit;
  const difference = (x: number, y: number): number => (x === y ? 0 : Math.abs(x - y) / Math.abs(x));
  return {
    marginRate: rate,
    error: (k - 1) * fine.wrong,
    impurity: (k - 1) * fine.unit,
    loss: fine.loss,
    gradientNorm: Math.abs(rate) * Math.sqrt(k - 1) * s,
    relativeError:
      Math.max(
        difference(fine.wrong, coarse.wrong),
        difference(fine.unit, coarse.unit),
        difference(fine.loss, coarse.loss),
      ) + roundingError(k, fine.largestExponent),
  };
}

/**
 * What the flow is made of, at one resolution: dα/dt = E p_1 · (1 − balance), balance = σ²α Ω/E p_1, which is 1 at α* (the
 * Nishimori identity). In logarithms, so that it does not underflow.
 */
export function flowTerms(
  point: Omit<NoisyPoint, 'dim' | 'bias'>,
  digits: number,
): { readonly logWrong: number; readonly balance: number } {
  const { classes: k, noise, margin, correlation: rho = 0 } = point;
  const [alpha, sigma] = [margin * (1 - rho), noise / Math.sqrt(1 - rho)];
  const { logWrong, logUnit } = probabilities(k, alpha, resolution(alpha * sigma, digits));
  return { logWrong, balance: sigma ** 2 * alpha * Math.exp(logUnit - logWrong) };
}

/** dα/dt alone, at one resolution. Throws UsageError outside the domain. Cost: about a millisecond. */
export function noisyMarginRate(point: Omit<NoisyPoint, 'dim' | 'bias'>): number {
  checkNoise(point.classes, point.noise, point.margin);
  const { logWrong, balance } = flowTerms(point, defaultDigits(point.classes).fine);
  return Math.exp(logWrong) * (1 - balance);
}

/** log E p_1, the probability given to one wrong class. */
export function wrongProbability(k: number, alpha: number, res: Resolution): ClassIntegral {
  return product(alpha, res, [1, k - 2], [0, 1]);
}

/** E p_0^i p_1^j …: i the power of the true class, j that of the first `copies` of the others. */
function product(
  alpha: number,
  res: Resolution,
  copies: readonly [number, number],
  power: readonly [number, number],
): ClassIntegral {
  const factors: ClassFactor[] = [
    { copies: 1, power: power[0], shift: alpha },
    { copies: copies[0], power: power[1], shift: 0 },
    { copies: copies[1], power: 0, shift: 0 },
  ];
  return classIntegral(res, factors, () => []);
}

/** log E p_1 and log Ω, Ω = 2 E p_0p_1 + (k−2) E p_1p_2. */
function probabilities(k: number, alpha: number, res: Resolution) {
  const wrong = wrongProbability(k, alpha, res);
  const withTrue = product(alpha, res, [1, k - 2], [1, 1]);
  const ofOthers = k > 2 ? product(alpha, res, [2, k - 3], [0, 1]) : { logTotal: -Infinity, largestExponent: 0 };
  const largest = Math.max(withTrue.logTotal, ofOthers.logTotal);
  const sum = 2 * Math.exp(withTrue.logTotal - largest) + (k - 2) * Math.exp(ofOthers.logTotal - largest);
  return {
    logWrong: wrong.logTotal,
    logUnit: largest + Math.log(sum),
    largestExponent: Math.max(wrong.largestExponent, withTrue.largestExponent, ofOthers.largestExponent),
  };
}

function scalars(k: number, alpha: number, res: Resolution) {
  const { logWrong, logUnit, largestExponent } = probabilities(k, alpha, res);
  return {
    wrong: Math.exp(logWrong),
    unit: Math.exp(logUnit),
    loss: Math.exp(logLoss(k, alpha, res)),
    largestExponent,
  };
}

/** log ∫ dτ Ψ(τ + α)(1 − Ψ(τ)^{k−1}). */
function logLoss(k: number, alpha: number, { a, digits, laplace }: Resolution): number {
  const drop = digits * Math.LN10 + 2;
  const logSlope = (t: number, mean: number): number => (a > 0 ? mean / a : -Math.exp(t));
  const at = (tau: number): { log: number; slope: number } => {
    const kept = laplace.at(tau + alpha);
    const law = laplace.at(tau);
    const falls = (k - 1) * law.logWeight; // log Ψ^{k−1}
    const lost = falls < -0.1 ? Math.log(-Math.expm1(falls)) : logPowerComplement(laplace.logComplement(tau), k - 1);
    const logDensity = tau + a ** 2 / 2 + laplace.at(tau + a ** 2).logWeight; // of −Ψ′, which at far left is no difference
    const lostSlope = Math.exp(Math.log(k - 1) + logDensity + falls - law.logWeight - lost);
    return { log: kept.logWeight + lost, slope: logSlope(tau + alpha, kept.mean) + lostSlope };
  };
  const delta = 0.1;
  const integrand = (tau: number) => {
    const { log, slope } = at(tau);
    return {
      log,
      slope,
      // asked for only on the way to the maximum
      get curvature() {
        return Math.max(1e-6, (at(tau - delta).slope - at(tau + delta).slope) / (2 * delta));
      },
    };
  };
  // Between the step of the true class and that of the others the integrand is flat: the steps themselves set the spacing.
  return logConcaveIntegral(integrand, { drop, scale: 1 + a, longestStep: (9 / drop) * edgeScale(a, k) });
}

/** log(1 − (1 − q)^n) from log q. */
function logPowerComplement(logQ: number, n: number): number {
  const q = Math.exp(logQ);
  if (q === 0 || n * q < 1e-17) return Math.log(n) + logQ;
  return Math.log(-Math.expm1(n * Math.log1p(-q)));
}
