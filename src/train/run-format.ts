import { DataError, UsageError } from '../errors.js';
import { trainingRevision } from './revision.js';
import type { TrainRun } from './train-run.js';

/** What the manifest of a run folder says it is, a number apart. */
export const runFolderName = 'tiny-subspace run';

/** What a run folder says it is, in manifest.json and in its checkpoint: counted up when its files change. The fields of records are held against their schema. */
export const runFormat = `${runFolderName} 3`;

/** What the chain of records begins with. */
export function identityOf(run: TrainRun): object {
  return { format: runFormat, revision: trainingRevision, run };
}

/**
 * Refuses a file of a run folder that is not of this format or not of this revision of training: records of two revisions are never mixed, nor
 * read as the same. Throws DataError, UsageError.
 */
export function refuseOtherFormat(
  path: string,
  { format, revision }: { readonly format?: unknown; readonly revision?: unknown },
): void {
  const wayOut = 'run it again in another folder, or use the version that wrote it';
  if (format !== runFormat) {
    const received = format === undefined ? 'none, as before formats were named' : JSON.stringify(format);
    throw new DataError(`${path}: the format of a run must be '${runFormat}', received ${received}; ${wayOut}`);
  }
  if (revision !== trainingRevision) {
    throw new UsageError(
      `${path} belongs to another run: it was recorded at revision ${JSON.stringify(revision)} of training, and this is revision ${trainingRevision}, ` +
        `at which the same configuration gives other records; ${wayOut}`,
    );
  }
}
