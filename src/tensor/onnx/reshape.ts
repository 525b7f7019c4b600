import { counted, isCounted, lengthOf, reshape, type Dim, type Shape, type Tensor } from '../autodiff/index.js';
import { entries } from '../autodiff/tensor.js';
import type { Call } from './call.js';
import { affine, type Affine } from './symbolic.js';

/** A length of an axis that holds n or not. Throws DataError for n + 1, say, which no axis has. */
export function dimOf({ fixed, samples }: Affine, call: Call): Dim {
  const legal =
    samples === 0 ? Number.isInteger(fixed) && fixed >= 0 : fixed === 0 && Number.isInteger(samples) && samples > 0;
  if (!legal) {
    const said = samples === 0 ? String(fixed) : `${fixed} + ${samples} n`;
    call.fail(
      `an axis would have the length ${said}; legal are integers from 0, and multiples of the number of samples n`,
    );
  }
  return samples === 0 ? fixed : counted(samples);
}

export const affineOf = (dim: Dim): Affine => (isCounted(dim) ? affine(0, lengthOf(dim, 1)) : affine(dim));

/**
 * The same entries under a shape that is written as ONNX writes it: 0 keeps the length, −1 is what is left. Where the file has a fixed batch, the number
 * that stands for it becomes n again.
 */
export function underShape(call: Call, x: Tensor, target: readonly Affine[], keepsZeros = false): Tensor {
  const total = entries(x.shape);
  const isOpen = ({ fixed, samples }: Affine): boolean => fixed === -1 && samples === 0;
  const written = target.map((dim, i): Dim | undefined => {
    if (isOpen(dim)) return undefined;
    if (dim.fixed === 0 && dim.samples === 0 && !keepsZeros) {
      return x.shape[i] ?? call.fail(`its shape keeps the length of axis ${i}, which its input does not have`);
    }
    return dimOf(dim, call);
  });
  if (written.filter((dim) => dim === undefined).length > 1) call.fail('its shape leaves more than one length open');
  const known = written.filter((dim) => dim !== undefined);
  const isFixed = total.perSample && call.batch !== undefined && !known.some(isCounted);
  const samples = isFixed ? call.batch : 1;
  const rest = (total.factor * samples) / known.reduce<number>((product, dim) => product * lengthOf(dim, 1), 1);
  const open = (): Dim => {
    const shape = `[${target.map(({ fixed }) => fixed).join(', ')}]`;
    if (!Number.isInteger(rest))
      call.fail(`shape [${x.shape.join(', ')}] cannot become ${shape}: the number of entries differs`);
    return total.perSample && !isFixed && !known.some(isCounted) ? counted(rest) : rest;
  };
  const shape = written.map((dim) => dim ?? open());
  return reshape(x, isFixed ? withSamples(call, x.shape, shape as number[]) : shape);
}

/** A shape that holds at n = batch what x holds, with the axis that samples run along counted again. */
function withSamples(call: Call, from: Shape, to: readonly number[]): Shape {
  const batch = call.batch!;
  const product = (dims: Shape): number => dims.reduce<number>((value, dim) => value * lengthOf(dim, 1), 1);
  const at = from.findIndex(isCounted);
  const [before, factor, after] = [product(from.slice(0, at)), lengthOf(from[at]!, 1), product(from.slice(at + 1))];
  const place = to.findIndex((length, axis) => {
    const [outer, inner] = [product(to.slice(0, axis)), product(to.slice(axis + 1))];
    return before % outer === 0 && after % inner === 0 && length * outer * inner === before * factor * batch * after;
  });
  if (place < 0 || to[place]! % batch !== 0) {
    call.fail(
      `shape [${from.join(', ')}] cannot become [${to.join(', ')}]: the file has a fixed batch of ${batch}, and it is not seen which axis holds the samples; export it with dynamic_axes for the batch`,
    );
  }
  return to.map((length, axis) => (axis === place ? counted(length / batch) : length));
}
