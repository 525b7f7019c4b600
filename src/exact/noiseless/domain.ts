import { UsageError } from '../../errors.js';

/** Throws UsageError unless k is an integer with 2 ≤ k ≤ 1000 and, if given, d an integer with k ≤ d ≤ 10⁶. */
export function checkModel(classes: number, dim?: number): void {
  if (!Number.isInteger(classes) || classes < 2 || classes > 1000) {
    throw new UsageError(`classes must be an integer from 2 to 1000, received ${classes}; for example 10`);
  }
  if (dim !== undefined && (!Number.isInteger(dim) || dim < classes || dim > 1e6)) {
    throw new UsageError(
      `dim must be an integer from classes (${classes}) to 1000000, received ${dim}: ` +
        `${classes} orthonormal means need at least ${classes} features`,
    );
  }
}

/** Throws UsageError unless t is 0 or lies in [1e-200, 1e12]. */
export function checkTime(time: number): void {
  if (!(time === 0 || (time >= 1e-200 && time <= 1e12))) {
    throw new UsageError(`time must be 0 or lie between 1e-200 and 1e12, received ${time}; for example 1000`);
  }
}
