import { UsageError } from '../../errors.js';

/** Throws UsageError unless k is an integer from 2 to 10,000 and σ lies in [0.01, 10]. */
export function checkNoise(classes: number, noise: number): void {
  if (!Number.isInteger(classes) || classes < 2 || classes > 10_000) {
    throw new UsageError(`classes must be an integer from 2 to 10000, received ${classes}; for example 10`);
  }
  if (!(noise >= 0.01 && noise <= 10)) {
    throw new UsageError(
      `noise must lie between 0.01 and 10, received ${noise}: it is the standard deviation of a feature in units of the ` +
        `means' norm; without noise the model is solved by symmetricPoint`,
    );
  }
}

/** max(100, 2/σ²). */
export function largestMargin(noise: number): number {
  return Math.max(100, 2 / noise ** 2);
}

/** Throws UsageError unless k and σ are in the domain and α is a number from 0 to largestMargin. */
export function checkPoint(classes: number, noise: number, margin: number): void {
  checkNoise(classes, noise);
  const most = largestMargin(noise);
  if (!(margin >= 0 && margin <= most * (1 + 1e-14))) {
    throw new UsageError(
      `margin must lie between 0 and ${most} (twice the Bayes-optimal margin 1/noise² = ${1 / noise ** 2}, or 100), received ${margin}; ` +
        `the flow's margin at a time is marginClock's marginAt`,
    );
  }
}

/** Throws UsageError unless −1/(k−1) ≤ ρ < 1: the Gram matrix (1−ρ) 1 + ρ 11ᵀ of the means must be positive. */
export function checkCorrelation(classes: number, correlation: number): void {
  if (!(correlation >= -1 / (classes - 1) - 1e-12 && correlation <= 0.99)) {
    throw new UsageError(
      `the correlation ρ of the means must lie between −1/(k−1) = ${-1 / (classes - 1)} and 0.99, received ${correlation}`,
    );
  }
}

/** Throws UsageError unless d is an integer with k ≤ d ≤ 10⁶. */
export function checkDimensions(classes: number, dim: number): void {
  if (!Number.isInteger(dim) || dim < classes || dim > 1e6) {
    throw new UsageError(
      `dim must be an integer from classes (${classes}) to 1000000, received ${dim}: ${classes} means need as many features`,
    );
  }
}
