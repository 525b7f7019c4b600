import { availableMemory } from './available-memory.js';
import type { ArrayFile } from './npy-file.js';
import { aboutNpy, decodeNpy, readNpyHeader, toRowMajor } from './npy.js';
import { heldArray } from './number-array.js';
import { readDataFile } from './read-data-file.js';
import { sha256Of } from './sha256.js';
import { readZip } from './zip.js';

/** The arrays in an npz file, each read when it is asked for, and the SHA-256 of the file. */
export interface NpzFile {
  readonly names: readonly string[];
  readonly read: (name: string) => ArrayFile;
}

/** Node reads no larger file at once. */
const largest = 2 ** 31 - 1;

/** Opens an npz file, a zip archive of npy files, which is held. Throws DataError where it cannot be read, is none, or is too large for the memory there is. */
export function openNpz(path: string, available = availableMemory()): NpzFile {
  const bytes = readDataFile(path, Math.min(largest, Math.floor(available / 2)));
  const files = readZip(bytes, path, available / 2);
  const sha256 = sha256Of(bytes);
  const names = [...files.keys()].filter((name) => name.endsWith('.npy')).map((name) => name.slice(0, -4));
  return {
    names,
    read(name) {
      const about = `${path}: ${name}`;
      const content = files.get(`${name}.npy`)!();
      const header = readNpyHeader(content, content.length, about);
      const values = decodeNpy(header, content.slice(header.start), about);
      const ordered = header.isFortran ? toRowMajor(values, header.shape) : values;
      return { array: heldArray(aboutNpy(header, about), ordered), sha256 };
    },
  };
}
