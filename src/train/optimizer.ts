import { UsageError } from '../errors.js';
import { precisionOf, zeros, type FloatArray } from '../numeric/kernels/float-array.js';
import { entryOf } from '../registry.js';
import { checkNumbers } from './number-range.js';
import { adamRule, adamwRule } from './optimizers/adam.js';
import { momentumRule, nesterovRule } from './optimizers/momentum.js';
import { sgdRule } from './optimizers/sgd.js';
import type { ChosenOptimizer, UpdateRule } from './optimizers/update-rule.js';

/** The optimisers that are known by name. */
export const optimizers = [sgdRule, momentumRule, nesterovRule, adamRule, adamwRule] as const;

/** How the gradient becomes a step of the parameters, as plain JSON: the name of a rule and its constants, `{ kind: 'momentum', momentum: 0.9 }`. */
export type Optimizer = ChosenOptimizer<(typeof optimizers)[number]>;

/** The rule of a name. Throws UsageError, naming all there are, where there is none. */
export function optimizerRule(kind: string): UpdateRule {
  return entryOf<UpdateRule>('optimizer', optimizers as readonly unknown[] as readonly UpdateRule[], kind);
}

/** A rule with its standard constants. */
export function standardOptimizer<K extends Optimizer['kind']>(kind: K): Extract<Optimizer, { readonly kind: K }> {
  const constants = Object.entries(optimizerRule(kind).constants).map(([name, { standard }]) => [name, standard]);
  return { kind, ...Object.fromEntries(constants) } as Extract<Optimizer, { readonly kind: K }>;
}

/** Adam as its authors recommend it. */
export const adamDefaults: Optimizer = standardOptimizer('adam');

/** What an optimizer remembers: how many steps it made, and its vectors, each as long as the parameters. */
export interface OptimizerState {
  readonly step: number;
  readonly vectors: ReadonlyMap<string, FloatArray>;
}

/** A stretch of θ, its numbers from `start` to before `end`, that is stepped in its own way. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  /** Its learning rate over that of the step. */
  readonly rate: number;
  /** Constants that are others than the optimizer's. */
  readonly constants: Readonly<Record<string, number>>;
}

/** The state before the first step, for parameters like these. Throws UsageError for constants outside their range. */
export function initialState(optimizer: Optimizer, parameters: FloatArray): OptimizerState {
  const { vectors, constants } = optimizerRule(optimizer.kind);
  checkNumbers(`the optimizer '${optimizer.kind}'`, constants, optimizer);
  return {
    step: 0,
    vectors: new Map(vectors.map((name) => [name, zeros(precisionOf(parameters), parameters.length)])),
  };
}

/**
 * One step: new parameters and a new state; what is passed in stays as it is. With `stretches`, which lie one after the other and are all of θ, each is
 * stepped with its own constants; every rule there is treats a coordinate by itself, so that each takes the steps it would take alone.
 *
 * Sums are taken in double precision and rounded once to the precision of the parameters, in which the state is kept too. Throws
 * UsageError if gradient or state are not as long as the parameters. Cost: O(parameters).
 */
export function optimizerStep<V extends FloatArray>(
  optimizer: Optimizer,
  { parameters, state }: { readonly parameters: V; readonly state: OptimizerState },
  gradient: FloatArray,
  learningRate: number,
  stretches: readonly Stretch[] = [{ start: 0, end: parameters.length, rate: 1, constants: {} }],
): { readonly parameters: V; readonly state: OptimizerState } {
  const { kind, ...constants } = optimizer;
  const { vectors: names, update } = optimizerRule(kind);
  const vectors = new Map(names.map((name) => [name, state.vectors.get(name)?.slice() ?? new Float64Array(0)]));
  for (const [name, { length }] of [['gradient', gradient] as const, ...vectors]) {
    if (length === parameters.length) continue;
    throw new UsageError(`${name} must hold ${parameters.length} numbers, as the parameters do; received ${length}`);
  }
  const next = parameters.slice() as V;
  const step = state.step + 1;
  for (const { start, end, rate, constants: others } of stretches) {
    const part = (vector: FloatArray): FloatArray => vector.subarray(start, end);
    const at = { theta: part(next), gradient: part(gradient), rate: rate * learningRate, step };
    update(at, { ...constants, ...others }, Object.fromEntries(Array.from(vectors, ([name, v]) => [name, part(v)])));
  }
  return { parameters: next, state: { step, vectors } };
}
