import { chiSquareTail } from '../../../numeric/statistics/chi-square-tail.js';
import { knownTopFraction } from '../../../train/known-top-fraction.js';
import type { TrainDocument, TrainRecord } from '../../../train/train-document.js';
import { energyTest, type EnergyTest } from '../../noise/energy-test.js';
import { gaussianFraction, gaussianOverlap, type GradientLevel } from '../../../sgd-noise/index.js';
import type { LawSetting } from './law-settings.js';
import { meanOfValues } from './train-row.js';

/** A mean over seeds, with its standard error. */
export interface SeedMean {
  readonly value: number;
  readonly error: number;
}

/** Mean and standard deviation of what one state has. */
export interface LawMoments {
  readonly mean: number;
  readonly spread: number;
}

/** The law and what was measured. `withFlow`: the mean of one state of noise and flow, that of no curvature and outside the top space. */
export interface LawPair {
  readonly measured: SeedMean;
  readonly seeds: readonly number[];
  readonly law: LawMoments;
  readonly withFlow: number;
}

/** A setting in which the law was held against SGD. */
export interface LawPoint {
  readonly name: string;
  readonly statement: string;
  readonly paper: number | null;
  readonly learningRate: number;
  readonly batch: number;
  readonly overlap: LawPair;
  readonly topFraction: LawPair;
  /** ‖g‖² outside the top m that noise does not account for, over ‖g‖². */
  readonly flowShare: SeedMean;
  /** Measured over predicted energy. */
  readonly top: SeedMean;
  readonly rest: SeedMean;
  /** Mean g_i² over all states, i ≤ m. */
  readonly directions: readonly { readonly predicted: number; readonly measured: number; readonly error: number }[];
  /** g_i² over its prediction at every state. */
  readonly ratios: readonly number[];
  readonly test: EnergyTest;
}

interface State {
  readonly record: TrainRecord;
  readonly top: readonly { readonly predicted: number; readonly measured: number }[];
  readonly inside: { readonly predicted: number; readonly measured: number };
  readonly outside: { readonly predicted: number; readonly measured: number };
}

/** The late states of a run: those with a law but the first. */
function statesOf({ records, run: { subspace: m } }: TrainDocument): State[] {
  return records.slice(1).flatMap((record): State[] => {
    const energies = record.noiseNull?.energies;
    if (energies == null) return [];
    const pairs = [...energies.top, energies.rest].map(({ measured, shuffled, stationary }) => ({
      measured,
      predicted: shuffled ?? stationary,
    }));
    const sum = (part: typeof pairs) => ({
      predicted: part.reduce((total, one) => total + one.predicted, 0),
      measured: part.reduce((total, one) => total + one.measured, 0),
    });
    return [{ record, top: pairs.slice(0, m), inside: sum(pairs.slice(0, m)), outside: sum(pairs.slice(m)) }];
  });
}

/** The runs of a setting, all seeds, against the law: noise at rest, drawn in epochs. */
export function lawPoint({ name, statement, paper }: LawSetting, runs: readonly TrainDocument[]): LawPoint {
  const { config, subspace: m } = runs[0]!.run;
  const states = runs.map(statesOf);
  const all = states.flat();
  const moments = (of: 'overlap' | 'fraction'): LawMoments => {
    const found = all.map(({ record }) => {
      const law = record.noiseNull!;
      if (of === 'overlap') return (law.overlap.shuffled ?? law.overlap.stationary)!;
      const { lower, upper } = (law.fraction.shuffled ?? law.fraction.stationary)!;
      return { mean: (lower.mean + upper.mean) / 2, spread: (lower.spread + upper.spread) / 2 };
    });
    return {
      mean: meanOfValues(found.map((one) => one.mean)),
      spread: meanOfValues(found.map(({ spread }) => spread)),
    };
  };
  const sum = (own: readonly State[], part: 'inside' | 'outside', what: 'predicted' | 'measured'): number =>
    own.reduce((total, state) => total + state[part][what], 0);
  const share = (own: readonly State[]): number =>
    (sum(own, 'outside', 'measured') - sum(own, 'outside', 'predicted')) /
    (sum(own, 'inside', 'measured') + sum(own, 'outside', 'measured'));
  const over = (part: 'inside' | 'outside'): SeedMean =>
    seedMean(states.map((own) => sum(own, part, 'measured') / sum(own, part, 'predicted')));
  const flowShare = seedMean(states.map(share));
  const change = changeByFlow(all, m);
  const overlaps = runs.map(({ window }) => meanOfValues(window.map(({ overlap }) => overlap)));
  const fractions = states.map((own) => meanOfValues(own.map(({ record }) => knownTopFraction(record).middle)));
  const [overlap, fraction] = [moments('overlap'), moments('fraction')];
  const ratios = all.map(({ top }) => top.map(({ measured, predicted }) => measured / predicted));
  const rate = config.schedule.rate;
  return {
    name,
    statement,
    paper,
    learningRate: rate,
    batch: config.batch ?? runs[0]!.run.data.samples,
    overlap: { measured: seedMean(overlaps), seeds: overlaps, law: overlap, withFlow: overlap.mean + change.overlap },
    topFraction: {
      measured: seedMean(fractions),
      seeds: fractions,
      law: fraction,
      withFlow: fraction.mean + change.fraction,
    },
    flowShare,
    top: over('inside'),
    rest: over('outside'),
    directions: Array.from({ length: m }, (_, i) => {
      const { value, error } = seedMean(all.map(({ top }) => top[i]!.measured));
      return { predicted: meanOfValues(all.map(({ top }) => top[i]!.predicted)), measured: value, error };
    }),
    ratios: ratios.flat(),
    test: energyTest(ratios, correlations(states[0]!, rate, m)),
  };
}

