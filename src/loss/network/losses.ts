import type { Entry } from '../../registry.js';
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

interface LossEntry extends Entry {
  /** What it is taken of: labels alone, or numbers as well. */
  readonly targets: 'classes' | 'any';
  readonly of: Loss;
}

/** The losses that are known by name. */
export const losses = [
  { name: 'cross-entropy', help: '−log p_y, p = softmax(outputs)', targets: 'classes', of: crossEntropy },
  { name: 'squared-error', help: '½ ‖outputs − targets‖²', targets: 'any', of: squaredError },
] as const satisfies readonly LossEntry[];

export type LossName = (typeof losses)[number]['name'];

export const lossNames = losses.map(({ name }) => name);

export function lossOf(name: LossName): LossEntry {
  return losses.find((entry) => entry.name === name)!;
}
