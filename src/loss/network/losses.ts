import { UsageError } from '../../errors.js';
import type { Entry } from '../../registry.js';
import {
  add,
  constant,
  firstMaximum,
  isCounted,
  multiply,
  scale,
  select,
  softmaxCrossEntropy,
  square,
  subtract,
  total,
  type Tensor,
} from '../../tensor/autodiff/index.js';
import { entries, sameShape, showShape } from '../../tensor/autodiff/tensor.js';
import { labelCrossEntropy, labelIsLargest } from './label-cross-entropy.js';

/**
 * A loss as a sum over samples; the mean is taken outside the graph. `outputs` [n, m] are what the network gives, `targets` [n, m] one
 * row a sample: for classes the unit vector of the label. For sequences `outputs` are [n, T, V] and `targets` labels [n, T], and a sample's loss
 * is the mean over its positions. `inputs` are those of the network, for losses that predict them.
 */
export type Loss = (outputs: Tensor, targets: Tensor, inputs: Tensor) => Tensor;

/** Σ_i −log p_{y_i}, p = softmax(outputs); targets are unit vectors, or labels with one axis less than the outputs. */
export const crossEntropy: Loss = (outputs, targets) =>
  areLabels(outputs, targets)
    ? meanOverPositions(labelCrossEntropy(outputs, targets), targets)
    : total(softmaxCrossEntropy(outputs, targets));

/** Σ_i ½ ‖outputs_i − targets_i‖². */
export const squaredError: Loss = (outputs, targets) => scale(total(square(subtract(outputs, targets))), 0.5);

/** Σ_i of the mean over t < T of −log p_{x_{t+1}}, p = softmax(outputs at t): outputs [n, T, V], inputs token ids x [n, T]. */
export const nextToken: Loss = (outputs, _, inputs) =>
  scale(total(labelCrossEntropy(outputs, following(outputs, inputs))), 1 / (positions(inputs) - 1));

/** Σ_i of what the network gives for each sample, its loss already: outputs [n] or [n, 1]. Throws UsageError for others. */
export const ownOutput: Loss = (outputs) => {
  if (entries(outputs.shape).factor !== 1 || outputs.shape[0] !== 'n') {
    throw new UsageError(
      `a network whose output is the loss gives one number a sample, of shape [n] or [n, 1], received ${showShape(outputs.shape)}`,
    );
  }
  return total(outputs);
};

/** Σ_i of the share of the targets whose class has the first of the largest outputs; 0 where targets are no classes. */
export const rightPredictions: Loss = (outputs, targets) => {
  if (areLabels(outputs, targets)) return meanOverPositions(labelIsLargest(outputs, targets), targets);
  if (outputs.shape.length !== 2 || !sameShape(outputs.shape, targets.shape)) return constant(0);
  return total(multiply(firstMaximum(outputs, 1), targets));
};

/** Σ_i of the share of the tokens that are predicted from those before. */
const rightNextTokens: Loss = (outputs, _, inputs) =>
  scale(total(labelIsLargest(outputs, following(outputs, inputs))), 1 / (positions(inputs) - 1));

/** Are targets a label for each of a sample's positions? */
const areLabels = (outputs: Tensor, targets: Tensor): boolean =>
  targets.shape.length > 1 && sameShape(targets.shape, outputs.shape.slice(0, -1));

const meanOverPositions = (values: Tensor, { shape }: Tensor): Tensor =>
  scale(total(values), 1 / entries(shape).factor);

const positions = ({ shape }: Tensor): number => shape[1] as number;

/** The token after each, −1 after the last. Throws UsageError for outputs that are no scores of tokens. */
function following(outputs: Tensor, inputs: Tensor): Tensor {
  const [, length, ...rest] = inputs.shape;
  const isSequence = length !== undefined && !isCounted(length) && length > 1 && rest.length === 0;
  if (!isSequence || outputs.shape.length !== 3 || !sameShape(outputs.shape.slice(0, 2), inputs.shape)) {
    throw new UsageError(
      `the next token is predicted by scores [n, T, V] for token ids [n, T], T from 2 on; received scores of shape ${showShape(outputs.shape)} for inputs of ${showShape(inputs.shape)}`,
    );
  }
  const next = Array.from({ length }, (_, t) => (t + 1 < length ? t + 1 : -1));
  return add(select(add(inputs, constant(1)), 1, next), constant(-1)); // a selection leaves 0 where it takes nothing
}

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
    name: 'next-token',
    help: 'the mean of −log p_{x_{t+1}} over the tokens of a sample, p = softmax(outputs at t)',
    targets: 'none',
    of: nextToken,
    correct: rightNextTokens,
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
