import { UsageError } from '../../errors.js';
import { isCounted, showShape, tensor, type Geometry, type Shape, type Tensor } from './tensor.js';

/** A number for both axes, or one for each: vertical, horizontal. */
export type Pair = number | readonly [number, number];

/**
 * Zeros around an image: none, so many that the output is as large as the input (over the stride), a number on every side, or one for
 * each side: top, left, bottom, right.
 */
export type Padding = 'valid' | 'same' | number | readonly [number, number, number, number];

/** Where windows lie: stride 1, padding 'valid' and dilation 1 if left out. */
export interface WindowOptions {
  /** How far apart windows lie. */
  readonly stride?: Pair;
  readonly padding?: Padding;
  /** How far apart the entries of a window lie. */
  readonly dilation?: Pair;
}

/** Windows, and the groups that channels and filters are cut into, 1 if left out. */
export interface ConvolutionOptions extends WindowOptions {
  readonly groups?: number;
}

/**
 * Cross-correlation, the convolution of deep learning: y_{noij} = Σ_{cuv} x_{n,c,si+du−p,sj+dv−p} w_{ocuv}, with stride s, dilation d and padding p.
 * x: [n, C, H, W]; w: [O, C/groups, kh, kw], where c runs over the channels of the group of o; result [n, O, H′, W′].
 * Throws UsageError where shapes do not fit.
 */
export function convolve(x: Tensor, w: Tensor, options: ConvolutionOptions = {}): Tensor {
  const { groups = 1 } = options;
  const [, channels, height, width] = imageShape(x);
  const [filters, kernelChannels, kh, kw] = imageShape(w);
  checkGroups(groups, filters);
  if (channels !== kernelChannels * groups) {
    throw new UsageError(
      `an image of ${channels} channels was given a kernel of shape ${showShape(w.shape)}` +
        (groups === 1 ? '' : ` in ${groups} groups`),
    );
  }
  return convolveWith(x, w, { ...windowGeometry([height, width], [kh, kw], options), groups });
}

/**
 * The transposed convolution, the adjoint of `convolve` by its image: x: [n, C, H, W]; w: [C, O/groups, kh, kw]; result [n, O, H′, W′] with
 * H′ = s(H − 1) + d(kh − 1) + 1 − (padding above and below) + `outputPadding`; with padding 'same' it is s H. Throws UsageError where
 * shapes do not fit.
 */
export function convolveTransposed(
  x: Tensor,
  w: Tensor,
  { outputPadding = 0, ...options }: ConvolutionOptions & { readonly outputPadding?: Pair } = {},
): Tensor {
  const { stride = 1, padding = 'valid', dilation = 1, groups = 1 } = options;
  const [, channels, ...image] = imageShape(x);
  const [filters, , ...kernel] = imageShape(w);
  checkGroups(groups, channels);
  if (channels !== filters) {
    throw new UsageError(
      `an image of ${channels} channels was given a transposed kernel of shape ${showShape(w.shape)}`,
    );
  }
  const size = ([0, 1] as const).map((i) => {
    if (padding === 'same') return image[i] * pair(stride)[i];
    const zeros = sides(padding)[i] + sides(padding)[i + 2]!;
    return pair(stride)[i] * (image[i] - 1) + pair(dilation)[i] * (kernel[i] - 1) + 1 - zeros + pair(outputPadding)[i];
  }) as [number, number];
  const geometry = windowGeometry(size, kernel, options);
  if (geometry.output.some((length, i) => length !== image[i])) {
    throw new UsageError(
      `output padding must be from 0 and smaller than the stride, received ${String(outputPadding)}`,
    );
  }
  return convolveInput(x, w, { ...geometry, groups });
}

export function convolveWith(x: Tensor, w: Tensor, geometry: Geometry): Tensor {
  return tensor({ kind: 'convolve', geometry }, [x, w], [x.shape[0]!, w.shape[0]!, ...geometry.output]);
}

/** The adjoint of y = convolve(x, w) by x: takes y to the shape of x. */
export function convolveInput(y: Tensor, w: Tensor, geometry: Geometry): Tensor {
  const channels = (w.shape[1] as number) * geometry.groups;
  return tensor({ kind: 'convolveInput', geometry }, [y, w], [y.shape[0]!, channels, ...geometry.input]);
}

