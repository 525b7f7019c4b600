import {
  add,
  detach,
  divide,
  exp,
  log,
  multiply,
  reciprocal,
  scale,
  sqrt,
  square,
  subtract,
  tanh,
} from './elementwise.js';
import { max, sum } from './shaping.js';
import { constant, type Tensor } from './tensor.js';

/** x − log Σ e^x along an axis (the last unless given), with the maximum taken out: no overflow at any x. */
export function logSoftmax(x: Tensor, axis = x.shape.length - 1): Tensor {
  const shifted = subtract(x, detach(max(x, axis)));
  return subtract(shifted, log(sum(exp(shifted), [axis])));
}

/** e^x/Σ e^x along an axis. */
export function softmax(x: Tensor, axis = x.shape.length - 1): Tensor {
  const weights = exp(subtract(x, detach(max(x, axis))));
  return divide(weights, sum(weights, [axis]));
}

/** x Φ(x) in the form with tanh (Hendrycks & Gimpel, arXiv:1606.08415): ½ x (1 + tanh(√(2/π)(x + 0.044715 x³))). */
export function gelu(x: Tensor): Tensor {
  const cubic = add(x, scale(multiply(square(x), x), 0.044715));
  return scale(multiply(x, add(constant(1), tanh(scale(cubic, Math.sqrt(2 / Math.PI))))), 0.5);
}

/** (x − mean)/√(variance + ε), both given. */
export function normalise(x: Tensor, mean: Tensor, variance: Tensor, epsilon: number): Tensor {
  return multiply(subtract(x, mean), reciprocal(sqrt(add(variance, constant(epsilon)))));
}
