import type { Tensor } from '../autodiff/tensor.js';
import type { CallParts } from './call.js';
import type { Result } from './operator.js';
import { computed, type Value } from './value.js';

/** A result as one value for each output. */
export function valuesOf(result: Result, { inputs }: Pick<CallParts, 'inputs'>): readonly Value[] {
  const results = Array.isArray(result) ? (result as readonly (Tensor | Value)[]) : [result as Tensor | Value];
  return results.map((one) =>
    'operation' in one ? computed(inputs.find((input) => input)?.type ?? 'float32', one) : one,
  );
}
