/** The label of an array's entry: its sector, or that of its level, where it has one, its position in short lists of numbers, else none of its own. */
function labelOf(entry: unknown, i: number, length: number): string {
  if (typeof entry === 'object' && entry !== null && 'sector' in entry) return String(entry.sector);
  if (typeof entry === 'object' && entry !== null && 'level' in entry) return labelOf(entry.level, i, length);
  return typeof entry === 'number' && length <= 4 ? String(i) : '[]';
}

/**
 * What is done to the numbers at a path, nothing if left alone; `inner`: the arguments of the method that they came from, if they came from one.
 */
export type LeafMap = (path: string) => ((x: number, inner: readonly unknown[] | undefined) => number) | undefined;

/**
 * A result with the numbers in it replaced, whatever its shape: fields, entries of lists (by sector), typed arrays, results of methods and of
 * generators. Paths look like `levels.trivial.ratio` or `spectrum.basis().[]`.
 */
export function mapLeaves(value: unknown, f: LeafMap, path = '', inner?: readonly unknown[]): unknown {
  if (typeof value === 'number') return f(path)?.(value, inner) ?? value;
  if (value instanceof Float64Array) {
    const change = f(join(path, '[]'));
    return change === undefined ? value : value.map((x) => change(x, inner));
  }
  if (typeof value === 'function') {
    return (...args: unknown[]) =>
      mapLeaves((value as (...a: unknown[]) => unknown)(...args), f, join(path, '()'), args);
  }
  if (Array.isArray(value)) {
    return value.map((entry, i) => mapLeaves(entry, f, join(path, labelOf(entry, i, value.length)), inner));
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Symbol.iterator in value) return generated(value as Iterable<unknown>, f, path, inner);
  const entries = Object.entries(value as Record<string, unknown>).map(([key, x]) => {
    const bound = typeof x === 'function' ? (x as (...a: unknown[]) => unknown).bind(value) : x;
    return [key, mapLeaves(bound, f, join(path, key), inner)];
  });
  return Object.fromEntries(entries);
}

function* generated(values: Iterable<unknown>, f: LeafMap, path: string, inner?: readonly unknown[]): Generator {
  for (const value of values) yield mapLeaves(value, f, join(path, '[]'), inner);
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
