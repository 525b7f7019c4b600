import { noisyValues } from './exact-values.js';
import type { Values } from './observables.js';
import { priorResponse } from './prior-response.js';
import type { CompareSettings } from './settings.js';

/** A theory that is a little off, and must be rejected: its values at each time. */
export interface NamedTheory {
  readonly name: string;
  /** σ that it is for. */
  readonly noise: number;
  readonly values: readonly Values[];
}

/** How much further off the prior of class 1 is than the rest: it moves two weights alone. */
const priorFactor = 3;

/**
 * The exact values with one thing off by ± `wrongBy`: σ, the weights, the bulk level; and the prior of class 1 by ± three times as much, to first
 * order. Cost: two closed forms, and the response to a prior.
 */
export function wrongTheories(
  model: { readonly classes: number; readonly dim: number; readonly noise: number },
  exact: readonly Values[],
  { times, wrongBy }: Pick<CompareSettings, 'times' | 'wrongBy'>,
): NamedTheory[] {
  const { classes, dim, noise } = model;
  const response = priorResponse(model, times);
  const digits = (factor: number): string => String(Number(factor.toPrecision(6)));
  return [1, -1].flatMap((sign): NamedTheory[] => {
    const factor = 1 + sign * wrongBy;
    const prior = sign * priorFactor * wrongBy;
    const off = (name: string, change: (values: Values, at: number) => Values): NamedTheory => ({
      name,
      noise,
      values: exact.map((values, at) => ({ ...values, ...change(values, at) })),
    });
    const scaled = (name: 'W[1,1]' | 'W[2,1]' | 'bulk level', values: Values): Values => ({
      [name]: factor * values[name]!,
    });
    return [
      {
        name: `σ × ${digits(factor)}`,
        noise: factor * noise,
        values: noisyValues({ classes, dim, noise: factor * noise }, times),
      },
      off(`weights × ${digits(factor)}`, (values) => ({ ...scaled('W[1,1]', values), ...scaled('W[2,1]', values) })),
      ...(dim > classes ? [off(`bulk level × ${digits(factor)}`, (values) => scaled('bulk level', values))] : []),
      off(`prior of class 1 × ${digits(1 + prior)}`, (values, at) => ({
        'W[1,1]': values['W[1,1]']! + prior * response[at]!.own,
        'W[2,1]': values['W[2,1]']! + prior * response[at]!.other,
      })),
    ];
  });
}
