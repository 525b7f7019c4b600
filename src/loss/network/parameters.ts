import { UsageError } from '../../errors.js';
import type { Precision, Reals } from '../../tensor/engine/index.js';

/** What a parameter is to its layer: decides how it is initialised. */
export type ParameterRole = 'weight' | 'bias' | 'gain' | 'offset';

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

/** Throws UsageError where a name occurs twice. */
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
  return { specs, offsets, size };
}

/** θ as an array of a precision: itself where it has it, else a copy. */
export function inPrecision(values: Reals, precision: Precision): Reals {
  if (precision === 'f32') return values instanceof Float32Array ? values : Float32Array.from(values);
  return values instanceof Float64Array ? values : Float64Array.from(values);
}

/** The parts of θ by name, each a view and no copy; `rename` maps names. */
export function parts(
  { specs, offsets }: ParameterLayout,
  values: Reals,
  rename: (name: string) => string = (name) => name,
): Record<string, Reals> {
  return Object.fromEntries(
    specs.map(({ name, shape }, i) => [rename(name), values.subarray(offsets[i], offsets[i]! + entriesOf(shape))]),
  );
}

export function entriesOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
