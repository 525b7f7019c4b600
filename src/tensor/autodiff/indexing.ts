import { UsageError } from '../../errors.js';
import { isCounted, showShape, tensor, type Tensor } from './tensor.js';

/**
 * Rows of a table [V, …rest] by their numbers: indices of any shape, real numbers that are integers from 0 to V − 1; result [...indices, …rest].
 * The derivative adds rows; by `indices` there is none. Throws UsageError where the table has no axes, or is counted by samples.
 */
export function take(table: Tensor, indices: Tensor): Tensor {
  const [rows, ...rest] = table.shape;
  if (rows === undefined || isCounted(rows)) {
    throw new UsageError(
      `rows are taken from a table of a known number of rows, received shape ${showShape(table.shape)}`,
    );
  }
  return tensor({ kind: 'take' }, [table, indices], [...indices.shape, ...rest]);
}

/** The adjoint of take: row v of the result [rows, …rest] is the sum of the rows of y [...indices, …rest] whose index is v. */
export function addRows(y: Tensor, indices: Tensor, rows: number): Tensor {
  return tensor({ kind: 'addRows' }, [y, indices], [rows, ...y.shape.slice(indices.shape.length)]);
}

/** 1 at the place that an index says, else 0: [...indices] → [...indices, count]. All 0 where it is no place; the derivative is 0. */
export function oneHot(indices: Tensor, count: number): Tensor {
  if (!Number.isInteger(count) || count < 1) {
    throw new UsageError(`a unit vector has at least one entry, received a count of ${count}`);
  }
  return tensor({ kind: 'oneHot', count }, [indices], [...indices.shape, count]);
}
