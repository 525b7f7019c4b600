import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';

/** What a file says of itself, told from its content: whether it is gzip, its first bytes, its last four. */
interface Ends {
  readonly size: number;
  readonly isGzip: boolean;
  readonly first: Uint8Array;
  readonly last: Uint8Array;
}

/** The first bytes of a data file, unpacked if it is gzip, as many as there are; undefined where it cannot be read. Cost: O(1). */
export function dataFileHead(path: string, length: number): Uint8Array | undefined {
  const ends = endsOf(path);
  if (ends === undefined) return undefined;
  try {
    const bytes = ends.isGzip ? gunzipSync(ends.first, { finishFlush: constants.Z_SYNC_FLUSH }) : ends.first;
    return bytes.subarray(0, length);
  } catch {
    return undefined;
  }
}

/** The bytes of a data file, unpacked; of gzip what its trailer says. Undefined where it cannot be read. Cost: O(1). */
export function dataFileSize(path: string | undefined): number | undefined {
  const ends = path === undefined ? undefined : endsOf(path);
  if (ends === undefined) return undefined;
  const { size, isGzip, last } = ends;
  return isGzip && last.length === 4 ? new DataView(last.buffer, last.byteOffset).getUint32(0, true) : size;
}

function endsOf(path: string): Ends | undefined {
  try {
    if (!statSync(path).isFile()) return undefined; // opening a pipe may never end
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const read = (position: number, length: number): Uint8Array => {
        const bytes = new Uint8Array(length);
        return bytes.subarray(0, readSync(file, bytes, 0, length, position));
      };
      const first = read(0, Math.min(size, 4096));
      return { size, isGzip: first[0] === 0x1f && first[1] === 0x8b, first, last: read(Math.max(0, size - 4), 4) };
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
