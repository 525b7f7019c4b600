import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, UsageError } from '../errors.js';
import { makeFolder } from './make-folder.js';

/**
 * Takes a folder for this process alone and returns the function that gives it back. A lock left by a process that was killed
 * is recognised by its process number and taken over. Throws UsageError if a living process holds the folder, DataError if the
 * folder cannot be made.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock');
  makeFolder(folder);
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => {
        rmSync(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new DataError(`${folder} cannot be written to: ${(error as Error).message}`, { cause: error });
      }
      const owner = Number(readFileSync(path, 'utf8'));
      if (isAlive(owner)) {
        throw new UsageError(`${folder} is in use by process ${owner}; wait for it, or choose another --out`);
      }
      rmSync(path, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Is it the name of a lock? */
export const isLockName = (name: string): boolean => name === 'lock';
