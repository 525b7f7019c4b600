import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { DataError } from '../errors.js';

/**
 * Writes a file so that its name always shows either the old or the whole new content, also after a power cut: a temporary file
 * beside it, fsync, rename. Missing folders are made. Throws DataError if the disk refuses.
 */
export function writeAtomically(path: string, data: string | Uint8Array): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomic.sync(path, typeof data === 'string' ? data : Buffer.from(data));
  } catch (cause) {
    throw new DataError(`${path} could not be written: ${(cause as Error).message}; nothing was changed`, { cause });
  }
}
