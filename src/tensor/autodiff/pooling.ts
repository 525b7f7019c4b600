import { UsageError } from '../../errors.js';
import { broadcast } from './broadcast.js';
import { imageShape, pair, trailingPadding, windowGeometry, type Pair, type WindowOptions } from './convolution.js';
import { add, divide, scale } from './elementwise.js';
import { pad, slice, sum } from './shaping.js';
import { constant, tensor, type Geometry, type Shape, type Tensor } from './tensor.js';

/**
 * The largest entry of each window of `size` × `size`, or of a height and a width; stride `size` unless given. The derivative goes to the first
 * largest entry. Images [n, C, H, W]; rows and columns that no window covers are left out, and padding is never the largest.
 * Throws UsageError where a window would hold padding only.
 */
export function maxPool(x: Tensor, size: Pair, { stride = size, ...options }: WindowOptions = {}): Tensor {
  const [n, channels, height, width] = imageShape(x);
  const geometry = windowGeometry([height, width], pair(size), { stride, ...options });
  checkPadding(geometry);
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

/**
 * The mean of each window of `size` × `size`, or of a height and a width; stride `size` unless given. The zeros of the padding count as entries,
 * unless `countsPadding` is false: then the mean is that of the others, and UsageError is thrown where there are none.
 */
export function averagePool(
  x: Tensor,
  size: Pair,
  { stride = size, countsPadding = true, ...options }: WindowOptions & { readonly countsPadding?: boolean } = {},
): Tensor {
  const [, , height, width] = imageShape(x);
  const geometry = windowGeometry([height, width], pair(size), { stride, ...options });
  if (countsPadding) return scale(windowSums(x, geometry), 1 / (geometry.kernel[0] * geometry.kernel[1]));
  checkPadding(geometry);
  return divide(windowSums(x, geometry), windowSums(broadcast(constant(1), [1, 1, height, width]), geometry));
}

/** The sum of each window, over rows and then over columns. */
function windowSums(x: Tensor, geometry: Geometry): Tensor {
  const { kernel, output, strides, dilations, padding } = geometry;
  const after = trailingPadding(geometry);
  return ([0, 1] as const).reduce((image, i) => {
    const padded = pad(image, 2 + i, padding[i], Math.max(0, after[i]));
    return Array.from({ length: kernel[i] }, (_, entry) => {
      const from = entry * dilations[i];
      return slice(padded, 2 + i, from, from + (output[i] - 1) * strides[i] + 1, strides[i]);
    }).reduce(add);
  }, x);
}

/** Throws UsageError where a window would hold nothing but padding. */
function checkPadding({ input, kernel, output, strides, dilations, padding }: Geometry): void {
  const isEmpty = (window: number, i: 0 | 1): boolean =>
    Array.from({ length: kernel[i] }, (_, entry) => strides[i] * window + dilations[i] * entry - padding[i]).every(
      (at) => at < 0 || at >= input[i],
    );
  const empty = ([0, 1] as const).some((i) =>
    Array.from({ length: output[i] }, (_, w) => isEmpty(w, i)).includes(true),
  );
  if (empty) {
    throw new UsageError(
      `a window of ${kernel.join(' × ')} would hold nothing but padding, received ${padding.join(' and ')} zeros before an image of ${input.join(' × ')}`,
    );
  }
}

/** The mean over height and width, which stay with length 1. */
export function globalAveragePool(x: Tensor): Tensor {
  const [, , height, width] = imageShape(x);
  return scale(sum(x, [2, 3]), 1 / (height * width));
}
