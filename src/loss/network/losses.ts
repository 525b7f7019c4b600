import { scale, softmaxCrossEntropy, square, subtract, total, type Tensor } from '../../tensor/autodiff/index.js';

/**
 * A loss as a sum over samples; the mean is taken outside the graph. `outputs` [n, m] are what the network gives, `targets` [n, m] one
 * row a sample: for classes the unit vector of the label.
 */
export type Loss = (outputs: Tensor, targets: Tensor) => Tensor;

/** Σ_i −log p_{y_i}, p = softmax(outputs). */
export const crossEntropy: Loss = (outputs, targets) => total(softmaxCrossEntropy(outputs, targets));

/** Σ_i ½ ‖outputs_i − targets_i‖². */
export const squaredError: Loss = (outputs, targets) => scale(total(square(subtract(outputs, targets))), 0.5);

export const losses = { 'cross-entropy': crossEntropy, 'squared-error': squaredError } as const;

export type LossName = keyof typeof losses;
