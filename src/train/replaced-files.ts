import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DataError } from '../errors.js';
import { makeFolder } from '../files/make-folder.js';
import { syncFolder } from '../files/sync-folder.js';
import { replacing } from './folder-problems.js';

/**
 * Replaces files of a folder all together: `write` puts the new ones, under their names, into a folder that is empty. Whenever a process is killed, either all of the old files are
 * there, or all of the new ones once `finishReplacing` was called. Throws DataError if the disk refuses, and what `write` throws; the old files are as they were then.
 */
export function replaceTogether(folder: string, write: (folder: string) => void): void {
  const [written, whole] = [join(folder, replacing.written), join(folder, replacing.whole)];
  try {
    makeFolder(written);
    write(written);
    onDisk(folder, () => {
      renameSync(written, whole);
      syncFolder(folder);
    });
  } catch (cause) {
    rmSync(written, { recursive: true, force: true });
    throw cause;
  }
  finishReplacing(folder);
}

/** Carries out a replacement that was whole when its process ended, and clears away one that was not. Throws DataError if the disk refuses. */
export function finishReplacing(folder: string): void {
  onDisk(folder, () => {
    rmSync(join(folder, replacing.written), { recursive: true, force: true });
    if (!isBeingReplaced(folder)) return;
    const whole = join(folder, replacing.whole);
    const files = readdirSync(whole, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const moves = files.map(({ parentPath, name }) => {
      const from = join(parentPath, name);
      return { from, to: join(folder, from.slice(whole.length)) };
    });
    for (const { from, to } of moves) {
      makeFolder(dirname(to));
      renameSync(from, to);
    }
    for (const place of new Set(moves.map(({ to }) => dirname(to)))) syncFolder(place);
    rmSync(whole, { recursive: true });
    syncFolder(folder);
  });
}

/** Are some of its files perhaps old ones, and others new? */
export function isBeingReplaced(folder: string): boolean {
  return existsSync(join(folder, replacing.whole));
}

function onDisk(folder: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(
      `files of ${folder} could not be replaced: ${(cause as Error).message}; the same command goes on once that is possible`,
      { cause },
    );
  }
}
