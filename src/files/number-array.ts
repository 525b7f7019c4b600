import { DataError } from '../errors.js';

/** Numbers in the precision that holds them exactly. */
export type Numbers = Float32Array | Float64Array;

/** An array of finite numbers as a file has it, row-major: held, or read by rows when it is used. */
export interface NumberArray {
  /** In messages: the file and, of several arrays, which. */
  readonly name: string;
  readonly kind: 'float' | 'integer' | 'boolean';
  /** Of unsigned bytes. */
  readonly isByte: boolean;
  readonly shape: readonly number[];
  readonly precision: 'f32' | 'f64';
  readonly isHeld: boolean;
  /** The smallest and the largest entry. */
  readonly least: number;
  readonly most: number;
  /** Rows from … to − 1 along the first axis; a view where they are held. */
  readonly rows: (from: number, to: number) => Numbers;
}

/** Π shape. */
export function entryCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** The smallest and the largest number so far. */
export interface Range {
  least: number;
  most: number;
}

/** Takes numbers, whose first is entry `start`, into a range. Throws DataError with the position of one that is not finite. */
export function extendRange(
  range: Range,
  values: Numbers,
  {
    name,
    start,
    positionOf,
  }: { readonly name: string; readonly start: number; readonly positionOf: (entry: number) => string },
): void {
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (!Number.isFinite(x)) {
      throw new DataError(
        `${name} holds ${x} at ${positionOf(start + i)}; every number must be finite: leave such samples out`,
      );
    }
    if (x < range.least) range.least = x;
    if (x > range.most) range.most = x;
  }
}

/** An array that is held. Throws DataError, with the position, where a number is not finite. */
export function heldArray(
  about: Pick<NumberArray, 'name' | 'kind' | 'isByte' | 'shape'>,
  values: Numbers,
  positionOf: (entry: number) => string = (entry) => placeOf(entry, about.shape),
): NumberArray {
  const range = { least: Infinity, most: -Infinity };
  extendRange(range, values, { name: about.name, start: 0, positionOf });
  const width = entryCount(about.shape.slice(1));
  return {
    ...about,
    ...range,
    precision: values instanceof Float32Array ? 'f32' : 'f64',
    isHeld: true,
    rows: (from, to) => values.subarray(from * width, to * width),
  };
}

/** '[3, 0, 7]': where an entry of a row-major array lies. */
export function placeOf(entry: number, shape: readonly number[]): string {
  const indices: number[] = [];
  let rest = entry;
  for (const extent of shape.toReversed()) {
    indices.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return `[${indices.join(', ')}]`;
}
