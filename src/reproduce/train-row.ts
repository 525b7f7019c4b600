import type { TrainDocument, TrainRecord } from '../run/train-document.js';
import type { Entries, Measurement } from './experiment.js';
import { trainSettings } from './train-settings.js';

/** overlap(g, Hg) averaged over the window of each run, with what must be seen beside it. */
export function overlapMeasurement(runs: readonly TrainDocument[], more: Entries = {}): Measurement {
  return {
    values: runs.map(({ summary }) => summary.overlapWindow!.mean),
    beside: { ...besideOverlap(runs), ...more },
    settings: trainSettings(runs.map(({ run }) => run)),
  };
}

/**
 * Means over the runs of: f_top(m) and λ_m/λ_{m+1} averaged over the measurements in the window, m/parameters, the standard deviation of
 * overlap(g, Hg) from step to step, loss and accuracy at the end.
 */
function besideOverlap(runs: readonly TrainDocument[]): Entries {
  const m = runs[0]!.run.subspace;
  const over = (of: (run: TrainDocument) => number): number => mean(runs.map(of));
  const classified = runs.every(({ summary }) => summary.finalAccuracy !== null);
  return {
    'f_top(k)': over(({ summary }) => summary.topFractionWindow!.mean),
    'its null': over(({ summary }) => summary.finalTopFraction.null),
    'λ_k/λ_{k+1}': over((run) => mean(inWindow(run).map((record) => ratioAtCut(record, m)))),
    'swing of single steps': over(({ summary }) => summary.overlapWindow!.standardDeviation),
    loss: over(({ summary }) => summary.finalLoss),
    ...(classified ? { accuracy: over(({ summary }) => summary.finalAccuracy!) } : {}),
  };
}

/** The full measurements in the window of a run. */
export function inWindow({ run: { config }, records }: TrainDocument): TrainRecord[] {
  return records.filter(({ step }) => step > config.steps - config.window.length);
}

function ratioAtCut({ eigenvalues }: TrainRecord, m: number): number {
  return eigenvalues[m - 1]! / eigenvalues[m]!;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
