import { UsageError } from '../../errors.js';
import { isCounted, showShape, tensor, type Geometry, type Shape, type Tensor } from './tensor.js';

/** Zeros around an image: none, so many that the output is as large as the input (over the stride), or a number on every side. */
export type Padding = 'valid' | 'same' | number;

/** Stride s, 1 if left out, and padding p, 'valid' if left out. */
export interface ConvolutionOptions {
  readonly stride?: number;
  readonly padding?: Padding;
}

/**
 * Cross-correlation, the convolution of deep learning: y_{noij} = Σ_{cuv} x_{n,c,si+u−p,sj+v−p} w_{ocuv}.
 * x: [n, C, H, W]; w: [O, C, kh, kw]; result [n, O, H′, W′]. Throws UsageError where shapes do not fit.
 */
export function convolve(x: Tensor, w: Tensor, options: ConvolutionOptions = {}): Tensor {
  const [, channels, height, width] = imageShape(x);
  const [, kernelChannels, kh, kw] = imageShape(w);
  if (channels !== kernelChannels) {
    throw new UsageError(`an image of ${channels} channels was given a kernel of shape ${showShape(w.shape)}`);
  }
  return convolveWith(x, w, windowGeometry([height, width], [kh, kw], options));
}

export function convolveWith(x: Tensor, w: Tensor, geometry: Geometry): Tensor {
  return tensor({ kind: 'convolve', geometry }, [x, w], [x.shape[0]!, w.shape[0]!, ...geometry.output]);
}

/** The adjoint of y = convolve(x, w) by x: takes y to the shape of x. */
export function convolveInput(y: Tensor, w: Tensor, geometry: Geometry): Tensor {
  return tensor({ kind: 'convolveInput', geometry }, [y, w], [y.shape[0]!, w.shape[1]!, ...geometry.input]);
}

/** The adjoint of y = convolve(x, w) by w: takes x and y to the shape of w. */
export function convolveKernel(x: Tensor, y: Tensor, geometry: Geometry): Tensor {
  return tensor({ kind: 'convolveKernel', geometry }, [x, y], [y.shape[1]!, x.shape[1]!, ...geometry.kernel]);
}

/** Throws UsageError where the window is larger than the padded image, or an option is not legal. */
export function windowGeometry(
  input: readonly [number, number],
  kernel: readonly [number, number],
  { stride = 1, padding = 'valid' }: ConvolutionOptions,
): Geometry {
  if (!Number.isInteger(stride) || stride < 1) {
    throw new UsageError(`stride must be a positive integer, received ${stride}`);
  }
  if (typeof padding === 'number' && !(Number.isInteger(padding) && padding >= 0)) {
    throw new UsageError(`padding must be 'same', 'valid' or a number of zeros, received ${padding}`);
  }
  if (kernel.some((length) => !Number.isInteger(length) || length < 1)) {
    throw new UsageError(`a window has a size of at least 1 × 1, received ${kernel.join(' × ')}`);
  }
  const axes = [0, 1].map((i) => {
    const [length, window] = [input[i]!, kernel[i]!];
    if (padding === 'same') {
      const output = Math.ceil(length / stride);
      return { output, before: Math.floor(Math.max(0, (output - 1) * stride + window - length) / 2) };
    }
    const before = padding === 'valid' ? 0 : padding;
    return { output: Math.floor((length + 2 * before - window) / stride) + 1, before };
  });
  const [vertical, horizontal] = axes as [(typeof axes)[0], (typeof axes)[0]];
  if (vertical.output < 1 || horizontal.output < 1) {
    throw new UsageError(`a window of ${kernel.join(' × ')} does not fit in an image of ${input.join(' × ')}`);
  }
  return {
    input,
    kernel,
    output: [vertical.output, horizontal.output],
    strides: [stride, stride],
    dilations: [1, 1],
    groups: 1,
    padding: [vertical.before, horizontal.before],
  };
}

/** Zeros after the last row and column that the windows reach; negative where the last rows are left out. */
export function trailingPadding({ input, kernel, output, strides, padding }: Geometry): readonly [number, number] {
  const after = (i: 0 | 1): number => (output[i] - 1) * strides[i] + kernel[i] - input[i] - padding[i];
  return [after(0), after(1)];
}

export function imageShape({ shape }: Tensor): readonly [Shape[number], number, number, number] {
  if (shape.length !== 4 || shape.slice(1).some(isCounted)) {
    throw new UsageError(`images have shape [n, channels, height, width], received ${showShape(shape)}`);
  }
  return shape as readonly [Shape[number], number, number, number];
}
