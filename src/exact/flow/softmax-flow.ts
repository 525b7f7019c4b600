import { UsageError } from '../../errors.js';
import { solveFlow, type FlowOptions, type FlowSolution, type VectorField } from './dormand-prince.js';

/**
 * dW/dt = −G for softmax regression on the k means at zero noise, straight from its definition:
 * G = (1/k) Σ_a (softmax(W x_a) − e_a) x_aᵀ, x_a = μ_a, or (μ_a, 1) with biases.
 *
 * State: k×k, or k×(k+1) with the bias as the last entry of each row; entry (class c, feature f) at `c * features + f`.
 */
export function softmaxField(classes: number, bias = false): VectorField {
  const k = classes;
  const features = bias ? k + 1 : k;
  const z = new Float64Array(k);
  return (_, w, dw) => {
    dw.fill(0);
    for (let a = 0; a < k; a++) {
      for (let c = 0; c < k; c++) z[c] = w[c * features + a]! + (bias ? w[c * features + k]! : 0);
      const top = Math.max(...z);
      for (let c = 0; c < k; c++) z[c] = Math.exp(z[c]! - top);
      const total = z.reduce((sum, weight) => sum + weight, 0);
      const others = z.reduce((sum, weight, c) => (c === a ? sum : sum + weight), 0); // 1 − p_a without subtraction
      for (let c = 0; c < k; c++) {
        const velocity = (c === a ? others : -z[c]!) / total / k;
        dw[c * features + a]! += velocity;
        if (bias) dw[c * features + k]! += velocity;
      }
    }
  };
}

/**
 * Gradient flow of the noiseless model by numerical integration: the second path to what exactFlow gives in closed form, and the
 * only one for biases with W(0) ≠ 0. `times` ascend from 0, where W is `initial`. Throws UsageError on a wrong length.
 */
export function integrateSoftmaxFlow(
  problem: {
    readonly classes: number;
    readonly initial: Float64Array;
    readonly times: readonly number[];
    readonly bias?: boolean;
  },
  options: FlowOptions = {},
): FlowSolution {
  const { classes: k, initial, times, bias = false } = problem;
  const length = k * (bias ? k + 1 : k);
  if (initial.length !== length) {
    throw new UsageError(
      `initial weights of ${k} classes${bias ? ' with biases' : ''} must hold ${length} numbers, received ${initial.length}`,
    );
  }
  return solveFlow(softmaxField(k, bias), initial, times, options);
}
