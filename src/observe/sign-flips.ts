import { UsageError } from '../errors.js';

/**
 * Share of consecutive values x_t, x_{t+1} with x_t x_{t+1} < 0, in [0, 1]. Of a gradient along an eigenvector of the Hessian with eigenvalue λ under gradient descent in
 * a quadratic, which multiplies it by 1 − ηλ a step: 0 for ηλ < 1, 1 for ηλ > 1. Throws UsageError for fewer than two values.
 */
export function signFlips(values: readonly number[]): number {
  if (values.length < 2)
    throw new UsageError(`signs flip between two values and more, received ${values.length}; take more steps`);
  const flips = values.slice(1).filter((x, t) => Math.sign(x) * Math.sign(values[t]!) < 0);
  return flips.length / (values.length - 1);
}
