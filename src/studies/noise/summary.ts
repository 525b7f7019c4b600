import { energyTest, type EnergyTest } from './energy-test.js';
import type { LawEnergies, PredictedEnergies } from './noise-laws.js';

/** The gradient of one point of a descent beside the laws of its noise. */
export interface NoiseMeasurement {
  /** Steps of the arm. */
  readonly step: number;
  /** ‖P_m g‖²/‖g‖², and overlap(g, Hg). */
  readonly topFraction: number;
  readonly overlap: number;
  /** λ_i and c_i of the known eigenvectors. */
  readonly eigenvalues: readonly number[];
  readonly covariances: readonly number[];
  readonly laws: LawEnergies;
  /** g_i² along the known eigenvectors, and of the rest. */
  readonly measured: PredictedEnergies;
  /** (v_iᵀg)(v_iᵀg′), g′ the gradient of the measurement before, and of the rest: what does not change between them. Null at the first. */
  readonly persistent: PredictedEnergies | null;
}

/** A mean over the measurements, and its standard error as if these were independent. */
export interface MeanOfSteps {
  readonly mean: number;
  readonly standardError: number;
}

/** One law against the measurements of an arm. */
export interface LawSummary {
  /** f_top(m) of the noise alone: Σ_{i≤m} E g_i²/E‖g‖². */
  readonly noise: MeanOfSteps;
  /** g_i² of the first m directions against their prediction. */
  readonly test: EnergyTest;
  /** The energies that the noise leaves over, in the top m and outside, and the latter over the mean ‖g‖²: φ. */
  readonly flow: { readonly top: MeanOfSteps; readonly rest: MeanOfSteps; readonly share: number };
  /** Share of the energy in the top m of noise there, noise outside and the flow that is left over outside: what `energyShare` should be. */
  readonly both: number;
}

/** An arm in numbers. */
export interface ArmSummary {
  readonly topFraction: MeanOfSteps;
  readonly overlap: MeanOfSteps;
  /** Mean energy in the top m over the mean ‖g‖². */
  readonly energyShare: number;
  /** c_i/λ_i of the first m directions, mean over all. */
  readonly covarianceOverCurvature: MeanOfSteps;
  /** Mean energy that persists from one measurement to the next, in the top m and outside: flow, and noise that is slower than that. */
  readonly persistent: { readonly top: MeanOfSteps; readonly rest: MeanOfSteps } | null;
  readonly laws: Readonly<Record<keyof LawEnergies, LawSummary | null>>;
}

/** How an arm was measured. */
export interface SummaryOptions {
  readonly subspace: number;
  /** Of g_i from one measurement to the next, along each direction. */
  readonly correlations: readonly number[];
  readonly level: number;
}

/** Throws nothing; needs at least two measurements for errors. */
export function summariseArm(measurements: readonly NoiseMeasurement[], options: SummaryOptions): ArmSummary {
  const { subspace: m } = options;
  const split = ({ top, rest }: PredictedEnergies) => ({
    top: total(top.slice(0, m)),
    rest: total(top.slice(m)) + rest,
  });
  const found = measurements.map(({ measured }) => split(measured));
  const over = (of: (at: NoiseMeasurement) => number, among = measurements): MeanOfSteps => meanOfSteps(among.map(of));
  const law = (name: keyof LawEnergies): LawSummary | null => {
    const predicted = measurements.flatMap(({ laws }) => laws[name] ?? []);
    if (predicted.length < measurements.length) return null;
    const parts = predicted.map(split);
    const flow = (part: 'top' | 'rest') => meanOfSteps(found.map((of, t) => of[part] - parts[t]![part]));
    const rest = flow('rest');
    const noise = { top: mean(parts.map(({ top }) => top)), rest: mean(parts.map((of) => of.rest)) };
    return {
      noise: meanOfSteps(parts.map((of) => of.top / (of.top + of.rest))),
      test: energyTest(
        measurements.map(({ measured }, t) => measured.top.slice(0, m).map((x, i) => x / predicted[t]!.top[i]!)),
        options.correlations.slice(0, m),
        options.level,
      ),
      flow: { top: flow('top'), rest, share: rest.mean / mean(found.map((of) => of.top + of.rest)) },
      both: noise.top / (noise.top + noise.rest + rest.mean),
    };
  };
  const later = measurements.flatMap(({ persistent }) => (persistent === null ? [] : [split(persistent)]));
  return {
    topFraction: over(({ topFraction }) => topFraction),
    overlap: over(({ overlap }) => overlap),
    energyShare: mean(found.map(({ top }) => top)) / mean(found.map(({ top, rest }) => top + rest)),
    covarianceOverCurvature: meanOfSteps(
      measurements.flatMap(({ covariances, eigenvalues }) =>
        covariances.slice(0, m).map((c, i) => c / eigenvalues[i]!),
      ),
    ),
    persistent:
      later.length === 0
        ? null
        : { top: meanOfSteps(later.map(({ top }) => top)), rest: meanOfSteps(later.map(({ rest }) => rest)) },
    laws: { stationary: law('stationary'), shuffled: law('shuffled'), relaxing: law('relaxing') },
  };
}

function meanOfSteps(values: readonly number[]): MeanOfSteps {
  const average = mean(values);
  const variance = total(values.map((x) => (x - average) ** 2)) / Math.max(1, values.length - 1);
  return { mean: average, standardError: Math.sqrt(variance / values.length) };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0);
}

function mean(values: readonly number[]): number {
  return total(values) / values.length;
}
