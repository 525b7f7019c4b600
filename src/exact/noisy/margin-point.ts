import { edgeScale, resolution, type Resolution } from './class-integral.js';
import { gaussLegendre } from '../../numeric/quadrature/gauss-legendre.js';
import { logConcaveIntegrals } from '../../numeric/quadrature/log-concave-integral.js';
import { checkCorrelation, checkPoint } from './domain.js';
import { flowIntegrals } from './symmetric-integrals.js';
import { defaultDigits, integralsAt, roundingError, type Digits, type NoisyPoint } from './symmetric-levels.js';

/** Scalars of a symmetric point. */
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
  /** Estimate of the largest relative error of all of them: of two resolutions, of rounding, and, in the rate, of α* − α. */
  readonly relativeError: number;
}

type LinePoint = Omit<NoisyPoint, 'dim' | 'bias'>;

/** From 0.6 α* on λ_trivial is smooth on the scale of α* itself, beyond the transition to collisions at half of α* of width 1/σ. */
export const smoothFrom = 0.6;
/** Where less than this is left of E p_1 the rate is summed as an integral. */
const cancels = 0.1;
const mostNodes = 16;
const rules = Array.from({ length: mostNodes + 1 }, (_, n) => gaussLegendre(n));

/**
 * The flow's speed and the loss at W = αB:
 *   dα/dt = [E(1 − p_y) − σ²α E(1 − ‖p‖²)]/(k−1) = E p_1 − σ²α Ω = ∫_α^{α*} λ_trivial dα′,
 *   loss = ∫ dτ Ψ(τ + α) (1 − Ψ(τ)^{k−1}), from log(1 + R) = ∫ e^{−s}(1 − e^{−sR}) ds/s.
 * Every probability is E of a product, never a difference from 1. The rate is the loss's slope along B, which vanishes at α*, and
 * λ_trivial its curvature, a sum of squares: where the terms cancel beyond 0.6 α* the integral is taken. With equiangular means the same at
 * α(1−ρ), σ/√(1−ρ).
 *
 * Throws UsageError outside the domain. Cost: a few milliseconds, whatever k; where the terms cancel twenty times that.
 */
export function marginPoint(point: LinePoint, digits: Digits = defaultDigits(point.classes)): MarginPoint {
  const { classes: k, noise, margin, correlation: rho = 0 } = point;
  checkPoint(k, noise, margin);
  checkCorrelation(k, rho);
  const s = Math.sqrt(1 - rho);
  const [alpha, sigma] = [margin * s ** 2, noise / s];
  const at = (precision: number) => scalars(k, alpha, sigma, resolution(alpha * sigma, precision));
  const [fine, coarse] = [at(digits.fine), at(digits.coarse)];
  const difference = (log: number, coarseLog: number): number =>
    log === coarseLog ? 0 : Math.abs(Math.expm1(coarseLog - log));
  const rounding = roundingError(k, fine.largestExponent);
  const errors = [
    difference(fine.logWrong, coarse.logWrong),
    difference(fine.logUnit, coarse.logUnit),
    difference(fine.logLoss, coarse.logLoss),
  ] as const;
  const away = 1 - margin * noise ** 2;
  const wrong = Math.exp(fine.logWrong);
  const isNear = margin * noise ** 2 >= smoothFrom && Math.abs(1 - fine.balance) < cancels;
  const rate = isNear ? rateNearOptimum(point, digits.fine) : wrong * (1 - fine.balance);
  const cancelled = isNear
    ? Number.EPSILON / Math.abs(away)
    : (errors[0] + fine.balance * errors[1]) / Math.abs(1 - fine.balance);
  const magnified = isNear ? 1 : (1 + fine.balance) / Math.abs(1 - fine.balance);
  return {
    marginRate: rate,
    error: (k - 1) * wrong,
    impurity: (k - 1) * Math.exp(fine.logUnit),
    loss: Math.exp(fine.logLoss),
    gradientNorm: Math.abs(rate) * Math.sqrt(k - 1) * s,
    relativeError: Math.max(...errors, rate === 0 ? 0 : cancelled) + rounding * magnified,
  };
}

/**
 * (α* − α) times the mean of λ_trivial between them, levels to one resolution. The rule of n nodes errs by r^{−2n}: r the sum of the half axes,
 * over the half distance of α and α*, of the ellipse about these foci that passes through half of α*. At most 16 nodes, which serve at 0.6 α*.
 */
