import { expectedFraction, gaussianOverlap, type GradientLevel } from '../../sgd-noise/gaussian-gradient.js';
import { largestMargin } from './domain.js';
import type { GradientCovariance } from './gradient-covariance.js';
import { secondOrderSize, squareOfB, type MovingLevel } from './second-order.js';
import { noisyLevels, type Sector } from './symmetric-levels.js';

/** A level of the Hessian in the noise of SGD. */
export interface SgdNoiseLevel {
  readonly sector: Sector;
  readonly multiplicity: number;
  /** λ. */
  readonly eigenvalue: number;
  /** c = vᵀCv, the variance of one sample's gradient along an eigenvector. */
  readonly covariance: number;
  /** Estimate of the relative error of c. */
  readonly covarianceError: number;
  /** Of the weights, along an eigenvector. */
  readonly variance: number;
  /** E‖P g‖² of the level, noise and flow. */
  readonly gradientEnergy: number;
}

/** What the noise of SGD makes of the gradient at a symmetric point, to leading order in η/b. */
export interface SgdNoise {
  readonly margin: number;
  /** E‖g‖²: what the flow has, ‖G‖², and what the noise adds. */
  readonly gradientEnergy: { readonly flow: number; readonly noise: number };
  /**
   * E‖P_m g‖²/E‖g‖², flow and noise together, P_m on the eigenvectors of H at the mean, not on those that the noise tilts towards a strong flow (predictedRun);
   * `stationary`: of the noise alone, all modes relaxed at this margin.
   */
  readonly topFraction: {
    readonly lower: number;
    readonly upper: number;
    readonly stationary: { readonly lower: number; readonly upper: number };
  };
  /** Mean and standard deviation of overlap(g, Hg) over the noise. */
  readonly overlap: number;
  readonly overlapSpread: number;
  /**
   * Estimate of the relative size of what leading order leaves out: by how much the levels change under the shift of the mean margin and its fluctuation,
   * weighted by the noise's energy. Where it is not small, the numbers are not to be trusted.
   */
  readonly secondOrder: number;
  readonly levels: readonly SgdNoiseLevel[];
}

/** Variances along eigenvectors of the levels, now and when all have relaxed, in their order; when the flow is here, ∞ if it rests. */
export interface NoiseVariances {
  readonly now: readonly number[];
  readonly stationary: readonly number[];
  readonly time: number;
}

/**
 * Energies of the gradient from the variances of the weights: E g_i² = λ_i² v_i, in units of Ω², so that nothing underflows. The trivial level carries the flow,
 * of squared length e^`logFlow`.
 */
export function sgdNoiseState(
  { spectrum, levels }: GradientCovariance,
  { now, stationary, time }: NoiseVariances,
  logFlow: number,
  subspace: number,
): SgdNoise {
  const { point, logUnit } = spectrum;
  const flow = Math.exp(logFlow - 2 * logUnit);
  const gradientLevels = (variances: readonly number[], carried: number): GradientLevel[] =>
    levels.map(({ level: { ratio, multiplicity, sector } }, i) => ({
      eigenvalue: ratio,
      multiplicity,
      variance: ratio ** 2 * variances[i]!,
      flow: sector === 'trivial' ? carried : 0,
    }));
  const gradient = gradientLevels(now, flow);
  const energies = gradient.map(({ multiplicity, variance }) => multiplicity * variance);
  const noise = energies.reduce((sum, energy) => sum + energy, 0);
  const unit = Math.exp(2 * logUnit);
  const overlap = gaussianOverlap(gradient);
  const errors = levels.map(({ level: { ratio, ratioError } }) => ratio * ratioError);
  const fraction = (of: readonly GradientLevel[]) => expectedFraction(multiplets(of, errors), subspace);
  return {
    margin: point.margin,
    gradientEnergy: { flow: flow * unit, noise: noise * unit },
    topFraction: {
      ...fraction(gradient),
      stationary: fraction(gradientLevels(stationary, 0)),
    },
    overlap: overlap.mean,
    overlapSpread: overlap.spread,
    secondOrder: secondOrderSize(movingLevels(spectrum, now), squareOfB(point), Math.exp(Math.log(time) + logUnit)),
    levels: levels.map(({ level, covariance, relativeError }, i) => ({
      sector: level.sector,
      multiplicity: level.multiplicity,
      eigenvalue: level.value,
      covariance,
      covarianceError: relativeError,
      variance: now[i]!,
      gradientEnergy: (energies[i]! + (gradient[i]!.flow ?? 0)) * unit,
    })),
  };
}

/** Levels that their errors cannot tell apart as one, chained: at α = 0 those of all mean features coincide. */
function multiplets(levels: readonly GradientLevel[], errors: readonly number[]): GradientLevel[] {
  const merged: GradientLevel[] = [];
  levels.forEach((level, i) => {
    const above = levels[i - 1];
    const touches = above !== undefined && above.eigenvalue - level.eigenvalue <= errors[i - 1]! + errors[i]!;
    const before = touches ? merged.pop() : undefined;
    merged.push(before === undefined ? level : together(before, level));
  });
  return merged;
}

function together(x: GradientLevel, y: GradientLevel): GradientLevel {
  const multiplicity = x.multiplicity + y.multiplicity;
  return {
    eigenvalue: x.eigenvalue,
    multiplicity,
    variance: (x.multiplicity * x.variance + y.multiplicity * y.variance) / multiplicity,
    flow: (x.flow ?? 0) + (y.flow ?? 0),
  };
}

/** The levels in units of Ω, with their slopes between two points nearby. */
function movingLevels({ point, levels }: GradientCovariance['spectrum'], variances: readonly number[]): MovingLevel[] {
  const h = 1e-4 * Math.max(1, point.margin);
  const [below, above] = [Math.max(0, point.margin - h), Math.min(largestMargin(point.noise), point.margin + h)].map(
    (margin) => noisyLevels({ ...point, margin }),
  );
  const logOf = ({ levels, logUnit }: GradientCovariance['spectrum'], sector: Sector): number =>
    logUnit + Math.log(levels.find((level) => level.sector === sector)!.ratio);
  return levels.map(({ sector, multiplicity, ratio }, i) => ({
    sector,
    multiplicity,
    eigenvalue: ratio,
    variance: variances[i]!,
    slope:
      ratio === 0 ? 0 : (logOf(above!, sector) - logOf(below!, sector)) / (above!.point.margin - below!.point.margin),
  }));
}
