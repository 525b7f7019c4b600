import { atOnce, breath, type Pausing } from './pausing.js';

/** Columns stored one after the other, each of length `dimension`. */
export interface Columns {
  readonly dimension: number;
  readonly data: Float64Array;
  readonly count: number;
}

export function dot(x: Float64Array, xStart: number, y: Float64Array, yStart: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += x[xStart + i]! * y[yStart + i]!;
  return sum;
}

/** y ← y + factor · x. */
export function addScaled(
  factor: number,
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  yStart: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) y[yStart + i]! += factor * x[xStart + i]!;
}

/**
 * An orthonormal basis of the part of `block` orthogonal to the orthonormal columns of `basis`: Gram–Schmidt, twice
 * ("twice is enough": Parlett 1998, §6.9). A column that shrinks below `negligible` depends on the others and is dropped,
 * so the result may have fewer columns, or none. Cost: 4 · dimension · (basis.count + block.count) per column.
 */
export function orthonormalise(block: Columns, basis: Columns, negligible: number): Columns {
  return atOnce(orthonormaliseProgram(block, basis, negligible));
}

/** `orthonormalise` with pauses. */
export function* orthonormaliseProgram(block: Columns, basis: Columns, negligible: number): Pausing<Columns> {
  const n = block.dimension;
  const kept = new Float64Array(block.data.length);
  const together = Math.max(1, Math.floor(breath / n));
  let count = 0;
  for (let j = 0; j < block.count; j++) {
    const column = block.data.slice(j * n, (j + 1) * n);
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < basis.count + count; i++) {
        if (i % together === together - 1) yield;
        if (i < basis.count) removeComponent(basis.data, i * n, column);
        else removeComponent(kept, (i - basis.count) * n, column);
      }
      // A column that all but vanished in the first pass is rounding noise, unless it is normalised before the second.
      const norm = Math.sqrt(dot(column, 0, column, 0, n));
      if (!(norm > (pass === 0 ? negligible : 0.5))) break;
      for (let i = 0; i < n; i++) column[i]! /= norm;
      if (pass === 1) kept.set(column, n * count++);
    }
  }
  return { dimension: n, data: kept.subarray(0, n * count), count };
}

function removeComponent(unit: Float64Array, start: number, column: Float64Array): void {
  addScaled(-dot(unit, start, column, 0, column.length), unit, start, column, 0, column.length);
}