function rateNearOptimum(point: LinePoint, digits: number): number {
  const { noise, margin, correlation = 0 } = point;
  const rest = 1 / noise ** 2 - margin;
  const relative = margin * noise ** 2;
  const distance = Math.max(1, relative / Math.abs(1 - relative)); // of α* / 2 from the middle
  const halfAxes = Math.log(distance + Math.sqrt(distance ** 2 - 1));
  const rule = rules[Math.max(4, Math.min(mostNodes, Math.ceil(20 / halfAxes)))]!;
  return rule.nodes.reduce((sum, x, i) => {
    const { logUnit, trivial } = integralsAt({ ...point, margin: margin + x * rest }, digits);
    const logCurvature = logUnit + Math.log(trivial) + Math.log(1 - correlation);
    return sum + rule.weights[i]! * rest * Math.exp(logCurvature);
  }, 0);
}

/** What the flow is made of: dα/dt = E p_1 · (1 − balance). */
export interface FlowTerms {
  readonly logWrong: number;
  /** σ²α Ω/E p_1, which is 1 at α* (the Nishimori identity). */
  readonly balance: number;
  /** log λ_trivial, λ_trivial = −d(dα/dt)/dα. */
  readonly logCurvature: number;
  readonly largestExponent: number;
}

/** The terms of the flow at one resolution, in logarithms, so that they do not underflow. */
export function flowTerms(point: LinePoint, digits: number): FlowTerms {
  const { classes: k, noise, margin, correlation: rho = 0 } = point;
  const [alpha, sigma] = [margin * (1 - rho), noise / Math.sqrt(1 - rho)];
  const { logWrong, balance, logCurvature, largestExponent } = innerTerms(
    k,
    alpha,
    sigma,
    resolution(alpha * sigma, digits),
  );
  return { logWrong, balance, logCurvature: logCurvature + Math.log(1 - rho), largestExponent };
}

/**
 * dα/dt alone, as a difference at one resolution: its error is relative to E p_1 and not to what is left of it near α*, as that of
 * marginPoint is. Throws UsageError outside the domain. Cost: about a millisecond.
 */
export function noisyMarginRate(point: LinePoint): number {
  checkPoint(point.classes, point.noise, point.margin);
  const { logWrong, balance } = flowTerms(point, defaultDigits(point.classes).fine);
  return Math.exp(logWrong) * (1 - balance);
}

/** The terms for orthonormal means. */
function innerTerms(
  k: number,
  alpha: number,
  sigma: number,
  res: Resolution,
): FlowTerms & { readonly logUnit: number } {
  const { logWrong, logUnit, trivial, largestExponent } = flowIntegrals(k, sigma, alpha, res);
  return {
    logWrong,
    balance: sigma ** 2 * alpha * Math.exp(logUnit - logWrong),
    logCurvature: logUnit + Math.log(trivial),
    logUnit,
    largestExponent,
  };
}

function scalars(k: number, alpha: number, sigma: number, res: Resolution) {
  return { ...innerTerms(k, alpha, sigma, res), logLoss: logLoss(k, alpha, res) };
}

/** log ∫ dτ Ψ(τ + α)(1 − Ψ(τ)^{k−1}). */
function logLoss(k: number, alpha: number, { a, digits, laplace }: Resolution): number {
  const drop = digits * Math.LN10 + 2;
  const at = (tau: number): { log: number; slope: number } => {
    const kept = laplace.at(tau + alpha);
    const law = laplace.at(tau);
    const falls = (k - 1) * laplace.logWeight(tau); // log Ψ^{k−1}
    const lost = falls < -0.1 ? Math.log(-Math.expm1(falls)) : logPowerComplement(laplace.logComplement(tau), k - 1);
    const logDensity = tau + a ** 2 / 2 + laplace.at(tau + a ** 2).logWeight; // of −Ψ′, which at far left is no difference
    const lostSlope = Math.exp(Math.log(k - 1) + logDensity + falls - law.logWeight - lost);
    return { log: kept.logWeight + lost, slope: kept.slope + lostSlope };
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
  const longestStep = (9 / drop) * edgeScale(a, k);
  return logConcaveIntegrals([{ at: integrand, longestStep }], { drop, scale: 1 + a })[0]!;
}

/** log(1 − (1 − q)^n) from log q. */
function logPowerComplement(logQ: number, n: number): number {
  const q = Math.exp(logQ);
  if (q === 0 || n * q < 1e-17) return Math.log(n) + logQ;
  return Math.log(-Math.expm1(n * Math.log1p(-q)));
}
