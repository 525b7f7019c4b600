import { add, erf, exp, log1p, multiply, relu, scale, sigmoid, square, step, subtract } from './elementwise.js';
import { firstMaximum, max, sum } from './shaping.js';
import { constant, type Tensor } from './tensor.js';

/**
 * log p along an axis (the last unless given), p = softmax(x): no overflow at any x, and log p_r to full relative accuracy where p_r is
 * near 1. Its derivative holds p_c − δ_cy by subtraction; the loss of a label y is `softmaxCrossEntropy`.
 */
export function logSoftmax(x: Tensor, axis = x.shape.length - 1): Tensor {
  return subtract(subtract(x, max(x, axis)), log1p(odds(x, axis)));
}

/**
 * −Σ_c t_c log p_c along the last axis, which stays with length 1; p = softmax(z). With r the largest score and B its odds, it is
 * Σ_c t_c (log(1 + B) + z_r − z_c), a sum of terms that are not negative. Every derivative keeps its relative accuracy where a
 * label takes all but e^{−margin}: 1 − p_y is the sum of the other p_c, and the label's row of diag(p) − p pᵀ is minus the sum of
 * the other rows, however small.
 */
export function softmaxCrossEntropy(z: Tensor, t: Tensor): Tensor {
  const axis = z.shape.length - 1;
  const weight = sum(t, [axis]);
  // The scores' own coefficients, 0 where t is the unit vector of r; their derivatives are kept apart from those of B.
  const misplaced = subtract(multiply(weight, firstMaximum(z, axis)), t);
  return add(multiply(weight, log1p(odds(z, axis))), sum(multiply(misplaced, z), [axis]));
}

/** B = (1 − p_r)/p_r = Σ_{c ≠ r} e^{z_c − z_r} against the first of the largest entries, at most their number less 1. */
function odds(z: Tensor, axis: number): Tensor {
  const others = subtract(constant(1), firstMaximum(z, axis));
  return sum(multiply(others, exp(subtract(z, max(z, axis)))), [axis]);
}

/** Beyond ±22 the tanh form of GELU is x or 0, to rounding and underflow in float64. */
const geluReach = 22;

/**
 * x Φ(x) in the form with tanh (Hendrycks & Gimpel, arXiv:1606.08415), ½ x (1 + tanh w) = x σ(2w), w = √(2/π)(x + 0.044715 x³): with σ it
 * is accurate in the left tail. Beyond its reach it is taken as relu(x), so that no cube overflows.
 */
export function gelu(x: Tensor): Tensor {
  const near = multiply(x, step(subtract(constant(geluReach ** 2), square(x))));
  const cubic = add(near, scale(multiply(square(near), near), 0.044715));
  const curved = multiply(near, sigmoid(scale(cubic, 2 * Math.sqrt(2 / Math.PI))));
  return add(curved, relu(subtract(x, near)));
}

/** x Φ(x) = ½ x (1 + erf(x/√2)), GELU itself. */
export function geluErf(x: Tensor): Tensor {
  return multiply(scale(x, 0.5), add(constant(1), erf(scale(x, Math.SQRT1_2))));
}

/** x σ(x). */
export function silu(x: Tensor): Tensor {
  return multiply(x, sigmoid(x));
}
