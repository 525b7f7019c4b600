import { UsageError } from '../errors.js';

/**
 * A matrix of inputs, one sample a row, stored as its non-zero entries row after row plus one constant:
 * x_{if} = offset + (the entry stored at (i, f), else 0).
 *
 * The constant keeps standardised images sparse: pixels that are background everywhere are stored nowhere.
 */
export interface Features {
  readonly rows: number;
  readonly columns: number;
  /** Row i holds entries rowStart[i] … rowStart[i + 1] − 1. */
  readonly rowStart: Uint32Array;
  readonly column: Uint32Array;
  readonly value: Float64Array;
  readonly offset: number;
}

/** Inputs with their classes 0 … classes − 1: the data of a softmax regression. */
export interface LabelledData {
  readonly features: Features;
  readonly labels: Uint16Array;
  readonly classes: number;
}

/** Features from a dense row-major matrix. Throws UsageError if its length is not rows × columns. */
export function denseFeatures(rows: number, columns: number, entries: ArrayLike<number>): Features {
  if (entries.length !== rows * columns) {
    throw new UsageError(`a ${rows}×${columns} matrix has ${rows * columns} entries, received ${entries.length}`);
  }
  return sparseFeatures(rows, columns, (i, f) => entries[i * columns + f]!);
}

/** Features from a function of row and column, of which only the non-zero values are kept. */
export function sparseFeatures(
  rows: number,
  columns: number,
  entry: (row: number, column: number) => number,
  offset = 0,
): Features {
  const rowStart = new Uint32Array(rows + 1);
  for (let i = 0; i < rows; i++) {
    let count = 0;
    for (let f = 0; f < columns; f++) if (entry(i, f) !== 0) count++;
    rowStart[i + 1] = rowStart[i]! + count;
  }
  const column = new Uint32Array(rowStart[rows]!);
  const value = new Float64Array(rowStart[rows]!);
  let next = 0;
  for (let i = 0; i < rows; i++) {
    for (let f = 0; f < columns; f++) {
      const x = entry(i, f);
      if (x === 0) continue;
      column[next] = f;
      value[next++] = x;
    }
  }
  return { rows, columns, rowStart, column, value, offset };
}

/** All entries of features, row-major: the inverse of denseFeatures. Cost: O(rows · columns). */
export function denseMatrix({ rows, columns, rowStart, column, value, offset }: Features): Float64Array {
  const entries = new Float64Array(rows * columns).fill(offset);
  for (let i = 0; i < rows; i++) {
    for (let e = rowStart[i]!; e < rowStart[i + 1]!; e++) entries[i * columns + column[e]!]! += value[e]!;
  }
  return entries;
}
