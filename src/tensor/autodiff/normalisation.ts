import { UsageError } from '../../errors.js';
import { convolveWith } from './convolution.js';
import { add, multiply, reciprocal, scale, sqrt, square, subtract } from './elementwise.js';
import { reshape, sum } from './shaping.js';
import { constant, isCounted, showShape, type Shape, type Tensor } from './tensor.js';

/** The mean over the given axes, which stay as axes of length 1. Throws UsageError for the axis of samples, whose length no graph knows. */
export function mean(x: Tensor, axes: readonly number[]): Tensor {
  const lengths = axes.map((axis) => x.shape[axis] ?? 1);
  if (lengths.some(isCounted)) {
    throw new UsageError(
      `a mean is over axes of known length, received axes [${axes.join(', ')}] of ${showShape(x.shape)}`,
    );
  }
  return scale(sum(x, axes), 1 / (lengths as number[]).reduce((product, length) => product * length, 1));
}

/** (x − mean)/√(variance + ε), both given. */
export function normalise(x: Tensor, mean: Tensor, variance: Tensor, epsilon: number): Tensor {
  return multiply(subtract(x, mean), inverseRoot(variance, epsilon));
}

/** A number for each channel of x [n, C, …]: arrays of C entries. */
export interface ChannelAffine {
  readonly gain: Tensor;
  readonly offset: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * γ (x − m)/√(v + ε) + β for each channel of x [n, C, …], all four given. It is x s + (β − m s) with s = γ/√(v + ε); of a convolution x the kernel
 * takes s, so that nothing of the size of x is computed but the sum with a number for each channel.
 */
export function normaliseChannels(x: Tensor, given: ChannelAffine, epsilon: number): Tensor {
  const channels = x.shape[1]!;
  const [gain, offset, average, variance] = [given.gain, given.offset, given.mean, given.variance].map((values) =>
    reshape(values, [channels]),
  ) as [Tensor, Tensor, Tensor, Tensor];
  const factor = multiply(gain, inverseRoot(variance, epsilon));
  const shift = subtract(offset, multiply(average, factor));
  const over = (values: Tensor, axes: number): Tensor =>
    reshape(values, [channels, ...new Array<number>(axes).fill(1)]);
  const { operation, inputs } = x;
  const scaled =
    operation.kind === 'convolve'
      ? convolveWith(inputs[0]!, multiply(inputs[1]!, over(factor, 3)), operation.geometry)
      : multiply(x, over(factor, x.shape.length - 2));
  return add(scaled, over(shift, x.shape.length - 2));
}

/** (x − m)/√(v + ε) with the mean m and the variance v = mean (x − m)² over the given axes (Ba, Kiros & Hinton, arXiv:1607.06450). */
export function layerNormalise(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  return rmsNormalise(subtract(x, mean(x, axes)), axes, epsilon);
}

/** x/√(mean x² + ε) over the given axes (Zhang & Sennrich, arXiv:1910.07467). */
export function rmsNormalise(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  return multiply(x, inverseRoot(mean(square(x), axes), epsilon));
}

/**
 * Layer normalisation of each group of neighbouring channels, over them and all axes behind (Wu & He, arXiv:1803.08494). x: [n, C, …].
 * Throws UsageError unless the groups divide C.
 */
export function groupNormalise(x: Tensor, groups: number, epsilon: number): Tensor {
  const [samples, channels, ...rest] = x.shape as readonly [Shape[number], number, ...number[]];
  if (!Number.isInteger(groups) || groups < 1 || isCounted(channels) || channels % groups !== 0) {
    throw new UsageError(`groups must divide the channels, received ${groups} groups of ${showShape(x.shape)}`);
  }
  const each = [channels, ...rest].reduce((product, length) => product * length, 1) / groups;
  return reshape(layerNormalise(reshape(x, [samples, groups, each]), [2], epsilon), x.shape);
}

const inverseRoot = (variance: Tensor, epsilon: number): Tensor => reciprocal(sqrt(add(variance, constant(epsilon))));
