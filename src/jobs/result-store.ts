import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, UsageError } from '../errors.js';
import { readText } from '../files/read-bytes.js';
import { openSealed, sealedJson } from '../files/sealed-json.js';
import { writeAtomically } from '../files/write-atomically.js';
import type { JobKey } from './job.js';

/** The result of a finished job, what it took, interruptions left out, and on what it was finished. */
export interface Finished<R = unknown> {
  readonly result: R;
  readonly seconds: number;
  readonly machine: string;
}

/** Results in a folder, by key: `runs/<key>/result.json`, beside `runs/<key>/work`, the folder that a job works in. */
export interface ResultStore {
  readonly path: string;
  /** Where a job keeps what is its own. */
  readonly folderOf: (job: JobKey) => string;
  /** Where it works. */
  readonly workFolderOf: (job: JobKey) => string;
  /** Whether its result is there. */
  readonly isFinished: (job: JobKey) => boolean;
  /** The result of a job, or undefined where it is not finished. Throws DataError for a file that was altered, or is that of another job. */
  readonly find: <R>(job: JobKey<R>) => Finished<R> | undefined;
  /** The same of a job that is finished. Throws UsageError where it is not. */
  readonly of: <R>(job: JobKey<R>) => Finished<R>;
  /** Marks a job as finished. A result that is there already stays. Throws DataError if the disk refuses. */
  readonly finish: (job: JobKey, result: Finished) => void;
}

/** The results in a folder. */
export function resultStore(path: string): ResultStore {
  const folderOf = ({ key }: JobKey): string => join(path, 'runs', key);
  const fileOf = (job: JobKey): string => join(folderOf(job), 'result.json');
  const isFinished = (job: JobKey): boolean => existsSync(fileOf(job));
  const find = <R>(job: JobKey<R>): Finished<R> | undefined =>
    isFinished(job) ? readResult<R>(fileOf(job), job.key) : undefined;
  return {
    path,
    folderOf,
    workFolderOf: (job) => join(folderOf(job), 'work'),
    isFinished,
    find,
    of(job) {
      const found = find(job);
      if (found !== undefined) return found;
      throw new UsageError(`the result of ${job.key} was used before it was finished`);
    },
    finish(job, result) {
      if (!isFinished(job)) writeAtomically(fileOf(job), sealedJson({ key: job.key, ...result }));
    },
  };
}

function readResult<R>(path: string, wanted: string): Finished<R> {
  const wayOut = 'remove it to repeat the job';
  const fail = (problem: string): never => {
    throw new DataError(`${path}: ${problem}; ${wayOut}`);
  };
  const { key, ...found } = openSealed(readText(path, wayOut), fail);
  return key === wanted ? (found as unknown as Finished<R>) : fail(`it is the result of ${JSON.stringify(key)}`);
}
