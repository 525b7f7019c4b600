import { UsageError } from '../../errors.js';
import { reshape, transpose } from './shaping.js';
import { broadcastShape, counted, entries, showShape, tensor, type Dim, type Shape, type Tensor } from './tensor.js';

/**
 * A B for matrices, each taken transposed if so asked: y_{…ij} = Σ_l a_{…il} b_{…lj}. Axes before the last two hold many matrices, and
 * broadcast by NumPy's rule. Transpositions of the operands are taken into the flags, so that none is carried out where a flag will do;
 * many matrices by one are the product of all their rows with it. Throws UsageError unless both have two axes at least, and
 * their inner axes match.
 */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false } = {}): Tensor {
  if (isTransposed(a)) return matmul(swapped(a), b, { transposeA: !transposeA, transposeB });
  if (isTransposed(b)) return matmul(a, swapped(b), { transposeA, transposeB: !transposeB });
  const [rows, inner] = matrixAxes(a, transposeA);
  const [innerToo, columns] = matrixAxes(b, transposeB);
  if (inner !== innerToo) {
    throw new UsageError(
      `matmul needs matching inner axes, received ${showShape(a.shape)}${transposeA ? 'ᵀ' : ''} and ${showShape(b.shape)}${transposeB ? 'ᵀ' : ''}`,
    );
  }
  if (a.shape.length > 2 && b.shape.length === 2 && !transposeA) {
    const product = matmul(reshape(a, [merged(a.shape.slice(0, -1)), inner]), b, { transposeB });
    return reshape(product, [...a.shape.slice(0, -1), columns]);
  }
  const many = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return tensor({ kind: 'matmul', transposeA, transposeB }, [a, b], [...many, rows, columns]);
}

function matrixAxes({ shape }: Tensor, transposed: boolean): readonly [Dim, Dim] {
  if (shape.length < 2) throw new UsageError(`matmul multiplies matrices, received shape ${showShape(shape)}`);
  const [first, second] = shape.slice(-2) as [Dim, Dim];
  return transposed ? [second, first] : [first, second];
}

/** The length of one axis with the entries of several. */
function merged(shape: Shape): Dim {
  const { factor, perSample } = entries(shape);
  return perSample ? counted(factor) : factor;
}

/** Does a transposition move the last axis, whose entries lie side by side, to the one before? */
function isTransposed({ operation, shape }: Tensor): boolean {
  return operation.kind === 'transpose' && operation.permutation.at(-2) === shape.length - 1;
}

/** A transposed tensor with its last two axes exchanged: a transposition that is less, or none. */
function swapped({ operation, inputs }: Tensor): Tensor {
  const { permutation } = operation as { readonly permutation: readonly number[] };
  return transpose(inputs[0]!, [...permutation.slice(0, -2), permutation.at(-1)!, permutation.at(-2)!]);
}
