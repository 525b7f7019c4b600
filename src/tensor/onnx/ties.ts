import { size } from '../autodiff/value.js';
import { isFloat } from './element-type.js';
import type { OnnxArray } from './graph.js';
import { isUniform } from './operand.js';

/** An initialiser that is another one, or its transpose. */
export interface Tie {
  readonly to: string;
  readonly transposed: boolean;
}

/**
 * The float initialisers that hold the entries of an earlier one, or of its transpose where both are matrices: one parameter that a
 * file holds twice. Left out are constant-valued ones, which agree by chance, as gains do that are all 1, and arrays whose names differ in numbers
 * alone: layers that are copies of one have equal weights at first, and are no less layers of their own.
 */
export function tiesOf(
  initializers: ReadonlyMap<string, OnnxArray>,
  read: (name: string) => Float64Array,
): ReadonlyMap<string, Tie> {
  const ties = new Map<string, Tie>();
  const groups = new Map<string, string[]>();
  for (const [name, { type, shape }] of initializers) {
    if (!isFloat(type) || size(shape) < 2) continue;
    const key = [...shape].sort((a, b) => a - b).join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [name]);
    else group.push(name);
  }
  for (const group of groups.values()) {
    group.forEach((name, i) => {
      if (i === 0 || isUniform(read(name))) return;
      for (const to of group.slice(0, i)) {
        if (ties.has(to) || unnumbered(to) === unnumbered(name)) continue;
        const [a, b] = [initializers.get(to)!.shape, initializers.get(name)!.shape];
        if (String(a) === String(b) && isEqual(read(to), read(name))) return ties.set(name, { to, transposed: false });
        if (
          a.length === 2 &&
          a[0] === b[1] &&
          a[1] === b[0] &&
          isTranspose(read(to), read(name), a as [number, number])
        ) {
          return ties.set(name, { to, transposed: true });
        }
      }
      return undefined;
    });
  }
  return ties;
}

const unnumbered = (name: string): string => name.replace(/\d+/g, '#');

const isEqual = (a: Float64Array, b: Float64Array): boolean => a.every((entry, i) => entry === b[i]);

const isTranspose = (a: Float64Array, b: Float64Array, [rows, columns]: readonly [number, number]): boolean =>
  a.every((entry, i) => entry === b[(i % columns) * rows + Math.floor(i / columns)]);
