import { entrywise } from './broadcast.js';
import type { Tensor } from './tensor.js';

/** 1 where a > b, else 0; its derivative is 0. */
export function greater(a: Tensor, b: Tensor): Tensor {
  return entrywise({ kind: 'greater' }, [a, b]);
}

/** 1 where a = b, else 0; its derivative is 0. */
export function equal(a: Tensor, b: Tensor): Tensor {
  return entrywise({ kind: 'equal' }, [a, b]);
}

/**
 * a where the condition is not 0, else b, with NumPy's broadcasting. What is not taken is not looked at: it may be infinite or not a number, and
 * its derivative is 0. The condition has no derivative.
 */
export function where(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  return entrywise({ kind: 'where' }, [condition, a, b]);
}

/** The larger of a and b; where they are equal the derivative goes to b. */
export function maximum(a: Tensor, b: Tensor): Tensor {
  return where(greater(a, b), a, b);
}

/** The smaller of a and b; where they are equal the derivative goes to b. */
export function minimum(a: Tensor, b: Tensor): Tensor {
  return where(greater(b, a), a, b);
}
