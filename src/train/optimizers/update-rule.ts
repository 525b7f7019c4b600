import type { FloatArray } from '../../numeric/kernels/float-array.js';
import type { Entry } from '../../registry.js';
import type { NumberRange } from '../number-range.js';

/** A vector for each of the names, as long as the parameters. */
export type StateVectors<V extends string> = Readonly<Record<V, FloatArray>>;

/** One step: where it happens and how large it is. */
export interface StepArguments {
  /** θ, changed in place. */
  readonly theta: FloatArray;
  readonly gradient: FloatArray;
  /** η */
  readonly rate: number;
  /** t, counted from 1. */
  readonly step: number;
}

/** A number that a rule has: its standard value, and what it may be. */
export interface Constant extends NumberRange {
  readonly standard: number;
}

/** How the gradient g becomes a step of the parameters θ: constants C, and vectors V that begin at 0 and are kept in checkpoints. */
export interface UpdateRule<
  K extends string = string,
  C extends string = string,
  V extends string = string,
> extends Entry {
  readonly name: K;
  readonly constants: Readonly<Record<C, Constant>>;
  readonly vectors: readonly V[];
  /** Changes θ and the vectors in place, each coordinate by itself, since it is called for stretches of them. Sums are taken in double precision and rounded once where they are put. */
  readonly update: (at: StepArguments, constants: Readonly<Record<C, number>>, vectors: StateVectors<V>) => void;
}

/** As it is written, with its names known to the types. */
export const updateRule = <const K extends string, const C extends string = never, const V extends string = never>(
  rule: UpdateRule<K, C, V>,
): UpdateRule<K, C, V> => rule;

/** The rule with a value for each of its constants, as plain JSON. */
export type ChosenOptimizer<R> =
  R extends UpdateRule<infer K, infer C> ? { readonly kind: K } & Readonly<Record<C, number>> : never;
