import { UsageError } from '../../errors.js';
import { checkModel } from './domain.js';
import { marginRate } from './symmetric.js';

/**
 * Gradient descent from W(0) = 0 stays on the line W = αB: α_{n+1} = α_n + η/(e^{α_n} + k − 1), exactly.
 *
 * Returns α_0 … α_steps. Throws UsageError unless η > 0 and steps is a non-negative integer. Cost: O(steps).
 */
export function gradientDescentMargins(classes: number, learningRate: number, steps: number): Float64Array {
  checkModel(classes);
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    throw new UsageError(`the learning rate must be a positive number, received ${learningRate}; for example 0.1`);
  }
  if (!Number.isInteger(steps) || steps < 0) {
    throw new UsageError(`steps must be a non-negative integer, received ${steps}; for example 1000`);
  }
  const margins = new Float64Array(steps + 1);
  for (let n = 0; n < steps; n++) margins[n + 1] = margins[n]! + learningRate * marginRate(classes, margins[n]!);
  return margins;
}

/**
 * The learning rate below which η λ_max < 2 all along the symmetric path: λ₁ = ε(1−ε)/(k−1) is largest at ε = 1/2, where it
 * is 1/(4(k−1)); hence η < 8(k−1).
 */
export function stabilityLimit(classes: number): number {
  checkModel(classes);
  return 8 * (classes - 1);
}
