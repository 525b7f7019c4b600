import type { FloatArray, Precision } from './float-array.js';
import { denseAt, linearMemory, room, workspace, type LinearMemory } from './linear-memory.js';
import { breath, type Pausing } from './pausing.js';

/** Vectors x_1 … x_count of one length as kernels see them, in one memory after the other. */
export interface Vectors {
  readonly dimension: number;
  readonly count: number;
  readonly parts: readonly VectorPart[];
}

/** Those that lie, or are brought, into one memory. */
export interface VectorPart {
  readonly memory: LinearMemory;
  readonly precision: Precision;
  readonly count: number;
  /** Entries of so many of them that `place` takes at once. */
  longest(rows: number): number;
  /** Where entries from … of vectors first … lie, and how far apart, in bytes: until the next call, and followed by zeros up to a multiple of 4. */
  place(
    first: number,
    rows: number,
    from: number,
    length: number,
  ): { readonly address: number; readonly stride: number };
  /** Entries from … of vector i are overwritten, rounded to its precision. */
  put(i: number, from: number, entries: Float64Array): void;
}

/** Bytes of the memory that vectors of arrays pass through. */
const passage = 2 ** 21;
let shared: LinearMemory | undefined;

/** Vectors that lie one after the other in an array: each piece is copied to a memory that all arrays share, which pays where it is used more than once. */
export function arrayVectors(x: FloatArray, count: number, n: number): Vectors {
  const memory = (shared ??= linearMemory(passage));
  const width = x.BYTES_PER_ELEMENT;
  const isSingle = x instanceof Float32Array;
  const part: VectorPart = {
    memory,
    precision: isSingle ? 'f32' : 'f64',
    count,
    longest: (rows) => 4 * Math.floor(passage / (4 * width * rows)),
    place(first, rows, from, length) {
      const apart = padded(length);
      const target = isSingle
        ? new Float32Array(memory.buffer(), workspace, rows * apart)
        : new Float64Array(memory.buffer(), workspace, rows * apart);
      for (let i = 0; i < rows; i++) {
        const start = (first + i) * n + from;
        target.set(x.subarray(start, start + length), i * apart);
        target.fill(0, i * apart + length, (i + 1) * apart);
      }
      return { address: workspace, stride: apart * width };
    },
    put(i, from, entries) {
      x.set(entries, i * n + from);
    },
  };
  return { dimension: n, count, parts: [part] };
}

/** The next multiple of 4. */
export function padded(length: number): number {
  return 4 * Math.ceil(length / 4);
}

/** Rows of a part that are worked on together, and a piece of their entries: for coefficients with q vectors. */
interface Piece {
  readonly part: VectorPart;
  /** Its first row in the part, and in the whole. */
  readonly first: number;
  readonly row: number;
  readonly rows: number;
  readonly from: number;
  readonly length: number;
}

/** `work` on every piece of entries from … to − 1, with pauses. What it leaves in a memory may be gone at the next. */
export function* overPieces(
  { parts }: Vectors,
  q: number,
  [start, end]: readonly [number, number],
  work: (piece: Piece) => void,
): Pausing<void> {
  let [worked, row] = [0, 0];
  for (const part of parts) {
    const together = Math.min(part.count, 4096, Math.floor(room.coefficients / q));
    const longest = Math.max(4, Math.min(part.longest(together), 4 * Math.floor(room.dense / (4 * q))));
    for (let first = 0; first < part.count; first += together) {
      const rows = Math.min(together, part.count - first);
      for (let from = start; from < end; from += longest) {
        if (worked >= breath) {
          yield;
          worked = 0;
        }
        const length = Math.min(longest, end - from);
        work({ part, first, row: row + first, rows, from, length });
        worked += rows * q * length;
      }
    }
    row += part.count;
  }
}

/** Dense vectors of `apart` numbers each: entries at … at + length − 1 of q of them, in the workspace of a memory. */
export function broughtIn(
  memory: LinearMemory,
  y: Float64Array,
  q: number,
  apart: number,
  at: number,
  length: number,
): Float64Array {
  const stride = padded(length);
  const dense = new Float64Array(memory.buffer(), denseAt, q * stride);
  for (let j = 0; j < q; j++) {
    dense.set(y.subarray(j * apart + at, j * apart + at + length), j * stride);
    dense.fill(0, j * stride + length, (j + 1) * stride);
  }
  return dense;
}
