import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DataError } from '../errors.js';
import { isObject } from '../files/same-run.js';
import { problemsOf } from './check-config.js';
import type { TrainRecord } from './observables/index.js';
import type { Observable } from './observables/observable.js';
import { parseRecords, schemaOfRun } from './read-records.js';
import { refuseOtherFormat } from './run-format.js';
import { trainSchema } from './train-config.js';
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
  const run = checkedRun(path, manifest.run);
  const file = join(folder, 'records.jsonl');
  const records = parseRecords(existsSync(file) ? textOf(file) : '', file, schemaOfRun(run, own));
  if (records.length === 0) {
    throw new DataError(
      `${folder} holds no records yet; wait for the first, or give the --out of another train command`,
    );
  }
  return { run, records };
}

/** What of a run is read again: its configuration and what figures say of it. */
const runSchema = z.looseObject({
  config: trainSchema,
  data: z.looseObject({ name: z.string(), samples: z.int(), features: z.int(), classes: z.int().nullable() }),
  parameters: z.int().min(1),
  subspace: z.int().min(1),
  observables: z.array(z.string()).optional(),
});

function checkedRun(path: string, run: unknown): TrainRun {
  const { error } = runSchema.safeParse(run);
  if (error === undefined) return run as TrainRun;
  throw new DataError(`${path}: ${problemsOf(error, run, 'run').join('; ')}; give the --out of a train command`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new DataError(`${path} cannot be read: ${(cause as Error).message}; give the --out of a train command`, {
      cause,
    });
  }
}

function readManifest(path: string): Readonly<Record<string, unknown>> {
  let found: unknown;
  try {
    found = JSON.parse(textOf(path));
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(`${path} is no JSON: ${(cause as Error).message}; give the --out of a train command`, {
      cause,
    });
  }
  if (isObject(found) && isObject(found.run)) return found;
  throw new DataError(`${path} describes no run; give the --out of a train command`);
}
