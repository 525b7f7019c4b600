import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../errors.js';
import { isObject } from '../files/same-run.js';
import type { TrainRecord } from './observables/index.js';
import type { Observable } from './observables/observable.js';
import { parseRecords, schemaOfRun } from './read-records.js';
import { refuseOtherFormat } from './run-format.js';
import type { TrainRun } from './train-run.js';

/** What a run folder holds that can be drawn, also while the run goes on. */
export interface RecordedRun {
  readonly run: TrainRun;
  readonly records: readonly TrainRecord[];
}

/**
 * The records of a run folder, each held against its schema; a line that is not finished is left out. Throws DataError where there is no run with records, where
 * its format is another, or a record damaged, UsageError where it was recorded at another revision of training.
 */
export function loadRun(folder: string, own: readonly Observable[] = []): RecordedRun {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path))
    throw new DataError(`${folder} is no run folder: it has no manifest.json; give the --out of a train command`);
  const manifest = readManifest(path);
  refuseOtherFormat(path, manifest);
  const run = manifest.run as TrainRun;
  const file = join(folder, 'records.jsonl');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const records = parseRecords(text, file, schemaOfRun(run, own));
  if (records.length === 0) {
    throw new DataError(
      `${folder} holds no records yet; wait for the first, or give the --out of another train command`,
    );
  }
  return { run, records };
}

function readManifest(path: string): Readonly<Record<string, unknown>> {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new DataError(`${path} cannot be read: ${(cause as Error).message}; give the --out of a train command`, {
      cause,
    });
  }
  if (isObject(found) && isObject(found.run)) return found;
  throw new DataError(`${path} describes no run; give the --out of a train command`);
}
