import { imageShape, windowGeometry, type ConvolutionOptions } from './convolution.js';
import { add, scale } from './elementwise.js';
import { slice, sum } from './shaping.js';
import { tensor, type Shape, type Tensor } from './tensor.js';

/**
 * The largest entry of each window of `size` × `size`; stride `size` unless given. The derivative goes to the first largest entry.
 * Images [n, C, H, W]; without padding: rows and columns that no window covers are left out.
 */
export function maxPool(x: Tensor, size: number, { stride = size }: Pick<ConvolutionOptions, 'stride'> = {}): Tensor {
  const [n, channels, height, width] = imageShape(x);
  const geometry = windowGeometry([height, width], [size, size], { stride });
  const indices = tensor({ kind: 'maxPoolIndices', geometry }, [x], [n, channels, ...geometry.output]);
  return gather(x, indices);
}

/** Entries of x by their position in the flattened x; a derivative by `indices` does not exist. */
export function gather(x: Tensor, indices: Tensor): Tensor {
  return tensor({ kind: 'gather' }, [x, indices], indices.shape);
}

/** The adjoint of gather: adds entry j of y at position indices[j] of a zero tensor of the given shape. */
export function scatter(y: Tensor, indices: Tensor, shape: Shape): Tensor {
  return tensor({ kind: 'scatter' }, [y, indices], shape);
}

/** The mean of each window of `size` × `size`; stride `size` unless given. */
export function averagePool(
  x: Tensor,
  size: number,
  { stride = size }: Pick<ConvolutionOptions, 'stride'> = {},
): Tensor {
  const [, , height, width] = imageShape(x);
  const { output } = windowGeometry([height, width], [size, size], { stride });
  const every = (axis: number, length: number, from: number) => (y: Tensor) =>
    slice(y, axis, from, from + (length - 1) * stride + 1, stride);
  const offsets = Array.from({ length: size }, (_, i) => i);
  const along = (y: Tensor, axis: number, length: number): Tensor =>
    offsets.map((from) => every(axis, length, from)(y)).reduce(add);
  return scale(along(along(x, 2, output[0]), 3, output[1]), 1 / size ** 2);
}

/** The mean over height and width, which stay with length 1. */
export function globalAveragePool(x: Tensor): Tensor {
  const [, , height, width] = imageShape(x);
  return scale(sum(x, [2, 3]), 1 / (height * width));
}
