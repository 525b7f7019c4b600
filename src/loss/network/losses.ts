import { UsageError } from '../../errors.js';
import type { Entry } from '../../registry.js';
import {
  constant,
  firstMaximum,
  multiply,
  scale,
  softmaxCrossEntropy,
  square,
  subtract,
  total,
  type Tensor,
} from '../../tensor/autodiff/index.js';
import { entries, sameShape, showShape } from '../../tensor/autodiff/tensor.js';

/**
 * A loss as a sum over samples; the mean is taken outside the graph. `outputs` [n, m] are what the network gives, `targets` [n, m] one
 * row a sample: for classes the unit vector of the label. `inputs` are those of the network, for losses that predict them.
 */
export type Loss = (outputs: Tensor, targets: Tensor, inputs: Tensor) => Tensor;

/** Σ_i −log p_{y_i}, p = softmax(outputs). */
export const crossEntropy: Loss = (outputs, targets) => total(softmaxCrossEntropy(outputs, targets));

/** Σ_i ½ ‖outputs_i − targets_i‖². */
export const squaredError: Loss = (outputs, targets) => scale(total(square(subtract(outputs, targets))), 0.5);

/** Σ_i 1 where the first of the largest outputs is that of the class; 0 where targets are none. */
export const rightPredictions: Loss = (outputs, targets) =>
  sameShape(outputs.shape, targets.shape) && outputs.shape.length === 2
    ? total(multiply(firstMaximum(outputs, 1), targets))
    : constant(0);

/** Σ_i of what the network gives for each sample, its loss already: outputs [n] or [n, 1]. Throws UsageError for others. */
export const ownOutput: Loss = (outputs) => {
  if (entries(outputs.shape).factor !== 1 || outputs.shape[0] !== 'n') {
    throw new UsageError(
      `a network whose output is the loss gives one number a sample, of shape [n] or [n, 1], received ${showShape(outputs.shape)}`,
    );
  }
  return total(outputs);
};

/** A loss that is known by name. */
export interface LossEntry extends Entry {
  /** What it is taken of: labels alone, numbers as well, or no targets. */
  readonly targets: 'classes' | 'any' | 'none';
  /** The loss itself. */
  readonly of: Loss;
  /** Σ over samples of what share of their predictions is right; 0 where that has no meaning. */
  readonly correct: Loss;
}

/** The losses that are known by name. */
export const losses = [
  {
    name: 'cross-entropy',
    help: '−log p_y, p = softmax(outputs)',
    targets: 'classes',
    of: crossEntropy,
    correct: rightPredictions,
  },
  {
    name: 'squared-error',
    help: '½ ‖outputs − targets‖²',
    targets: 'any',
    of: squaredError,
    correct: rightPredictions,
  },
  {
    name: 'output',
    help: 'the one number that the network gives for a sample',
    targets: 'none',
    of: ownOutput,
    correct: () => constant(0),
  },
] as const satisfies readonly LossEntry[];

export type LossName = (typeof losses)[number]['name'];

export const lossNames = losses.map(({ name }) => name);

export function lossOf(name: LossName): LossEntry {
  return losses.find((entry) => entry.name === name)!;
}
