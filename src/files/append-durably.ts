import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataError } from '../errors.js';
import { syncFolder } from './sync-folder.js';
import { appendWhole } from './temporary-file.js';

/**
 * Appends text to a file, which is made if it is missing: all of it, confirmed by the disk, or nothing.
 *
 * Throws DataError if the disk refuses; the file then has the size it had, or is missing again. Cost: an fsync, two for a new file.
 */
export function appendDurably(path: string, text: string): void {
  const isNew = !existsSync(path);
  let state = 'earlier lines are intact';
  try {
    const file = openSync(path, 'a');
    const before = fstatSync(file).size;
    try {
      appendWhole(file, text);
      if (isNew) syncFolder(dirname(path));
    } catch (error) {
      if (!cutBack(file, before)) state = `earlier lines are intact, its first ${before} bytes`;
      else if (isNew) rmSync(path);
      throw error;
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new DataError(`${path} could not be written: ${(cause as Error).message}; ${state}`, { cause });
  }
}

function cutBack(file: number, size: number): boolean {
  try {
    ftruncateSync(file, size);
    return true;
  } catch {
    return false;
  }
}
