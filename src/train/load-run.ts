import { beingExtended, noRecords, noRunFolder } from './folder-problems.js';
import type { TrainRecord } from './observables/index.js';
import type { Observable } from './observables/observable.js';
import { isBeingReplaced } from './replaced-files.js';
import { checkpointMark } from './train-checkpoint.js';
import { readManifest } from './train-manifest.js';
import type { TrainRun } from './train-run.js';
import { keptRecords } from './records-file.js';

/** What a run folder holds that can be drawn, also while the run goes on. */
export interface RecordedRun {
  readonly run: TrainRun;
  readonly records: readonly TrainRecord[];
}

/**
 * The records of a run folder that its checkpoint counts, each held against its schema and all against their chain. Throws DataError where there is no run with
 * records, where its format is another, or anything that is read was altered or is missing, UsageError where it was recorded at another revision of training.
 */
export function loadRun(folder: string, own: readonly Observable[] = []): RecordedRun {
  if (isBeingReplaced(folder)) throw beingExtended(folder);
  const manifest = readManifest(folder);
  if (manifest === undefined) throw noRunFolder(folder);
  const { run } = manifest;
  const kept = keptRecords(folder, run, checkpointMark(folder), own);
  if (kept.length === 0) throw noRecords(folder);
  return { run, records: kept.map(({ record }) => record) };
}
