import { UsageError } from '../../errors.js';
import { isNumeral } from './numeral.js';

/** The inner product ρ of the means as it was asked for: `etf` stands for −1/(k−1). */
export type Correlation = number | 'etf';

/** `0.2`, `-1/3` or `etf`, the simplex equiangular tight frame; undefined for any other text. */
export function parseCorrelation(text: string): Correlation | undefined {
  if (text === 'etf') return 'etf';
  const [numerator, denominator = '1', ...rest] = text.split('/');
  const value = Number(numerator) / Number(denominator);
  const isNumber = rest.length === 0 && [numerator!, denominator].every(isNumeral);
  return isNumber && value >= -1 && value <= 0.99 ? value : undefined;
}

/** ρ as a number. Throws UsageError where it is below −1/(k−1), which no k means can have. */
export function correlationOf(rho: Correlation, classes: number): number {
  const least = -1 / (classes - 1);
  if (rho === 'etf') return least;
  if (rho < least - 1e-12) {
    throw new UsageError(
      `--rho must lie between −1/(k−1) = ${least} and 0.99 for ${classes} classes, received ${rho}; 'etf' is the least`,
    );
  }
  return Math.max(least, rho);
}

/** Throws UsageError for ρ ≠ 0 without noise, where it is a matter of scale alone. */
export function refuseRhoWithoutNoise(noise: number, rho: number): void {
  if (rho !== 0 && noise === 0) {
    throw new UsageError('--rho needs --noise: without it divide the centred means by their norm, and use --rho 0');
  }
}