/** The adjoint of y = convolve(x, w) by w: takes x and y to the shape of w. */
export function convolveKernel(x: Tensor, y: Tensor, geometry: Geometry): Tensor {
  const channels = (x.shape[1] as number) / geometry.groups;
  return tensor({ kind: 'convolveKernel', geometry }, [x, y], [y.shape[1]!, channels, ...geometry.kernel]);
}

/** Throws UsageError where the window is larger than the padded image, or an option is not legal. */
export function windowGeometry(
  input: readonly [number, number],
  kernel: readonly [number, number],
  { stride = 1, padding = 'valid', dilation = 1 }: WindowOptions,
): Geometry {
  const [strides, dilations] = [pair(stride), pair(dilation)];
  checkPositive('stride', stride);
  checkPositive('dilation', dilation);
  if (padding !== 'same' && sides(padding).some((zeros) => !Number.isInteger(zeros) || zeros < 0)) {
    throw new UsageError(`padding must be 'same', 'valid' or a number of zeros, received ${String(padding)}`);
  }
  if (kernel.some((length) => !Number.isInteger(length) || length < 1)) {
    throw new UsageError(`a window has a size of at least 1 × 1, received ${kernel.join(' × ')}`);
  }
  const axes = ([0, 1] as const).map((i) => {
    const [length, reach, step] = [input[i], dilations[i] * (kernel[i] - 1) + 1, strides[i]];
    if (padding === 'same') {
      const output = Math.ceil(length / step);
      return { output, before: Math.floor(Math.max(0, (output - 1) * step + reach - length) / 2) };
    }
    const [before, after] = [sides(padding)[i], sides(padding)[i + 2]!];
    return { output: Math.floor((length + before + after - reach) / step) + 1, before };
  });
  const [vertical, horizontal] = axes as [(typeof axes)[0], (typeof axes)[0]];
  if (vertical.output < 1 || horizontal.output < 1) {
    throw new UsageError(`a window of ${kernel.join(' × ')} does not fit in an image of ${input.join(' × ')}`);
  }
  return {
    input,
    kernel,
    output: [vertical.output, horizontal.output],
    strides,
    dilations,
    padding: [vertical.before, horizontal.before],
    groups: 1,
  };
}

/** Rows and columns from the first entry of a window to its last. */
export function windowReach({ kernel, dilations }: Geometry): readonly [number, number] {
  return [dilations[0] * (kernel[0] - 1) + 1, dilations[1] * (kernel[1] - 1) + 1];
}

/** Zeros after the last row and column that the windows reach; negative where the last rows are left out. */
export function trailingPadding(geometry: Geometry): readonly [number, number] {
  const { input, output, strides, padding } = geometry;
  const reach = windowReach(geometry);
  const after = (i: 0 | 1): number => (output[i] - 1) * strides[i] + reach[i] - input[i] - padding[i];
  return [after(0), after(1)];
}

export function imageShape({ shape }: Tensor): readonly [Shape[number], number, number, number] {
  if (shape.length !== 4 || shape.slice(1).some(isCounted)) {
    throw new UsageError(`images have shape [n, channels, height, width], received ${showShape(shape)}`);
  }
  return shape as readonly [Shape[number], number, number, number];
}

export function pair(both: Pair): readonly [number, number] {
  return typeof both === 'number' ? [both, both] : both;
}

/** Zeros at the top, left, bottom and right. */
export function sides(padding: Exclude<Padding, 'same'>): readonly [number, number, number, number] {
  if (typeof padding === 'object') return padding;
  const zeros = padding === 'valid' ? 0 : padding;
  return [zeros, zeros, zeros, zeros];
}

function checkPositive(name: string, both: Pair): void {
  if (pair(both).some((each) => !Number.isInteger(each) || each < 1)) {
    throw new UsageError(`${name} must be a positive integer, received ${String(both)}`);
  }
}

function checkGroups(groups: number, filters: Shape[number]): void {
  if (!Number.isInteger(groups) || groups < 1 || isCounted(filters) || filters % groups !== 0) {
    throw new UsageError(`groups must divide the filters, received ${groups} groups of ${filters} filters`);
  }
}
