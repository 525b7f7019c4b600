import { UsageError } from '../errors.js';
import { precisionOf, zeros, type FloatArray, type Precision } from '../numeric/kernels/float-array.js';

/** What a parameter is to its layer: decides how it is initialised. */
export type ParameterRole = 'weight' | 'bias' | 'gain' | 'offset' | 'embedding';

/** A parameter tensor. Weights are [out, in] or [out, in, kh, kw], as in PyTorch. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: ParameterRole;
}

/** Where each parameter lies in the vector θ of all of them: one after the other, row-major. */
export interface ParameterLayout {
  readonly specs: readonly ParameterSpec[];
  readonly offsets: readonly number[];
  /** Entries of θ. */
  readonly size: number;
}

const mostParameters = 1e9;

/** Throws UsageError where a name occurs twice, or there are more than 10⁹ parameters. */
export function parameterLayout(specs: readonly ParameterSpec[]): ParameterLayout {
  const names = new Set<string>();
  const offsets: number[] = [];
  let size = 0;
  for (const { name, shape } of specs) {
    if (names.has(name)) throw new UsageError(`two parameters are named '${name}'; names must differ`);
    names.add(name);
    offsets.push(size);
    size += entriesOf(shape);
  }
  if (size > mostParameters) {
    throw new UsageError(`a network has at most ${mostParameters} parameters, received ${size}; choose smaller widths`);
  }
  return { specs, offsets, size };
}

/**
 * The places among `specs` of the parameters that patterns name; of all if left out. A pattern is the name of a parameter or of a layer, which
 * stands for all of its parameters; `*` in it is any text, dots too; `!pattern` takes away from what the others name, from all where there are no
 * others. Throws UsageError for a pattern that names nothing, or where nothing is left.
 */
export function parametersOf({ specs }: ParameterLayout, patterns?: readonly string[]): number[] {
  const places = [...specs.keys()];
  if (patterns === undefined) return places;
  const named = (pattern: string): ReadonlySet<number> =>
    new Set(places.filter((place) => isNamedBy(pattern, specs[place]!.name)));
  const taken = patterns.filter((pattern) => !pattern.startsWith('!')).map(named);
  const left = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => named(pattern.slice(1)));
  const chosen = places.filter(
    (place) => (taken.length === 0 || taken.some((set) => set.has(place))) && !left.some((set) => set.has(place)),
  );
  const unknown = patterns.filter((pattern) => named(pattern.replace(/^!/, '')).size === 0);
  if (unknown.length > 0 || patterns.length === 0) {
    const known = [...new Set(specs.map(({ name }) => name.slice(0, name.lastIndexOf('.'))))];
    throw new UsageError(
      `no parameter belongs to ${unknown.join(', ') || 'no layer'}; the layers are ${known.join(', ')}`,
    );
  }
  if (chosen.length === 0)
    throw new UsageError(`of the parameters, ${patterns.join(', ')} leaves none; take less away`);
  return chosen;
}

/** Whether a pattern names a parameter: itself, its layer, or with `*` for any text. */
export function isNamedBy(pattern: string, name: string): boolean {
  const text = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${text.join('.*')}(\\..*)?$`, 's').test(name);
}

/** The entries of a vector as long as θ that belong to the parameters at some places among `specs`, one after the other. */
export function restricted<Values extends FloatArray>(
  { specs, offsets, size }: ParameterLayout,
  places: readonly number[],
  vector: Values,
): Values {
  checkLength('the vector', vector.length, size);
  if (places.length === specs.length) return vector;
  const lengths = places.map((place) => entriesOf(specs[place]!.shape));
  const result = zeros(
    precisionOf(vector),
    lengths.reduce((sum, length) => sum + length, 0),
  ) as Values;
  let at = 0;
  places.forEach((place, i) => {
    result.set(vector.subarray(offsets[place], offsets[place]! + lengths[i]!), at);
    at += lengths[i]!;
  });
  return result;
}

/** A vector as long as θ whose entries at some parameters are these, as `restricted` has them, and 0 elsewhere. Throws UsageError for another length. */
export function embedded(
  { specs, offsets, size }: ParameterLayout,
  places: readonly number[],
  part: FloatArray,
): Float64Array {
  const whole = new Float64Array(size);
  let at = 0;
  for (const place of places) {
    const length = entriesOf(specs[place]!.shape);
    whole.set(part.subarray(at, at + length), offsets[place]);
    at += length;
  }
  checkLength('the part', part.length, at);
  return whole;
}

/** θ as an array of a precision: itself where it has it, else a copy. */
export function inPrecision(values: FloatArray, precision: Precision): FloatArray {
  if (precision === 'f32') return values instanceof Float32Array ? values : Float32Array.from(values);
  return values instanceof Float64Array ? values : Float64Array.from(values);
}

/** The parts of θ by name, each a view and no copy; `rename` maps names. */
export function parts<Values extends FloatArray>(
  { specs, offsets }: ParameterLayout,
  values: Values,
  rename: (name: string) => string = (name) => name,
): Record<string, Values> {
  return Object.fromEntries(
    specs.map(({ name, shape }, i) => [
      rename(name),
      values.subarray(offsets[i], offsets[i]! + entriesOf(shape)) as Values,
    ]),
  );
}

export function entriesOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** Throws UsageError unless there are as many numbers as are needed. */
export function checkLength(what: string, received: number, needed: number): void {
  if (received !== needed) throw new UsageError(`${what} must hold ${needed} numbers, received ${received}`);
}
