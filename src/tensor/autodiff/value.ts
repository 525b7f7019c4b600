/** A tensor's entries, row-major, with its shape in numbers. */
export interface Value {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function size(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
