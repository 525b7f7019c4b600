import type { Entry } from '../../registry.js';
import type { Tensor } from '../autodiff/tensor.js';
import type { Call } from './call.js';
import type { Operand } from './operand.js';

/** What an operator gives: a tensor of the type of its first input, a value that says its type, or one for each output. */
export type Result = Tensor | Operand | readonly (Tensor | Operand)[];

/** An operator of ONNX that is imported. */
export interface Operator extends Entry {
  /** The version of ONNX's operators that has it first, where that is after 13. */
  readonly since?: number;
  /** What of it is refused. */
  readonly limits?: string;
  /** Its meaning in the operations of autodiff. Throws DataError for what is refused. */
  readonly apply: (call: Call) => Result;
  /** It is linear in these inputs, in all of them where it says so, so that a + b·n goes through it as a and b do. */
  readonly linear?: 'all' | readonly number[];
  /** Its meaning for known values that hold n, where that is not linear. */
  readonly symbolic?: (call: Call) => Operand;
}
