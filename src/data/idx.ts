import { DataError } from '../errors.js';

/** An array of unsigned bytes in the IDX format of the MNIST database: its extents, and a view of its bytes. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/**
 * Reads IDX bytes: 0, 0, type, rank, then `rank` big-endian 32-bit extents, then the data (LeCun, Cortes & Burges, "The MNIST
 * database"). Only unsigned bytes, which is what MNIST-like data sets use.
 *
 * `name` is used in messages. Throws DataError if the bytes are truncated, too many, or not IDX. Nothing is copied or
 * allocated on the word of the header. Cost: O(1).
 */
export function parseIdx(bytes: Uint8Array, name: string): IdxArray {
  const fail = (problem: string): never => {
    throw new DataError(`${name} is not a usable IDX file: ${problem}; fetch it again, or point to the right folder`);
  };
  if (bytes.length < 4) return fail(`it holds ${bytes.length} bytes, less than a header`);
  const [zero0, zero1, type, rank] = bytes;
  if (zero0 !== 0 || zero1 !== 0) {
    return fail(`it begins with the bytes ${zero0}, ${zero1} instead of 0, 0`);
  }
  if (type !== UNSIGNED_BYTE) return fail(`its element type is ${type}, only 8 (unsigned byte) is read`);
  if (rank === undefined || rank < 1 || rank > 8) return fail(`its rank is ${rank}, legal are 1 to 8`);
  const start = 4 + 4 * rank;
  if (bytes.length < start) return fail('it ends inside its header');
  const header = new DataView(bytes.buffer, bytes.byteOffset, start);
  const shape = Array.from({ length: rank }, (_, i) => header.getUint32(4 + 4 * i));
  const expected = shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length - start !== expected) {
    return fail(`its shape ${shape.join('×')} needs ${expected} bytes of data, it has ${bytes.length - start}`);
  }
  return { shape, data: bytes.subarray(start) };
}

/** The IDX bytes of an array: the inverse of parseIdx. Throws DataError if the shape does not fit the data. */
export function formatIdx({ shape, data }: IdxArray): Uint8Array {
  const expected = shape.reduce((product, extent) => product * extent, 1);
  if (expected !== data.length || shape.length < 1 || shape.length > 8) {
    throw new DataError(`an IDX array of shape ${shape.join('×')} needs ${expected} bytes, received ${data.length}`);
  }
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  bytes.set([0, 0, UNSIGNED_BYTE, shape.length]);
  const header = new DataView(bytes.buffer);
  shape.forEach((extent, i) => {
    header.setUint32(4 + 4 * i, extent);
  });
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}
