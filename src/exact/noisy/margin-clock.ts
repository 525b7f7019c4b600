import { UsageError } from '../../errors.js';
import { bracketedRoot } from '../../numeric/quadrature/bracketed-root.js';
import {
  chebyshevNodes,
  chebyshevSeries,
  chebyshevThrough,
  type ChebyshevSeries,
} from '../../numeric/quadrature/chebyshev.js';
import { gaussLegendre } from '../../numeric/quadrature/gauss-legendre.js';
import { checkCorrelation, checkNoise } from './domain.js';
import { logSum } from './flow-time.js';
import { flowTerms, smoothFrom, type FlowTerms } from './margin-point.js';
import { roundingError } from './symmetric-levels.js';

/** The gradient flow from W(0) = 0 at finite noise, as a clock that is read both ways. */
export interface MarginClock {
  /** α* = 1/σ², the limit of t → ∞. */
  readonly optimalMargin: number;
  /** α(t) for 0 ≤ t ≤ `until`. */
  readonly marginAt: (time: number) => number;
  /** log t at which the flow reaches 0 < α < α*; Infinity where that is later than the clock was made for. */
  readonly logTimeAt: (margin: number) => number;
  /** dα/dt. */
  readonly rateAt: (margin: number) => number;
  /** Largest coefficient left out of the series of the rate's terms, relative. */
  readonly seriesTail: number;
  /** Estimate of the relative error of times, rates and margins; in t(α) and the rate another eps/(1 − α/α*), that of α* − α. */
  readonly relativeError: number;
}

const latestTime = 1e300;
const standardTolerance = 3e-13;
/** Enough for a bound that is off by a factor of up to two. */
const roughDigits = 8;
const slowest = 40; // v at which α = α* to all digits
const rule = gaussLegendre(12);
/** For the mean curvature between 0.6 α* and α*. */
const wideRule = gaussLegendre(32);
const nearPoints = 48;

/**
 * Separation of variables: t = ∫₀^α dα′/rate(α′). With u = α/α* = 1 − e^{−v} the rate is (1 − u) q(u), q smooth and positive, so
 * that dt/dv = α* / q has no singularity: the terms of q are interpolated once (chebyshevSeries) and t is summed over panels of v by
 * Gauss–Legendre, in logarithms, since t grows like e^{1/4σ²}. From 0.6 α* on, where the two terms of the rate may cancel,
 * q is α* times the mean of λ_trivial between α and α* (marginPoint).
 *
 * `until`: the latest time that will be asked for, 1e300 at most. A short one spares most of the work at small noise. `tolerance`: of the series, to spare half of it.
 * `relativeError` is about 1e-12, more for small σ, where the terms cancel from half of α* on. Throws UsageError outside the domain. Cost: 32 to 2000 points,
 * about 2 ms each, once; then microseconds.
 */
