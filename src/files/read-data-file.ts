import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DataError } from '../errors.js';

/** Data files larger than this, compressed or not, are refused: MNIST's largest is 47 MB. */
const LARGEST = 2 ** 28;

/**
 * The bytes of a data file, decompressed if they are gzip (told by content, not by name).
 *
 * Throws DataError if the path is missing, a directory or unreadable, if the gzip stream is damaged, or if it would unpack to
 * more than 256 MiB.
 */
export function readDataFile(path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a directory, not a file'
          : `it cannot be read (${code})`;
    throw new DataError(`${path}: ${problem}`, { cause });
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return plain(bytes);
  try {
    return plain(gunzipSync(bytes, { maxOutputLength: LARGEST }));
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new DataError(`${path}: ${tooLarge ? 'it unpacks to more than 256 MiB' : 'its gzip stream is damaged'}`, {
      cause,
    });
  }
}

/** The bytes of a Buffer as what its type says: its slice is a view, a Uint8Array's a copy. */
function plain({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
