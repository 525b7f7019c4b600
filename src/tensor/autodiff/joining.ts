import { UsageError } from '../../errors.js';
import { checkAxes } from './shaping.js';
import { isCounted, sameShape, showShape, tensor, type Tensor } from './tensor.js';

/**
 * Tensors one after the other along an axis, whose lengths add up. Throws UsageError where there is none, another axis differs, or the axis
 * is that of samples.
 */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new UsageError('concat needs at least one tensor, received none');
  checkAxes(first, [axis]);
  const others = (x: Tensor) => x.shape.map((dim, i) => (i === axis ? 1 : dim));
  const odd = tensors.find((x) => x.shape.length !== first.shape.length || !sameShape(others(x), others(first)));
  if (odd !== undefined) {
    throw new UsageError(
      `concat along axis ${axis} needs equal other axes, received ${showShape(first.shape)} and ${showShape(odd.shape)}`,
    );
  }
  const lengths = tensors.map(({ shape }) => shape[axis]!);
  if (lengths.some(isCounted)) throw new UsageError('the axis of samples cannot be joined to');
  if (tensors.length === 1) return first;
  const length = (lengths as number[]).reduce((sum, each) => sum + each, 0);
  return tensor(
    { kind: 'concat', axis },
    tensors,
    first.shape.map((dim, i) => (i === axis ? length : dim)),
  );
}
