import {
  add,
  averagePool,
  convolve,
  globalAveragePool,
  maxPool,
  multiply,
  normalise,
  reshape,
  scale,
  square,
  subtract,
  sum,
  type ConvolutionOptions,
  type Tensor,
} from '../../tensor/autodiff/index.js';
import { UsageError } from '../../errors.js';
import type { Layer, LayerEntry } from './layer.js';
import { attentionEntry } from './layers/attention.js';
import { dense, denseEntry } from './layers/dense.js';
import { embeddingEntries } from './layers/embedding.js';
import { lowRankEntry } from './layers/low-rank.js';
import { normalisationEntries } from './layers/normalisation.js';
import { transformerBlockEntry } from './layers/transformer-block.js';
import { entriesOf } from '../parameters.js';

export type { Layer } from './layer.js';
export { attention, type AttentionOptions } from './layers/attention.js';
export { dense } from './layers/dense.js';
export { embedding, patchEmbedding, positionalEmbedding, sinusoidalEmbedding } from './layers/embedding.js';
export { lowRank } from './layers/low-rank.js';
export { groupNorm, layerNorm, rmsNorm } from './layers/normalisation.js';
export { transformerBlock, type TransformerBlockOptions } from './layers/transformer-block.js';

/** Convolution with a square kernel: x [n, in, H, W], W [filters, in, size, size], b [filters]. */
export function convolution(
  filters: number,
  size: number,
  { bias = true, ...options }: ConvolutionOptions & { readonly bias?: boolean } = {},
): Layer {
  return (x, context) => {
    const W = context.parameter('weight', [filters, x.shape[1] as number, size, size], 'weight');
    const y = convolve(x, W, options);
    return bias ? add(y, reshape(context.parameter('bias', [filters], 'bias'), [filters, 1, 1])) : y;
  };
}

/** The largest entry of each square: [n, C, H, W] → [n, C, H/size, W/size] for stride = size. */
export function maxPooling(size: number, stride = size): Layer {
  return (x) => maxPool(x, size, { stride });
}

/** The mean of each square: [n, C, H, W] → [n, C, H/size, W/size] for stride = size. */
export function averagePooling(size: number, stride = size): Layer {
  return (x) => averagePool(x, size, { stride });
}

/** The mean over each image plane: [n, C, H, W] → [n, C]. */
export const globalAveragePooling: Layer = (x) => reshape(globalAveragePool(x), ['n', x.shape[1]!]);

/** [n, …] → [n, features]. */
export const flatten: Layer = (x) => reshape(x, ['n', entriesOf(x.shape.slice(1) as number[])]);

/** In training, units set to zero with this probability and the others scaled up; in evaluation nothing. */
export function dropout(probability: number): Layer {
  if (!(probability >= 0 && probability < 1)) {
    throw new UsageError(`a dropout probability lies in [0, 1), received ${probability}`);
  }
  return (x, context) =>
    context.mode === 'evaluate' || probability === 0
      ? x
      : multiply(x, context.mask('mask', x.shape.slice(1) as number[], probability));
}

/**
 * Batch normalisation (Ioffe & Szegedy, arXiv:1502.03167): γ (x − mean)/√(variance + 1e-5) + β for each feature or channel. In training by
 * the mean and variance of the batch; in evaluation by their running averages, which are constants, so that samples do not
 * depend on one another and the loss is a sum.
 */
export const batchNorm: Layer = (x, context) => {
  const channels = x.shape[1] as number;
  const shape = [channels, ...x.shape.slice(2).map(() => 1)];
  const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const average = (values: Tensor): Tensor => {
    const ofSample = scale(sum(values, axes), 1 / entriesOf(x.shape.slice(2) as number[]));
    return reshape(multiply(ofSample, context.share), shape);
  };
  const ofBatch = average(x);
  const mean = context.statistic('mean', shape, 0, ofBatch);
  const variance = context.statistic('variance', shape, 1, average(square(subtract(x, ofBatch))));
  const gain = reshape(context.parameter('gain', [channels], 'gain'), shape);
  const offset = reshape(context.parameter('offset', [channels], 'offset'), shape);
  return add(multiply(normalise(x, mean, variance, 1e-5), gain), offset);
};

/** x + f(x), the shortcut changed by `match` where shapes differ. */
export function residual(inner: Layer, match: Layer = (x) => x): Layer {
  return (x, context) => add(inner(x, context.scope('residual')), match(x, context.scope('shortcut')));
}

/** One layer after the other; the parameters of layer `name` are `name.…`, and what it gives is tapped under its name. */
export function sequential(layers: Readonly<Record<string, Layer>>): Layer {
  return (x, context) =>
    Object.entries(layers).reduce((value, [name, layer]) => {
      const y = layer(value, context.scope(name));
      context.tap(name, y);
      return y;
    }, x);
}

/** The layers there are. Tests hold the derivatives of each example against differences. */
export const layers: readonly LayerEntry[] = [
  denseEntry,
  lowRankEntry,
  {
    name: 'convolution',
    call: 'convolution(filters, size, { stride, padding, bias })',
    help: 'convolution with a square kernel',
    example: [convolution(2, 3, { padding: 'same' }), [2, 4, 4]],
  },
  {
    name: 'maxPooling',
    call: 'maxPooling(size, stride)',
    help: 'the largest entry of each window',
    example: [maxPooling(2), [2, 4, 4]],
  },
  {
    name: 'averagePooling',
    call: 'averagePooling(size, stride)',
    help: 'the mean of each window',
    example: [averagePooling(2), [2, 4, 4]],
  },
  {
    name: 'globalAveragePooling',
    call: 'globalAveragePooling',
    help: 'the mean of each image plane',
    example: [globalAveragePooling, [3, 2, 2]],
  },
  { name: 'flatten', call: 'flatten', help: '[n, …] → [n, features]', example: [flatten, [2, 2, 1]] },
  {
    name: 'dropout',
    call: 'dropout(probability)',
    help: 'in training, units set to 0 with this probability and the others scaled up',
    example: [dropout(0.5), [4]],
  },
  {
    name: 'batchNorm',
    call: 'batchNorm',
    help: 'γ (x − mean)/√(variance + 1e-5) + β for each feature or channel',
    source: 'Ioffe & Szegedy, arXiv:1502.03167',
    example: [batchNorm, [4]],
  },
  {
    name: 'residual',
    call: 'residual(inner, match)',
    help: 'x + f(x), the shortcut changed by `match` where shapes differ',
    source: 'He et al., arXiv:1512.03385',
    example: [residual(dense(4)), [4]],
  },
  {
    name: 'sequential',
    call: 'sequential({ name: layer, … })',
    help: 'one layer after the other; parameters are named name.…',
    example: [sequential({ first: dense(3), second: dense(2) }), [4]],
  },
  ...normalisationEntries,
  ...embeddingEntries,
  attentionEntry,
  transformerBlockEntry,
];