export function marginClock(
  model: { readonly classes: number; readonly noise: number; readonly correlation?: number },
  until = Infinity,
  tolerance = standardTolerance,
): MarginClock {
  const { classes, noise, correlation = 0 } = model;
  checkNoise(classes, noise);
  checkCorrelation(classes, correlation);
  const optimalMargin = 1 / noise ** 2;
  const digits = 14 + Math.log10(classes) / 4 + Math.log10(standardTolerance / tolerance);
  let largestExponent = 0;
  const terms = (u: number): FlowTerms => {
    const found = flowTerms({ classes, noise, margin: u * optimalMargin, correlation }, digits);
    largestExponent = Math.max(largestExponent, found.largestExponent);
    return found;
  };
  const rough = (u: number): FlowTerms => flowTerms({ ...model, margin: u * optimalMargin }, roughDigits);
  const reached = reachOfFlow(rough, optimalMargin, Math.min(until, latestTime));
  const [logWrong, balance, logCurvature] = chebyshevSeries(
    (u) => {
      const { logWrong, balance, logCurvature } = terms(u);
      return [logWrong, balance, logCurvature];
    },
    0,
    reached,
    tolerance,
  ) as [ChebyshevSeries, ChebyshevSeries, ChebyshevSeries];
  const logMean = reached === 1 ? logMeanCurvature(logCurvature) : undefined;
  /** log q = log of the rate over 1 − u = `rest`. */
  const logSpeed = (rest: number): number =>
    1 - rest > smoothFrom && logMean !== undefined
      ? Math.log(optimalMargin) + logMean.value(1 - rest)
      : logWrong.value(1 - rest) + Math.log((1 - balance.value(1 - rest)) / rest);
  // Where the two terms of the rate cancel most before the mean curvature takes over.
  const direct = Math.min(reached, smoothFrom);
  const spanOf = (series: ChebyshevSeries): number => Math.abs(series.value(reached)) + Math.log(classes);
  const seriesError = Math.max(
    logWrong.tail * spanOf(logWrong),
    balance.tail,
    logCurvature.tail * spanOf(logCurvature),
  );

  const latest = reached < 1 ? -Math.log1p(-reached) : slowest;
  const panels = Math.max(400, Math.ceil(40 / noise));
  const width = latest / panels;
  const logSlowness = (v: number): number => Math.log(optimalMargin) - logSpeed(Math.exp(-v));
  /** log ∫ over [v, v + length] of dt/dv. */
  const logPiece = (v: number, length: number): number => {
    const logs = Array.from(rule.nodes, (x, i) => logSlowness(v + x * length) + Math.log(rule.weights[i]! * length));
    return logSum(logs);
  };
  const edges = new Float64Array(panels + 1).fill(-Infinity);
  for (let i = 0; i < panels; i++) edges[i + 1] = logSum([edges[i]!, logPiece(i * width, width)]);
  const logTimeAtV = (v: number): number => {
    const i = Math.min(panels - 1, Math.floor(v / width));
    const length = v - i * width;
    return length > 0 ? logSum([edges[i]!, logPiece(i * width, length)]) : edges[i]!;
  };

  const marginAt = (time: number): number => {
    const latestAsked = Math.min(until, latestTime);
    if (!(time >= 0 && time <= latestAsked)) {
      throw new UsageError(`time must lie between 0 and ${latestAsked}, received ${time}`);
    }
    if (time === 0) return 0;
    const target = Math.log(time);
    if (target >= edges[panels]!) return reached * optimalMargin;
    let i = 0;
    while (edges[i + 1]! < target) i++;
    // The first panel starts at t = 0, of logarithm −∞: there t and v are proportional.
    const v =
      i > 0
        ? bracketedRoot((at) => logTimeAtV(at) - target, i * width, (i + 1) * width)
        : bracketedRoot((at) => Math.exp(logTimeAtV(at) - target) - 1, 0, width);
    return -Math.expm1(-v) * optimalMargin;
  };
  return {
    optimalMargin,
    marginAt,
    logTimeAt: (margin) => {
      if (!(margin > 0 && margin < optimalMargin)) {
        throw new UsageError(`the flow passes margins between 0 and ${optimalMargin}, received ${margin}`);
      }
      const v = -Math.log1p(-margin / optimalMargin);
      return v > latest ? Infinity : logTimeAtV(v);
    },
    rateAt: (margin) => {
      const rest = (optimalMargin - margin) / optimalMargin;
      return rest > 0 ? rest * Math.exp(logSpeed(rest)) : 0;
    },
    seriesTail: Math.max(logWrong.tail, balance.tail, logCurvature.tail),
    relativeError:
      (seriesError + roundingError(classes, largestExponent)) / (1 - balance.value(direct)) +
      4 * panels * Number.EPSILON,
  };
}

/** log of the mean of λ_trivial over [u, 1], as a function of u from 0.6 to 1. */
function logMeanCurvature(logCurvature: ChebyshevSeries): ChebyshevSeries {
  const last = logCurvature.value(1);
  const relative = (u: number, x: number): number => Math.exp(logCurvature.value(u + x * (1 - u)) - last);
  const mean = (u: number): number =>
    wideRule.nodes.reduce((sum, x, i) => sum + wideRule.weights[i]! * relative(u, x), 0);
  const values = chebyshevNodes(nearPoints, smoothFrom, 1).map((u) => last + Math.log(mean(u)));
  return chebyshevThrough(values, smoothFrom, 1);
}

/** An α/α* that the flow reaches after `time`: t(α) ≥ (α/2)/rate(α/2), since the rate falls. */
function reachOfFlow(terms: (u: number) => FlowTerms, optimalMargin: number, time: number): number {
  const logTimeBound = (u: number): number => {
    const { logWrong, balance } = terms(u / 2);
    return Math.log((u / 2) * optimalMargin) - logWrong - Math.log1p(-balance) - Math.log(time);
  };
  const reach = logTimeBound(1) < 0 ? 1 : Math.exp(bracketedRoot((logU) => logTimeBound(Math.exp(logU)), -700, 0));
  return reach > smoothFrom ? 1 : reach;
}
