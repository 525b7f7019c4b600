import { UsageError } from '../../errors.js';
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
