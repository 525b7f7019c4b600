import { UsageError } from '../../errors.js';
import { sameShape, showShape, tensor, type Dim, type Tensor } from './tensor.js';

/**
 * A B for matrices, each taken transposed if so asked. Transpositions of the operands are taken into the flags, so that none is
 * ever carried out. Throws UsageError unless both are matrices with matching inner axes.
 */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false } = {}): Tensor {
  if (isTransposed(a)) return matmul(a.inputs[0]!, b, { transposeA: !transposeA, transposeB });
  if (isTransposed(b)) return matmul(a, b.inputs[0]!, { transposeA, transposeB: !transposeB });
  const [rows, inner] = matrixAxes(a, transposeA);
  const [innerToo, columns] = matrixAxes(b, transposeB);
  if (inner !== innerToo) {
    throw new UsageError(
      `matmul needs matching inner axes, received ${showShape(a.shape)}${transposeA ? 'ᵀ' : ''} and ${showShape(b.shape)}${transposeB ? 'ᵀ' : ''}`,
    );
  }
  return tensor({ kind: 'matmul', transposeA, transposeB }, [a, b], [rows, columns]);
}

function matrixAxes({ shape }: Tensor, transposed: boolean): readonly [Dim, Dim] {
  if (shape.length !== 2) throw new UsageError(`matmul multiplies matrices, received shape ${showShape(shape)}`);
  const [first, second] = shape as readonly [Dim, Dim];
  return transposed ? [second, first] : [first, second];
}

function isTransposed({ operation }: Tensor): boolean {
  return operation.kind === 'transpose' && sameShape(operation.permutation, [1, 0]);
}
