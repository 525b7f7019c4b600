import type { Entry } from '../registry.js';
import type { NumberRange } from './number-range.js';

/** How the learning rate η_t depends on the step t, with numbers N that must be chosen. */
export interface RateRule<K extends string = string, N extends string = string> extends Entry {
  readonly name: K;
  readonly numbers: Readonly<Record<N, NumberRange>>;
  readonly rateAt: (numbers: Readonly<Record<N, number>>, step: number) => number;
}

/** As it is written, with its names known to the types. */
export const rateRule = <const K extends string, const N extends string>(rule: RateRule<K, N>): RateRule<K, N> => rule;

/** The rule with its numbers, as plain JSON. */
export type ChosenRate<R> =
  R extends RateRule<infer K, infer N> ? { readonly kind: K } & Readonly<Record<N, number>> : never;
