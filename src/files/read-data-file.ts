import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DataError } from '../errors.js';

/** Data files larger than this, compressed or not, are refused where nothing else is said: MNIST's largest is 47 MB. */
const usual = 2 ** 28;

/**
 * The bytes of a data file, decompressed if they are gzip (told by content, not by name).
 *
 * Throws DataError if the path is missing, no plain file or unreadable, if it is larger than `largest` bytes (256 MiB) or would unpack to more (no more
 * than that is read), or if the gzip stream is damaged.
 */
export function readDataFile(path: string, largest = usual): Uint8Array {
  const fail = (problem: string, cause?: unknown): never => {
    throw new DataError(`${path}: ${problem}`, { cause });
  };
  let bytes: Uint8Array;
  try {
    const about = statSync(path);
    if (about.isDirectory()) return fail('it is a directory, not a file');
    if (!about.isFile()) return fail('it is no plain file, and may have no end');
    if (about.size > largest)
      return fail(`it holds ${about.size} bytes, more than the ${mebibytes(largest)} that are read`);
    bytes = readFileSync(path);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    return fail(code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`, cause);
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return plain(bytes);
  try {
    return plain(gunzipSync(bytes, { maxOutputLength: largest }));
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return fail(tooLarge ? `it unpacks to more than ${mebibytes(largest)}` : 'its gzip stream is damaged', cause);
  }
}

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;

/** The bytes of a Buffer as what its type says: its slice is a view, a Uint8Array's a copy. */
function plain({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
