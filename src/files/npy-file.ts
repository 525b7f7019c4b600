import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { DataError } from '../errors.js';
import { availableMemory } from './available-memory.js';
import {
  aboutNpy,
  decodeNpy,
  longestHeader,
  npyPlace,
  npyPrecision,
  readNpyHeader,
  toRowMajor,
  type NpyHeader,
} from './npy.js';
import { entryCount, extendRange, heldArray, type NumberArray } from './number-array.js';

/** An array from a file, and the SHA-256 of the file. */
export interface ArrayFile {
  readonly array: NumberArray;
  readonly sha256: string;
}

/** Bytes that are read at once where the whole file is gone through. */
const step = 2 ** 22;

/** The header of an npy file. Throws DataError where it cannot be read or is none. Cost: O(1). */
export function npyFileHeader(path: string): NpyHeader {
  return reading(path, (file, { size }) => headerOf(path, file, size));
}

/**
 * An npy file, gone through once for its SHA-256 and its smallest and largest entry. In C's order it is not held: rows are read when they are used, and
 * refused once the file is another than it was. In Fortran's order it is held. Throws DataError where it cannot be read, is no npy file of finite
 * numbers, or is in Fortran's order and too large for the memory there is. Cost: O(bytes).
 */
export function readNpyFile(path: string, available = availableMemory()): ArrayFile {
  return reading(path, (file, stats) => {
    const header = headerOf(path, file, stats.size);
    const about = aboutNpy(header, path);
    const hash = createHash('sha256').update(bytesAt(path, file, 0, header.start));
    const range = { least: Infinity, most: -Infinity };
    for (let at = header.start; at < stats.size; at += step) {
      const bytes = bytesAt(path, file, at, Math.min(step, stats.size - at));
      hash.update(bytes);
      const start = (at - header.start) / header.width;
      const positionOf = (entry: number): string => npyPlace(header, entry);
      extendRange(range, decodeNpy(header, bytes, path, start), { name: path, start, positionOf });
    }
    const sha256 = hash.digest('hex');
    if (header.isFortran) {
      refuseBeyond(path, stats.size, available);
      const bytes = bytesAt(path, file, header.start, stats.size - header.start);
      return { array: heldArray(about, toRowMajor(decodeNpy(header, bytes, path), header.shape)), sha256 };
    }
    const width = entryCount(header.shape.slice(1));
    return {
      array: {
        ...about,
        ...range,
        precision: npyPrecision(header),
        isHeld: false,
        rows: (from, to) =>
          reading(path, (again, now) => {
            refuseChanged(path, stats, now);
            const at = header.start + from * width * header.width;
            return decodeNpy(header, bytesAt(path, again, at, (to - from) * width * header.width), path, from * width);
          }),
      },
      sha256,
    };
  });
}

function headerOf(path: string, file: number, size: number): NpyHeader {
  return readNpyHeader(bytesAt(path, file, 0, Math.min(size, longestHeader)), size, path);
}

function refuseBeyond(path: string, size: number, available: number): void {
  if (3 * size <= available) return;
  throw new DataError(
    `${path} has ${size} bytes in Fortran's order, of which no sample can be read by itself, and more than memory holds; save it with numpy.ascontiguousarray`,
  );
}

function refuseChanged(path: string, before: Stats, now: Stats): void {
  if (before.size === now.size && before.mtimeMs === now.mtimeMs && before.ino === now.ino) return;
  throw new DataError(`${path} was changed while it is in use; begin again`);
}

function reading<T>(path: string, use: (file: number, stats: Stats) => T): T {
  let file: number | undefined;
  try {
    if (!statSync(path).isFile()) throw new DataError(`${path} is no plain file; give the path of an npy file`); // opening a pipe may never end
    file = openSync(path, 'r');
    return use(file, fstatSync(file));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new DataError(`${path} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : message}`, { cause });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function bytesAt(path: string, file: number, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const count = readSync(file, bytes, done, Math.min(length - done, 2 ** 30), position + done);
    if (count === 0) throw new DataError(`${path} ends at byte ${position + done}, before what its header says`);
    done += count;
  }
  return bytes;
}
