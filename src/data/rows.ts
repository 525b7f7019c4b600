import { precisionOf, zeros, type FloatArray, type Precision } from '../numeric/kernels/float-array.js';

/** A matrix of inputs, one sample a row, that is not held but read when it is used: whatever has more rows than there is memory for. */
export interface Rows {
  /** Numbers in all, as an array of them has: rows × width. */
  readonly length: number;
  /** Numbers a row. */
  readonly width: number;
  readonly precision: Precision;
  /** Rows from … to − 1, row-major, in that precision, to be read only; the same numbers every time. Throws DataError where they cannot be read. */
  readonly rows: (from: number, to: number) => FloatArray;
}

type Held = FloatArray | Uint8Array;

/** Whether inputs are read when they are used. */
export function isRows(inputs: Held | Rows): inputs is Rows {
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

/** The rows of these numbers alone, still read when they are used. */
export function selectedRows(rows: Rows, wanted: Uint32Array): Rows {
  return {
    ...rows,
    length: wanted.length * rows.width,
    rows: (from, to) => gatherRows(rows, wanted.subarray(from, to)),
  };
}

/** Rows that are made of others when they are read: `map` fills `into`. */
export function mappedRows(
  { rows, length, width: before }: Rows,
  { width, precision }: Pick<Rows, 'width' | 'precision'>,
  map: (values: FloatArray, into: FloatArray) => unknown,
): Rows {
  return {
    length: (length / before) * width,
    width,
    precision,
    rows(from, to) {
      const into = zeros(precision, (to - from) * width);
      map(rows(from, to), into);
      return into;
    },
  };
}

/** Numbers of a piece, about. */
const piece = 2 ** 19;

/** All inputs, row after row: in one piece where they are held, else in several of whole rows. */
export function* piecesOf<Values extends Held>(inputs: Values | Rows): Generator<Values | FloatArray> {
  if (!isRows(inputs)) {
    yield inputs;
    return;
  }
  const [count, step] = [inputs.length / inputs.width, Math.max(1, Math.floor(piece / inputs.width))];
  for (let from = 0; from < count; from += step) yield inputs.rows(from, Math.min(from + step, count));
}

/** The inputs as an array, which they need the memory for. */
export function heldInputs(inputs: FloatArray | Rows): FloatArray {
  if (!isRows(inputs)) return inputs;
  const all = zeros(inputs.precision, inputs.length);
  let next = 0;
  for (const values of piecesOf(inputs)) {
    all.set(values, next);
    next += values.length;
  }
  return all;
}
