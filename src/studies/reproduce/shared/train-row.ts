import { knownTopFraction } from '../../../train/known-top-fraction.js';
import type { TrainDocument, TrainRecord } from '../../../train/train-document.js';
import type { Entries, Measurement } from '../engine/experiment.js';
import { trainSettings } from './train-settings.js';

/** A part of a run over which overlap(g, Hg) is averaged: after the step `from`, up to the step `to`. */
export interface Phase {
  readonly run: TrainDocument;
  readonly from: number;
  readonly to: number;
}

/** The window of a run: its last steps. */
export function lastPhase(run: TrainDocument): Phase {
  const { steps, window } = run.run.config;
  return { run, from: steps - window.length, to: steps };
}

/** overlap(g, Hg) averaged over the window of each run, with what must be seen beside it. */
export function overlapMeasurement(runs: readonly TrainDocument[], more: Entries = {}): Measurement {
  return phaseMeasurement(runs.map(lastPhase), more);
}

/**
 * overlap(g, Hg) averaged over a phase of each run. Beside it means over the runs of: f_top(m) and λ_m/λ_{m+1} averaged over the full
 * measurements in the phase, m/parameters, the standard deviation of overlap(g, Hg) from step to step, loss and accuracy at the last of them.
 */
export function phaseMeasurement(phases: readonly Phase[], more: Entries = {}): Measurement {
  const runs = phases.map(({ run }) => run);
  const { subspace: m, parameters, data } = runs[0]!.run;
  const over = (of: (phase: Phase) => number): number => meanOfValues(phases.map(of));
  const accuracy = data.classes === null ? {} : { accuracy: over((phase) => recordsIn(phase).at(-1)!.accuracy!) };
  return {
    values: phases.map((phase) => meanOfValues(overlapsIn(phase))),
    beside: {
      'f_top(k)': over((phase) => meanOfValues(topFractionsIn(phase))),
      'known to ±': over((phase) => topFractionError(recordsIn(phase))),
      'random direction': m / parameters,
      'λ_k/λ_{k+1}': over((phase) => meanOfValues(recordsIn(phase).map((record) => ratioAtCut(record, m)))),
      'swing of single steps': over((phase) => deviationOfValues(overlapsIn(phase))),
      loss: over((phase) => recordsIn(phase).at(-1)!.loss),
      ...accuracy,
      ...more,
    },
    settings: trainSettings(runs.map(({ run }) => run)),
  };
}

/** The full measurements in a phase. */
export function recordsIn({ run, from, to }: Phase): TrainRecord[] {
  return run.records.filter(({ step }) => step > from && step <= to);
}

/** f_top(m) of the full measurements in a phase: the middle of what is known of it. */
export function topFractionsIn(phase: Phase): number[] {
  return recordsIn(phase).map((record) => knownTopFraction(record).middle);
}

/** How far the mean of f_top(m) over full measurements may be off: that of half the intervals in which it is known to lie. */
export function topFractionError(records: readonly TrainRecord[]): number {
  return meanOfValues(records.map(knownTopFraction).map(({ lower, upper }) => (upper - lower) / 2));
}

function overlapsIn({ run, from, to }: Phase): number[] {
  return run.window.filter(({ step }) => step > from && step <= to).map(({ overlap }) => overlap);
}

function ratioAtCut({ eigenvalues }: TrainRecord, m: number): number {
  return eigenvalues[m - 1]! / eigenvalues[m]!;
}

export function meanOfValues(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** Their standard deviation, over n − 1; 0 of a single one. */
export function deviationOfValues(values: readonly number[]): number {
  const middle = meanOfValues(values);
  return Math.sqrt(values.reduce((sum, x) => sum + (x - middle) ** 2, 0) / Math.max(1, values.length - 1));
}
