import { readFileSync, statSync } from 'node:fs';
import { DataError } from '../errors.js';

/** The bytes of a file. Throws DataError with the way out where it cannot be read, for instance because it is a folder. */
export function readBytes(path: string, wayOut: string): Uint8Array {
  try {
    if (!statSync(path).isFile()) throw new Error('it is no plain file'); // a pipe may never end
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw new DataError(`${path} could not be read: ${(cause as Error).message}; ${wayOut}`, { cause });
  }
}

/** The same as UTF-8 text, a byte order mark included. */
export function readText(path: string, wayOut: string): string {
  return Buffer.from(readBytes(path, wayOut)).toString('utf8');
}
