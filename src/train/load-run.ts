import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../errors.js';
import { isObject } from '../files/same-run.js';
import type { TrainRecord, TrainRun } from './train-document.js';

/** What a run folder holds that can be drawn, also while the run goes on. */
export interface RecordedRun {
  readonly run: TrainRun;
  readonly records: readonly TrainRecord[];
}

/** The records of a run folder; a line that is not finished is left out. Throws DataError where there is no run with records. */
export function loadRun(folder: string): RecordedRun {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path))
    throw new DataError(`${folder} is no run folder: it has no manifest.json; give the --out of a train command`);
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const lines = readFileSync(join(folder, 'records.jsonl'), 'utf8').split('\n').slice(0, -1);
    const records = lines.map((line) => JSON.parse(line) as TrainRecord);
    if (!isObject(manifest) || !isObject(manifest.run) || records.length === 0) throw new Error('it holds no records');
    return { run: manifest.run as unknown as TrainRun, records };
  } catch (cause) {
    throw new DataError(
      `${folder} cannot be read as a run: ${(cause as Error).message}; give the --out of a train command`,
      {
        cause,
      },
    );
  }
}
