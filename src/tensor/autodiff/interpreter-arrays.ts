import { UsageError } from '../../errors.js';
import { flat, position, replaced, stretched } from './positions.js';
import { size, type Value } from './value.js';

export function interpretMatmul(
  a: Value,
  b: Value,
  { transposeA, transposeB }: { readonly transposeA: boolean; readonly transposeB: boolean },
  shape: readonly number[],
): Float64Array {
  const [many, [rows, columns]] = [shape.slice(0, -2), shape.slice(-2) as [number, number]];
  const inner = a.shape.at(transposeA ? -2 : -1)!;
  const result = new Float64Array(size(shape));
  for (let m = 0; m < size(many); m++) {
    const fromA = stretched(m, many, a.shape.slice(0, -2)) * rows * inner;
    const fromB = stretched(m, many, b.shape.slice(0, -2)) * inner * columns;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let l = 0; l < inner; l++) {
          const x = a.data[fromA + (transposeA ? l * rows + i : i * inner + l)]!;
          sum += x * b.data[fromB + (transposeB ? j * inner + l : l * columns + j)]!;
        }
        result[(m * rows + i) * columns + j] = sum;
      }
    }
  }
  return result;
}

export function interpretSoftmax({ data, shape }: Value, axis: number): Float64Array {
  const alongAxis = (i: number): number[] => {
    const at = position(i, shape);
    return Array.from({ length: shape[axis]! }, (_, j) => data[flat(replaced(at, axis, j), shape)]!);
  };
  return data.map((x, i) => {
    const line = alongAxis(i);
    const largest = Math.max(...line);
    return Math.exp(x - largest) / line.reduce((sum, each) => sum + Math.exp(each - largest), 0);
  });
}

export function interpretConcat(parts: readonly Value[], axis: number, shape: readonly number[]): Float64Array {
  const result = new Float64Array(size(shape));
  let before = 0;
  for (const part of parts) {
    part.data.forEach((x, i) => {
      const at = position(i, part.shape);
      result[flat(replaced(at, axis, before + at[axis]!), shape)] = x;
    });
    before += part.shape[axis]!;
  }
  return result;
}

export function interpretTake(table: Value, indices: Value, shape: readonly number[]): Float64Array {
  const row = size(table.shape.slice(1));
  const result = new Float64Array(size(shape));
  indices.data.forEach((index, i) => {
    const from = checkedRow(index, table.shape[0]!) * row;
    result.set(table.data.subarray(from, from + row), i * row);
  });
  return result;
}

export function interpretAddRows(y: Value, indices: Value, shape: readonly number[]): Float64Array {
  const row = size(shape.slice(1));
  const result = new Float64Array(size(shape));
  indices.data.forEach((index, i) => {
    const to = checkedRow(index, shape[0]!) * row;
    for (let j = 0; j < row; j++) result[to + j]! += y.data[i * row + j]!;
  });
  return result;
}

function checkedRow(index: number, rows: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= rows) {
    throw new UsageError(`rows of a table are numbered from 0 to ${rows - 1}, received ${index}`);
  }
  return index;
}
