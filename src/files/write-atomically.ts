import { realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataError } from '../errors.js';
import { makeFolder } from './make-folder.js';
import { syncFolder } from './sync-folder.js';
import { writeTemporary } from './temporary-file.js';

/**
 * Writes a file so that its name always shows either the old or the whole new content, also after a power cut: a temporary file
 * beside it, its size checked, fsync, rename, fsync of the folder. Missing folders are made; permissions of an old file are kept, and a
 * link to it.
 *
 * Throws DataError if the disk refuses; the temporary file is gone then. Cost: two fsyncs.
 */
export function writeAtomically(path: string, data: string | Uint8Array): void {
  makeFolder(dirname(path));
  let [temporary, renamed] = ['', false];
  try {
    const old = statSync(path, { throwIfNoEntry: false });
    const target = old === undefined ? path : realpathSync(path);
    temporary = writeTemporary(target, data, old?.mode);
    renameSync(temporary, target);
    renamed = true;
    syncFolder(dirname(target));
  } catch (cause) {
    if (!renamed && temporary !== '') rmSync(temporary, { force: true });
    const state = renamed ? 'a power cut now may bring back the old content' : 'nothing was changed';
    throw new DataError(`${path} could not be written: ${(cause as Error).message}; ${state}`, { cause });
  }
}
