import { knownTopFraction } from '../../../../train/known-top-fraction.js';
import type { TrainDocument, TrainRecord } from '../../../../train/train-document.js';
import type { Measurement } from '../../engine/experiment.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';

/** The measurements of the last quarter of a run. */
export const lateRecords = ({ run, records }: Pick<TrainDocument, 'run' | 'records'>): readonly TrainRecord[] =>
  records.filter(({ step }) => step > 0.75 * run.config.steps);

/** Those before the edge: ηλ₁ < 2 there and at all before, and at least one doubling of the loss made good. */
export function earlyRecords({ run, records }: Pick<TrainDocument, 'run' | 'records'>): readonly TrainRecord[] {
  const edge = records.findIndex((record) => relativeSharpness(run, record) >= 2);
  return records.slice(0, edge < 0 ? records.length : edge).filter(({ loss }) => loss < records[0]!.loss / 2);
}

/** ηλ₁ of a measurement. */
export const relativeSharpness = (
  { config }: Pick<TrainDocument['run'], 'config'>,
  { eigenvalues }: TrainRecord,
): number => config.schedule.rate * eigenvalues[0]!;

const fraction = (record: TrainRecord): number => knownTopFraction(record).middle;

/** ηλ₁ averaged over the last quarter of each run. */
export function lateSharpness({ runs }: { readonly runs: readonly TrainDocument[] }): Measurement {
  const all = runs.flatMap((one) => lateRecords(one).map((record) => relativeSharpness(one.run, record)));
  return {
    values: runs.map((one) => meanOfValues(lateRecords(one).map((record) => relativeSharpness(one.run, record)))),
    beside: {
      'at first': meanOfValues(runs.map(({ run, records }) => relativeSharpness(run, records[0]!))),
      'single steps': `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`,
      '2 first at step': runs
        .map(({ run, records }) => records.find((record) => relativeSharpness(run, record) >= 2)?.step ?? 'never')
        .join(', '),
      'loss at the end': meanOfValues(runs.map(({ summary }) => summary.finalLoss)),
    },
    settings: trainSettings(runs.map(({ run }) => run)),
  };
}

/** How many of the top ten eigenvalues are near the edge or above it, and how many where a step turns the sign, ηλ > 1. */
function nearEdge(
  run: TrainDocument['run'],
  records: readonly TrainRecord[],
): { readonly near: number; readonly turning: number } {
  const over = (bound: number): number =>
    meanOfValues(
      records.map(
        ({ eigenvalues }) =>
          eigenvalues.slice(0, run.subspace).filter((value) => run.config.schedule.rate * value > bound).length,
      ),
    );
  return { near: over(1.9), turning: over(1) };
}

/** f_top(10) averaged over some of the measurements of each run. */
export const fractionOver =
  (some: (run: TrainDocument) => readonly TrainRecord[]) =>
  ({ runs }: { readonly runs: readonly TrainDocument[] }): Measurement => {
    const settings = trainSettings(runs.map(({ run }) => run));
    const chosen = runs.map(some);
    if (chosen.some(({ length }) => length === 0))
      return { values: [], reason: 'in some run no measurement is of this phase', settings };
    const fractions = chosen.map((records) => records.map(fraction));
    const all = fractions.flat();
    const edges = chosen.map((records, i) => nearEdge(runs[i]!.run, records));
    return {
      values: fractions.map(meanOfValues),
      beside: {
        'single steps': `${Math.min(...all).toPrecision(2)} to ${Math.max(...all).toPrecision(2)}`,
        'random direction': runs[0]!.summary.finalTopFraction.null,
        'ηλ_i > 1.9, of ten': meanOfValues(edges.map(({ near }) => near)),
        'ηλ_i > 1, of ten': meanOfValues(edges.map(({ turning }) => turning)),
      },
      settings,
    };
  };
