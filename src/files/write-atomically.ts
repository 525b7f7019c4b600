import { lstatSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataError } from '../errors.js';
import { makeFolder } from './make-folder.js';
import { syncFolder } from './sync-folder.js';
import { writeTemporary } from './temporary-file.js';

/**
 * Writes a file so that its name always shows either the old or the whole new content, also after a power cut: a temporary file
 * beside it, its size checked, fsync, rename, fsync of the folder. Missing folders are made; permissions of an old file are kept; a
 * link in its place is replaced, and what it leads to stays as it is.
 *
 * Throws DataError if the disk refuses; the temporary file is gone then. Cost: two fsyncs.
 */
export function writeAtomically(path: string, data: string | Uint8Array): void {
  makeFolder(dirname(path));
  let [temporary, renamed] = ['', false];
  try {
    const old = lstatSync(path, { throwIfNoEntry: false });
    temporary = writeTemporary(path, data, old?.isFile() === true ? old.mode : undefined);
    renameSync(temporary, path);
    renamed = true;
    syncFolder(dirname(path));
  } catch (cause) {
    if (!renamed && temporary !== '') rmSync(temporary, { force: true });
    const state = renamed ? 'a power cut now may bring back the old content' : 'nothing was changed';
    throw new DataError(`${path} could not be written: ${(cause as Error).message}; ${state}`, { cause });
  }
}
