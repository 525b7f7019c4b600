/** The coordinates of entry `index` of a row-major array. */
export function position(index: number, shape: readonly number[]): number[] {
  const at = new Array<number>(shape.length);
  for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
    at[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return at;
}

/** The index of an entry at the given coordinates. */
export function flat(at: readonly number[], shape: readonly number[]): number {
  return shape.reduce((index, dim, axis) => index * dim + at[axis]!, 0);
}

/** Where entry `index` of an array of shape `whole` is found in one of shape `part` that is stretched to it. */
export function stretched(index: number, whole: readonly number[], part: readonly number[]): number {
  const at = position(index, whole).slice(whole.length - part.length);
  return flat(
    at.map((x, axis) => (part[axis] === 1 ? 0 : x)),
    part,
  );
}

/** The coordinates before the axes were permuted. */
export function permuted(at: readonly number[], permutation: readonly number[]): number[] {
  const before = new Array<number>(at.length);
  permutation.forEach((axis, i) => (before[axis] = at[i]!));
  return before;
}

/** The coordinates with that of one axis replaced. */
export function replaced(at: readonly number[], axis: number, value: number): number[] {
  return at.map((x, i) => (i === axis ? value : x));
}
