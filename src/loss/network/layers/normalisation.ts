import { UsageError } from '../../../errors.js';
import {
  add,
  groupNormalise,
  layerNormalise,
  multiply,
  reshape,
  rmsNormalise,
  type Tensor,
} from '../../../tensor/autodiff/index.js';
import type { Context } from '../context.js';
import type { Layer, LayerEntry } from '../layer.js';

/** Added to variances and mean squares, as in PyTorch. */
const epsilon = 1e-5;

/** Layer normalisation over the last axis: γ (x − mean)/√(variance + 1e-5) + β, γ and β [features]. */
export const layerNorm: Layer = (x, context) => {
  const axis = x.shape.length - 1;
  return shifted(scaled(layerNormalise(x, [axis], epsilon), context, axis), context, axis);
};

/** γ x/√(mean x² + 1e-5) over the last axis, γ [features]. */
export const rmsNorm: Layer = (x, context) => {
  const axis = x.shape.length - 1;
  return scaled(rmsNormalise(x, [axis], epsilon), context, axis);
};

/** Each group of neighbouring channels normalised over its planes: γ (x − mean)/√(variance + 1e-5) + β, x [n, C, …], γ and β [C]. */
export function groupNorm(groups: number): Layer {
  return (x, context) => shifted(scaled(groupNormalise(x, groups, epsilon), context, 1), context, 1);
}

const scaled = (x: Tensor, context: Context, axis: number): Tensor =>
  multiply(
    x,
    ofAxis(x, axis, (length) => context.parameter('weight', [length], 'gain')),
  );

const shifted = (x: Tensor, context: Context, axis: number): Tensor =>
  add(
    x,
    ofAxis(x, axis, (length) => context.parameter('bias', [length], 'offset')),
  );

/** A parameter for each place of an axis, as it meets the others. Throws UsageError for an axis that is none, or the samples'. */
function ofAxis({ shape }: Tensor, axis: number, parameter: (length: number) => Tensor): Tensor {
  const length = shape[axis];
  if (axis < 1 || typeof length !== 'number') {
    throw new UsageError(`normalisation takes inputs of shape [n, features, …], received [${shape.join(', ')}]`);
  }
  const behind = shape.length - axis - 1;
  return behind === 0 ? parameter(length) : reshape(parameter(length), [length, ...new Array<number>(behind).fill(1)]);
}

export const normalisationEntries: readonly LayerEntry[] = [
  {
    name: 'layerNorm',
    call: 'layerNorm',
    help: 'γ (x − mean)/√(variance + 1e-5) + β over the features of each position',
    source: 'Ba, Kiros & Hinton, arXiv:1607.06450',
    example: [layerNorm, [3, 4]],
  },
  {
    name: 'rmsNorm',
    call: 'rmsNorm',
    help: 'γ x/√(mean x² + 1e-5) over the features of each position',
    source: 'Zhang & Sennrich, arXiv:1910.07467',
    example: [rmsNorm, [3, 4]],
  },
  {
    name: 'groupNorm',
    call: 'groupNorm(groups)',
    help: 'γ (x − mean)/√(variance + 1e-5) + β over each group of channels',
    source: 'Wu & He, arXiv:1803.08494',
    example: [groupNorm(2), [4, 2, 2]],
  },
];
