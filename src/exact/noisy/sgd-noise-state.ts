import { expectedFraction, gaussianOverlap, type GradientLevel } from '../../sgd-noise/gaussian-gradient.js';
import type { GradientCovariance } from './gradient-covariance.js';
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
  /** E‖P_m g‖²/E‖g‖², flow and noise together; `stationary`: of the noise alone, all modes relaxed at this margin. */
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
  return {
    margin: point.margin,
    gradientEnergy: { flow: flow * unit, noise: noise * unit },
    topFraction: {
      ...expectedFraction(gradient, subspace),
      stationary: expectedFraction(gradientLevels(stationary, 0), subspace),
    },
    overlap: overlap.mean,
    overlapSpread: overlap.spread,
    secondOrder: secondOrderSize(spectrum, now, energies, time),
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

/**
 * With H′ along the line diagonal in the sectors, the noise pulls the mean margin by F = −½ Σ n_s v_s λ_s′/‖B‖² per unit time, for as long as 1/λ_trivial, and
 * the margin fluctuates by √v_trivial/‖B‖, ‖B‖² = (k−1)(1−ρ): 2 |λ_s′/λ_s Δα| + (λ_s′/λ_s)² Var α, averaged by energy.
 */
function secondOrderSize(
  { point, logUnit, levels }: GradientCovariance['spectrum'],
  variances: readonly number[],
  energies: readonly number[],
  time: number,
): number {
  const total = energies.reduce((sum, energy) => sum + energy, 0);
  if (total === 0) return 0;
  const h = 1e-4 * Math.max(1, point.margin);
  const [below, above] = [Math.max(0, point.margin - h), point.margin + h].map((margin) =>
    noisyLevels({ ...point, margin }),
  );
  const logOf = ({ levels, logUnit }: GradientCovariance['spectrum'], sector: Sector): number =>
    logUnit + Math.log(levels.find((level) => level.sector === sector)!.ratio);
  const slopes = levels.map(({ sector, ratio }) =>
    ratio === 0 ? 0 : (logOf(above!, sector) - logOf(below!, sector)) / (above!.point.margin - below!.point.margin),
  );
  const squareOfB = (point.classes - 1) * (1 - (point.correlation ?? 0));
  const trivial = levels.findIndex(({ sector }) => sector === 'trivial');
  const { ratio } = levels[trivial]!;
  const lasting = Math.min(time * Math.exp(logUnit), 1 / ratio); // in units of 1/Ω
  const pull = levels.reduce((sum, level, i) => sum + level.multiplicity * variances[i]! * level.ratio * slopes[i]!, 0);
  const shift = (Math.abs(pull) / (2 * squareOfB)) * lasting;
  const spread = variances[trivial]! / squareOfB;
  const sizes = slopes.map((slope) => 2 * Math.abs(slope) * shift + slope ** 2 * spread);
  return sizes.reduce((sum, size, i) => sum + (size * energies[i]!) / total, 0);
}
