import { dishonesty } from './error-bars.js';
import type { Laws } from './laws.js';
import { relativeDifference } from './numerics.js';
import type { NoiseLevel } from './quadrature/noise-along-the-flow.js';

type SgdNoise = ReturnType<Laws['stationaryNoise']>;

/** What the theory knows of a state, the gauge left out. */
export interface OwnState {
  readonly margin: number;
  readonly flow: number;
  readonly levels: readonly NoiseLevel[];
  /** Variances of noise that has relaxed, in the order of the levels. */
  readonly stationary: readonly number[];
  /** d log λ/dα, in the order of the levels. */
  readonly slopes: readonly number[];
  /** When the flow is here, ∞ if it rests. */
  readonly time: number;
  /** ‖B‖² = (k−1)(1−ρ). */
  readonly squareOfB: number;
  /** Directions of the gauge. */
  readonly gauge: number;
}

/** Errors relative to what is known of the state, to `known`: its levels, what they add up to, and the part of the m directions on top. */
export function noiseStateErrors(laws: Laws, found: SgdNoise, own: OwnState, m: number, known: number): number[] {
  const flowOf = ({ sector }: NoiseLevel): number => (sector === 'trivial' ? own.flow : 0);
  const noise = own.levels.reduce((sum, level) => sum + energyOf(level), 0);
  const gradient = (variances: readonly number[], hasFlow: boolean) =>
    own.levels
      .map((level, i) => ({
        eigenvalue: level.eigenvalue,
        multiplicity: level.multiplicity,
        variance: level.eigenvalue ** 2 * variances[i]!,
        flow: hasFlow ? flowOf(level) : 0,
      }))
      .sort((x, y) => y.eigenvalue - x.eigenvalue);
  const now = gradient(
    own.levels.map(({ variance }) => variance),
    true,
  );
  const fractionErrors = (
    { lower, upper }: { readonly lower: number; readonly upper: number },
    levels: typeof now,
  ): number[] => {
    const expected = topShare(levels, m);
    return [Math.abs(lower - expected.lower), Math.abs(upper - expected.upper)];
  };
  const overlap = laws.gaussianOverlap(now);
  const descending = found.levels.every(
    ({ eigenvalue }, i) => i === 0 || eigenvalue <= found.levels[i - 1]!.eigenvalue * (1 + 1e-12),
  );
  const errors = [
    relativeDifference(found.margin, own.margin),
    relativeDifference(found.gradientEnergy.flow, own.flow),
    relativeDifference(found.gradientEnergy.noise, noise),
    ...fractionErrors(found.topFraction, now),
    ...fractionErrors(found.topFraction.stationary, gradient(own.stationary, false)),
    Math.abs(found.overlap - overlap.mean),
    Math.abs(found.overlapSpread ** 2 - overlap.spread ** 2) / (overlap.spread ** 2 + 0.001), // a difference
    ...own.levels.flatMap((level) => {
      const same = found.levels.find(({ sector }) => sector === level.sector);
      if (same?.multiplicity !== level.multiplicity) return [Infinity];
      return [
        relativeDifference(same.eigenvalue, level.eigenvalue),
        relativeDifference(same.covariance, level.covariance),
        relativeDifference(same.variance, level.variance),
        relativeDifference(same.gradientEnergy, energyOf(level) + flowOf(level)),
        dishonesty(same.covarianceError, 0, 0),
      ];
    }),
  ];
  const gauge = found.levels.filter(({ sector }) => sector === 'gauge');
  const isStill = gauge.every(
    ({ multiplicity, eigenvalue, covariance, covarianceError, variance, gradientEnergy }) =>
      multiplicity === own.gauge &&
      [eigenvalue, covariance, covarianceError, variance, gradientEnergy].every((x) => x === 0),
  );
  const isComplete = descending && isStill && gauge.length === 1 && found.levels.length === own.levels.length + 1;
  return [
    ...errors.map((error) => error / known),
    isComplete ? 0 : Infinity,
    relativeDifference(found.secondOrder, secondOrder(own)) / Math.max(known, 1e-3),
  ];
}

/** E‖Pg‖² of the noise in a level. */
export function energyOf({ eigenvalue, variance, multiplicity }: NoiseLevel): number {
  return multiplicity * eigenvalue ** 2 * variance;
}

/** Σ of the top m over the whole: a level that m cuts left out and counted whole. */
export function topShare(
  levels: readonly { readonly multiplicity: number; readonly variance: number; readonly flow: number }[],
  m: number,
): { readonly lower: number; readonly upper: number } {
  let [above, lower, upper, total] = [0, 0, 0, 0];
  for (const { multiplicity, variance, flow } of levels) {
    const energy = multiplicity * variance + flow;
    if (above < m) upper += energy;
    above += multiplicity;
    if (above <= m) lower += energy;
    total += energy;
  }
  return { lower: lower / total, upper: upper / total };
}

/**
 * The mean margin is pulled by −½ Σ n_s v_s λ_s′/‖B‖², minus the slope of ½ Tr(HΣ) along the line, for a time of 1/λ_trivial at most, and fluctuates with the variance
 * v_trivial/‖B‖². A level's energy changes by 2|λ′/λ| Δα + (λ′/λ)² Var α of itself; the mean over the noise's energy.
 */
export function secondOrder(own: Pick<OwnState, 'levels' | 'slopes' | 'time' | 'squareOfB'>): number {
  const { levels, slopes, squareOfB } = own;
  const trivial = levels.find(({ sector }) => sector === 'trivial')!;
  const slopeOfTrace = levels.reduce(
    (sum, { multiplicity, variance, eigenvalue }, i) => sum + multiplicity * variance * eigenvalue * slopes[i]!,
    0,
  );
  const shift = (Math.abs(slopeOfTrace) / (2 * squareOfB)) * Math.min(own.time, 1 / trivial.eigenvalue);
  const [weighted, total] = levels.reduce<[number, number]>(
    ([sum, all], level, i) => {
      const size = 2 * Math.abs(slopes[i]!) * shift + (slopes[i]! ** 2 * trivial.variance) / squareOfB;
      return [sum + size * energyOf(level), all + energyOf(level)];
    },
    [0, 0],
  );
  return weighted / total;
}
