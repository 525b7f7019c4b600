import { precisionOf, zeros, type FloatArray, type Precision } from '../numeric/kernels/float-array.js';

/** A matrix of inputs, one sample a row, that is not held but read when it is used: whatever has more rows than there is memory for. */
export interface Rows {
  /** Numbers in all, as an array of them has: rows × width. */
  readonly length: number;
  /** Numbers a row. */
  readonly width: number;
  readonly precision: Precision;
  /** Rows from … to − 1, row-major, in that precision; the same numbers every time. Throws DataError where they cannot be read, or are no finite numbers. */
  readonly rows: (from: number, to: number) => FloatArray;
}

/** Whether inputs are read when they are used. */
export function isRows(inputs: FloatArray | Rows): inputs is Rows {
  return 'rows' in inputs;
}

/** The precision of inputs, held or not. */
export function inputPrecision(inputs: FloatArray | Rows): Precision {
  return isRows(inputs) ? inputs.precision : precisionOf(inputs);
}

/** Rows from … to − 1 of `width` numbers each: a view where they are held. */
export function rowsBetween(inputs: FloatArray | Rows, width: number, from: number, to: number): FloatArray {
  return isRows(inputs) ? inputs.rows(from, to) : inputs.subarray(from * width, to * width);
}

/** Some rows, in their order: neighbours are read at once. */
export function gatherRows({ rows, width, precision }: Rows, wanted: Uint32Array): FloatArray {
  const taken = zeros(precision, wanted.length * width);
  for (let i = 0; i < wanted.length;) {
    let next = i + 1;
    while (next < wanted.length && wanted[next] === wanted[next - 1]! + 1) next++;
    taken.set(rows(wanted[i]!, wanted[next - 1]! + 1), i * width);
    i = next;
  }
  return taken;
}
