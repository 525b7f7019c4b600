import { studentQuantile, studentTail } from '../../numeric/statistics/student-t.js';
import { gradientParts, partDimensions, type GradientPart, type GradientParts } from './gradient-sectors.js';
import type { SgdNoiseRun } from './sgd-noise-runs.js';
import type { SgdNoiseSettings } from './sgd-noise-settings.js';
import { sgdNoiseValues, wrongNoises, type SgdNoiseValues } from './sgd-noise-values.js';
import type { LineBlocks } from '../simulate/line-blocks.js';

/** A quantity over its expectation, or, of f_top and overlap, beside it. */
export interface SgdNoiseRow {
  readonly name: string;
  readonly exact: { readonly lower: number; readonly upper: number };
  readonly measured: number;
  readonly standardError: number;
  /** (measured − exact)/standardError, corrected for the skewness of the runs; from the nearer end of an interval. */
  readonly z: number;
  readonly p: number;
  /** Where leading order in η/b is not enough a row is shown, not tested. */
  readonly tested: boolean;
  readonly ok: boolean;
}

/** A theory that is off, and the row that speaks loudest against it. */
export interface RejectedNoise {
  readonly theory: string;
  readonly row: string;
  readonly z: number;
  readonly rejected: boolean;
}

/** Runs of one model from one start against the exact noise. */
export interface SgdNoiseCell {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  /** W(0) = 0, or the Bayes classifier α*B. */
  readonly start: 'zero' | 'bayes';
  readonly rows: readonly SgdNoiseRow[];
  readonly criticalZ: number;
  readonly wrongTheories: readonly RejectedNoise[];
  readonly ok: boolean;
}

/** The runs of a cell, before they are judged. */
export interface SgdNoiseMeasurement {
  readonly model: { readonly classes: number; readonly dim: number; readonly noise: number };
  readonly start: SgdNoiseCell['start'];
  readonly line: LineBlocks;
  readonly runs: readonly SgdNoiseRun[];
}

/** α of W(0) = αB. */
export function startMargin(noise: number, start: SgdNoiseCell['start']): number {
  return start === 'zero' ? 0 : 1 / noise ** 2;
}

/**
 * Each part of the gradient over its expectation, averaged over the steps; all modes together, each over its own, but for the one along the flow, whose share of noise is
 * small from W = 0 and of which leading order is least exact at α*; f_top and overlap at the last step. Error bars are those of independent runs.
 */
export function sgdNoiseRows(
  runs: readonly SgdNoiseRun[],
  exact: SgdNoiseValues,
  dimensions: GradientParts,
  start: SgdNoiseCell['start'],
): Omit<SgdNoiseRow, 'ok'>[] {
  const present = gradientParts.filter((part) => dimensions[part] > 0);
  const ratios = runs.map(({ parts }) => {
    const ratio = (part: (typeof present)[number]): number =>
      parts.reduce((sum, at, i) => sum + at[part] / exact.parts[i]![part], 0) / parts.length;
    return Object.fromEntries(present.map((part) => [part, ratio(part)]));
  });
  const noisy = present.filter((part) => part !== 'along B');
  const modes = noisy.reduce((sum, part) => sum + dimensions[part], 0);
  const one = { lower: 1, upper: 1 };
  const f = runs.reduce((sum, run) => sum + run.top, 0) / runs.reduce((sum, run) => sum + run.gradient, 0);
  const gradient = runs.reduce((sum, run) => sum + run.gradient, 0) / runs.length;
  return [
    row(
      'all modes',
      one,
      ratios.map((run) => noisy.reduce((sum, part) => sum + (dimensions[part] * run[part]!) / modes, 0)),
    ),
    ...present.map((part) => ({
      ...row(
        part,
        one,
        ratios.map((run) => run[part]!),
      ),
      tested: isTested(part, start),
    })),
    // E‖Pg‖²/E‖g‖², its error to leading order in 1/runs
    row(
      'f_top',
      exact.topFraction,
      runs.map((run) => f + (run.top - f * run.gradient) / gradient),
    ),
    row(
      'overlap',
      { lower: exact.overlap, upper: exact.overlap },
      runs.map(({ overlap }) => overlap),
    ),
  ];
}

/**
 * Leading order misses some 22 η/b of the energy along B at α* (`simulate` measures it), where that mode is the slowest and its curvature falls fastest: several error bars. Of every
 * other row it misses less than a third of one.
 */
export function isTested(part: GradientPart, start: SgdNoiseCell['start']): boolean {
  return part !== 'along B' || start === 'zero';
}

function row(name: string, exact: SgdNoiseRow['exact'], values: readonly number[]): Omit<SgdNoiseRow, 'ok'> {
  const m = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / m;
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (m - 1));
  const standardError = deviation / Math.sqrt(m);
  const skewness = values.reduce((sum, x) => sum + ((x - mean) / deviation) ** 3, 0) / m / Math.sqrt(m);
  const nearest = Math.min(exact.upper, Math.max(exact.lower, mean));
  const plain = (mean - nearest) / standardError;
  // Hall 1992: symmetric to the order 1/m
  const z =
    mean === nearest ? 0 : plain + (skewness * plain ** 2) / 3 + (skewness ** 2 * plain ** 3) / 27 + skewness / 6;
  return { name, exact, measured: mean, standardError, z, p: studentTail(z, m - 1), tested: true };
}

/** The cell with its rows judged at the level of the family shared among `tests` rows (Bonferroni), and the wrong theories by the same rule. Cost: a closed form for each theory. */
export function judgeSgdNoise(
  { model, start, line, runs }: SgdNoiseMeasurement,
  settings: SgdNoiseSettings,
  tests: number,
): SgdNoiseCell {
  const level = settings.significance / tests;
  const margin = startMargin(model.noise, start);
  const dimensions = partDimensions(model);
  const rowsFor = (...wrong: [] | [ReturnType<typeof wrongNoises>[number]]) =>
    sgdNoiseRows(runs, sgdNoiseValues(model, margin, settings, line, ...wrong), dimensions, start);
  const rows = rowsFor().map((one) => ({ ...one, ok: !one.tested || one.p > level }));
  const wrongTheories = wrongNoises(settings, start === 'bayes').map((wrong): RejectedNoise => {
    const loudest = rowsFor(wrong)
      .filter(({ tested }) => tested)
      .reduce((most, one) => (Math.abs(one.z) > Math.abs(most.z) ? one : most));
    return { theory: wrong.name, row: loudest.name, z: loudest.z, rejected: loudest.p <= level };
  });
  return {
    ...model,
    start,
    rows,
    criticalZ: studentQuantile(level, runs.length - 1),
    wrongTheories,
    ok: rows.every(({ ok }) => ok),
  };
}
