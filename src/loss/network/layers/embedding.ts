import { UsageError } from '../../../errors.js';
import { add, reshape, take, transpose } from '../../../tensor/autodiff/index.js';
import type { Layer, LayerEntry } from '../layer.js';
import { dense } from './dense.js';

/** A vector for each token: ids 0 … vocabulary − 1 [n, T] → [n, T, width], rows of W [vocabulary, width]. */
export function embedding(vocabulary: number, width: number): Layer {
  return (x, context) => take(context.parameter('weight', [vocabulary, width], 'embedding'), x);
}

/** A vector for each position, trained, is added: x [n, T, width] + W [T, width]. */
export const positionalEmbedding: Layer = (x, context) =>
  add(x, context.parameter('weight', sequenceOf(x.shape), 'embedding'));

/**
 * Sines and cosines of the position are added: x [n, T, width], at position t sin(t/10000^{2i/width}) in feature 2i, the cosine in
 * feature 2i + 1.
 */
export const sinusoidalEmbedding: Layer = (x, context) => {
  const [length, width] = sequenceOf(x.shape);
  const values = Float64Array.from({ length: length * width }, (_, at) => {
    const feature = at % width;
    const angle = Math.floor(at / width) / 10_000 ** ((feature - (feature % 2)) / width);
    return feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  return add(x, context.constant('positions', [length, width], values));
};

/**
 * A vector for each patch of an image, patches row by row: x [n, C, H, W] → [n, (H/size)(W/size), width], a convolution with stride and kernel
 * `size`, W [width, C, size, size]. Throws UsageError unless patches fill the image.
 */
export function patchEmbedding(size: number, width: number, { bias = true } = {}): Layer {
  return (x, context) => {
    const [, channels, height, length] = x.shape as readonly ['n', number, number, number];
    const [rows, columns] = [height / size, length / size];
    if (x.shape.length !== 4 || !Number.isInteger(rows) || !Number.isInteger(columns)) {
      throw new UsageError(
        `patches of ${size} × ${size} must fill images [n, channels, height, width], received [${x.shape.join(', ')}]`,
      );
    }
    const cut = reshape(x, ['n', channels, rows, size, columns, size]);
    const patches = reshape(transpose(cut, [0, 2, 4, 1, 3, 5]), ['n', rows * columns, channels * size * size]);
    return dense(width, { bias })(patches, {
      ...context,
      parameter: (name, shape, role) =>
        role === 'weight'
          ? reshape(context.parameter(name, [width, channels, size, size], role), shape)
          : context.parameter(name, shape, role),
    });
  };
}

function sequenceOf(shape: readonly (number | string)[]): readonly [length: number, width: number] {
  const [, length, width] = shape;
  if (shape.length !== 3 || typeof length !== 'number' || typeof width !== 'number') {
    throw new UsageError(`positions are those of sequences [n, tokens, width], received [${shape.join(', ')}]`);
  }
  return [length, width];
}

export const embeddingEntries: readonly LayerEntry[] = [
  {
    name: 'embedding',
    call: 'embedding(vocabulary, width)',
    help: 'a vector for each token: the inputs are ids 0 … vocabulary − 1',
    example: [embedding(5, 3), [4]],
    vocabulary: 5,
  },
  {
    name: 'positionalEmbedding',
    call: 'positionalEmbedding',
    help: 'x + a trained vector for each position',
    example: [positionalEmbedding, [3, 4]],
  },
  {
    name: 'sinusoidalEmbedding',
    call: 'sinusoidalEmbedding',
    help: 'x + sines and cosines of the position',
    source: 'Vaswani et al., arXiv:1706.03762',
    example: [sinusoidalEmbedding, [3, 4]],
  },
  {
    name: 'patchEmbedding',
    call: 'patchEmbedding(size, width, { bias })',
    help: 'a vector for each patch of an image',
    source: 'Dosovitskiy et al., arXiv:2010.11929',
    example: [patchEmbedding(2, 3), [2, 4, 4]],
  },
];
