import type { Tensor } from '../autodiff/tensor.js';
import type { CallParts } from './call.js';
import type { Result } from './operator.js';
import { computed, type Operand } from './operand.js';

/** A result as one value for each output. */
export function operandsOf(result: Result, { inputs }: Pick<CallParts, 'inputs'>): readonly Operand[] {
  const results = Array.isArray(result) ? (result as readonly (Tensor | Operand)[]) : [result as Tensor | Operand];
  return results.map((one) =>
    'operation' in one ? computed(inputs.find((input) => input)?.type ?? 'float32', one) : one,
  );
}