/**
 * What flow changes in the means of overlap(g, Hg) and f_top(m), over Gaussian states with the mean energies of all of these: along the known eigenvectors, in the rest as
 * one level with its Tr H² and Tr H⁴, and as flow what is left outside the top.
 */
function changeByFlow(states: readonly State[], m: number): { readonly overlap: number; readonly fraction: number } {
  const laws = states.map(({ record }) => record.noiseNull!);
  const over = (of: (law: (typeof laws)[number]) => number): number => meanOfValues(laws.map(of));
  const energyOf = ({ stationary, shuffled }: { readonly stationary: number; readonly shuffled: number | null }) =>
    shuffled ?? stationary;
  const known: GradientLevel[] = laws[0]!.energies!.top.map((_, i) => ({
    eigenvalue: meanOfValues(states.map(({ record }) => record.eigenvalues[i] ?? record.eigenvalues.at(-1)!)),
    multiplicity: 1,
    variance: over(({ energies }) => energyOf(energies!.top[i]!)),
  }));
  const [squared, fourth] = [1, 3].map((power) => over(({ rest }) => rest.hessian[power]!.value)) as [number, number];
  const multiplicity = squared ** 2 / fourth;
  const rest: GradientLevel = {
    eigenvalue: Math.sqrt(fourth / squared),
    multiplicity,
    variance: over(({ energies }) => energyOf(energies!.rest)) / multiplicity,
  };
  const left = meanOfValues(states.map(({ outside }) => outside.measured - outside.predicted));
  const flow: GradientLevel = { eigenvalue: 0, multiplicity: 1, variance: 0, flow: Math.max(0, left) };
  const [still, moving] = [
    [...known, rest],
    [...known, rest, flow],
  ];
  const change = (of: (levels: readonly GradientLevel[]) => number): number => of(moving) - of(still);
  return {
    overlap: change((levels) => gaussianOverlap(levels).mean),
    fraction: change((levels) => gaussianFraction(levels, m).lower.mean),
  };
}

/** (1 − ηλ_i)^n between neighbouring states. */
function correlations(states: readonly State[], rate: number, m: number): number[] {
  const every = states.length < 2 ? 1 : states[1]!.record.step - states[0]!.record.step;
  return Array.from({ length: m }, (_, i) => {
    const eigenvalue = meanOfValues(states.map(({ record }) => record.eigenvalues[i]!));
    return Math.abs(1 - rate * eigenvalue) ** every;
  });
}

export function seedMean(values: readonly number[]): SeedMean {
  const value = meanOfValues(values);
  const squares = values.reduce((total, x) => total + (x - value) ** 2, 0);
  return { value, error: Math.sqrt(squares / Math.max(1, values.length - 1) / values.length) };
}

/** P(χ²₁ > x), of which the ratios are by the law. */
export function chiSquareCurve(): { readonly x: number; readonly above: number }[] {
  return Array.from({ length: 91 }, (_, i) => ({ x: i / 10, above: chiSquareTail(i / 10, 1) }));
}
