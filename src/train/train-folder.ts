import { join } from 'node:path';
import { inOwnFolder } from '../files/owned-folder.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { lostWeights } from './folder-problems.js';
import { aboutWeights, lastWeights, missingWeights, refuseForeignWeights } from './kept-weights.js';
import type { Observable } from './observables/observable.js';
import { appendRecords, cutRecords, keptRecords } from './records-file.js';
import { recordsStart } from './read-records.js';
import { finishReplacing } from './replaced-files.js';
import { runFolderName } from './run-format.js';
import { hasCheckpoint, loadState, saveState, type TrainState } from './train-checkpoint.js';
import type { TrainRun } from './train-document.js';
import { refuseFolderOfAnother, writeManifest } from './train-manifest.js';
import { saveWeights, weightsFile } from './weights-file.js';
import type { WeightsShape } from './weights-map.js';

/** Where a run keeps what it finds. */
export interface TrainFolder {
  /** Where it is taken up: the state that was saved last, or the first. */
  readonly state: TrainState;
  /** Records that are new are appended, the state is replaced. */
  readonly save: (state: TrainState) => void;
  /** Milliseconds since that. */
  readonly unsaved: () => number;
  /** Writes θ with all parameters; its path in the folder. */
  readonly keepWeights: (state: TrainState) => string | null;
}

/** How a run folder is opened. */
export interface TrainFolderOptions {
  readonly shape: WeightsShape;
  readonly expand: (weights: FloatArray) => FloatArray;
  /** Observables of the caller's own among the records. */
  readonly observables?: readonly Observable[];
  /** Told what is missing and does not matter. */
  readonly onNotice?: (text: string) => void;
}

/**
 * The folder of a run, with the state it is taken up from; `out` undefined keeps nothing. Everything in it that is read is held against what was written; what was written after the
 * last checkpoint is cut off. Throws UsageError for a folder of another run, DataError for what was altered, before anything is changed.
 */
export function openTrainFolder(
  out: string | undefined,
  run: TrainRun,
  first: TrainState,
  { shape, expand, observables: own = [], onNotice = () => undefined }: TrainFolderOptions,
): TrainFolder {
  if (out === undefined) return { state: first, save: () => undefined, unsaved: () => 0, keepWeights: () => null };
  refuseFolderOfAnother(out, run);
  const found = loadState(out, run, first.weights);
  const kept = keptRecords(out, run, found?.mark, own);
  for (const name of missingWeights(out, run, kept)) {
    onNotice(lostWeights(join(out, name)));
  }
  const state = found === undefined ? first : { ...found, records: kept.map(({ record }) => record) };
  let [mark, savedAt] = [found?.mark ?? recordsStart(run), Date.now()];
  cutRecords(out, mark);
  writeManifest(out, run, found?.step ?? null);
  const checksums = new Map<string, string>();
  const save = (next: TrainState): void => {
    mark = appendRecords(out, next.records.slice(mark.count), mark, checksums);
    saveState(out, run, { ...next, mark });
    savedAt = Date.now();
  };
  if (found === undefined) save(first); // from here on records without a checkpoint are a damage
  return {
    state,
    save,
    unsaved: () => Date.now() - savedAt,
    keepWeights({ step, weights, statistics }) {
      const name = run.config.keepWeights === 'all' ? weightsFile(step) : lastWeights;
      const path = join(out, name);
      if (!checksums.has(name)) refuseForeignWeights(path, run);
      const about = aboutWeights(run, step);
      checksums.set(name, saveWeights(path, shape, { parameters: expand(weights), statistics }, about));
      return name;
    },
  };
}

/** Works in a run folder that nobody else works in, cleared of what a killed run left half-written. Throws UsageError where it is in use or holds something else. */
export function inTrainFolder<T>(out: string | undefined, work: () => Promise<T>): Promise<T> {
  if (out === undefined) return work();
  return inOwnFolder(out, { name: runFolderName, subfolders: ['weights'], isKnown: hasCheckpoint }, () => {
    finishReplacing(out);
    return work();
  });
}
