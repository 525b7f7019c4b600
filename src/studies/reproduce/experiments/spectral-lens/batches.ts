import type { TrainDocument } from '../../../../train/train-document.js';
import type { Measurement } from '../../engine/experiment.js';
import type { SpectraOfRun } from '../../probes/layer-spectra.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';
import { besideOf, separation, slopeAt, type Place } from './numbers.js';
import { comparedBatches, middleBatch, sharedRate } from './tasks.js';

/** Runs and spectra at each batch, seed by seed. */
interface BatchSpectra {
  readonly runs16: readonly TrainDocument[];
  readonly runs64: readonly TrainDocument[];
  readonly runs256: readonly TrainDocument[];
  readonly spectra16: readonly SpectraOfRun[];
  readonly spectra64: readonly SpectraOfRun[];
  readonly spectra256: readonly SpectraOfRun[];
}

/** What `BatchSpectra` takes of the needs. */
export const uses = ['runs16', 'runs64', 'runs256', 'spectra16', 'spectra64', 'spectra256'] as const;

const slopes = (place: Place, runs: readonly SpectraOfRun[]): number[] => runs.map(({ last }) => slopeAt(place, last));

const stepsOf = (runs: readonly TrainDocument[]): string => runs.map(({ records }) => records.at(-1)!.step).join(', ');

/** The slopes at the smallest and the largest batch, apart in standard deviations between seeds. */
export const apart =
  (place: Place) =>
  ({ runs16, runs64, runs256, spectra16, spectra64, spectra256 }: BatchSpectra): Measurement => ({
    values: separation([spectra16, spectra64, spectra256].map((one) => slopes(place, one))),
    beside: {
      ...besideOf('before training', place, spectra64, 'first'),
      ...besideOf('batch 16', place, spectra16),
      ...besideOf('batch 64', place, spectra64),
      ...besideOf('batch 256', place, spectra256),
      'steps 16': stepsOf(runs16),
      'steps 64': stepsOf(runs64),
      'steps 256': stepsOf(runs256),
    },
    settings: {
      ...trainSettings(runs64.map(({ run }) => run)),
      batches: comparedBatches,
      stop: runs64[0]!.run.config.stop,
    },
  });

/** What is left of the difference between the batches once η/b is the same. */
export function sameRatio({
  runs64,
  spectra16,
  spectra64,
  spectra256,
  ratio16,
  ratio256,
}: Omit<BatchSpectra, 'runs16' | 'runs256'> & {
  readonly ratio16: readonly SpectraOfRun[];
  readonly ratio256: readonly SpectraOfRun[];
}): Measurement {
  const place = 'activation2';
  const difference = (a: readonly SpectraOfRun[], b: readonly SpectraOfRun[]): number[] =>
    slopes(place, a).map((slope, seed) => slope - slopes(place, b)[seed]!);
  const [left, whole] = [difference(ratio16, ratio256), difference(spectra16, spectra256)];
  const shown = (values: readonly number[]): string => values.map((value) => value.toFixed(3)).join(', ');
  return {
    values: left.map((value) => Math.abs(value / meanOfValues(whole))),
    beside: {
      ...besideOf('batch 16, same η/b', place, ratio16),
      ...besideOf('batch 256, same η/b', place, ratio256),
      'α(16) − α(256), same η': shown(whole),
      'same η/b': shown(left),
    },
    reason: `not found out; at one η/b, α of batches ${comparedBatches.join(', ')} is ${[ratio16, spectra64, ratio256].map((one) => meanOfValues(slopes(place, one)).toFixed(3)).join(', ')}: what is left is ${Math.sign(meanOfValues(left)) === Math.sign(meanOfValues(whole)) ? 'of the same sign as' : 'of the other sign than'} at one η`,
    settings: {
      ...trainSettings(runs64.map(({ run }) => run)),
      batches: comparedBatches,
      rates: comparedBatches.map((b) => (sharedRate * b) / middleBatch),
    },
  };
}
