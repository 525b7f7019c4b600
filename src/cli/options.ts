import { InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../errors.js';

/** Parsers of option values. Each says what was received, what is legal, and an example. */

export function integerIn(low: number, high: number, example: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!isNumeral(text) || !Number.isInteger(value) || value < low || value > high) {
      throw new InvalidArgumentError(`It must be an integer from ${low} to ${high}, for example ${example}.`);
    }
    return value;
  };
}

export function numberIn(low: number, high: number, example: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!isNumeral(text) || !(value >= low && value <= high)) {
      throw new InvalidArgumentError(`It must be a number from ${low} to ${high}, for example ${example}.`);
    }
    return value;
  };
}

/** `1,10,1e3`: a list of at least one number, each within the range. */
export function numbersIn(low: number, high: number, example: string): (text: string) => number[] {
  return (text) => {
    const parts = text.split(',').map((part) => part.trim());
    return parts.map((part) => {
      const value = Number(part);
      if (!isNumeral(part) || !(value >= low && value <= high)) {
        throw new InvalidArgumentError(
          `'${part}' is not a number from ${low} to ${high}; the list looks like ${example}.`,
        );
      }
      return value;
    });
  };
}

/** `loss,gap`: a list of names. */
export function nameList(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

/** The inner product ρ of the means as it was asked for: `etf` stands for −1/(k−1). */
export type Correlation = number | 'etf';

/** `0.2`, `-1/3` or `etf`, the simplex equiangular tight frame. */
function correlation(text: string): Correlation {
  if (text === 'etf') return 'etf';
  const [numerator, denominator = '1', ...rest] = text.split('/');
  const value = Number(numerator) / Number(denominator);
  if (rest.length > 0 || ![numerator!, denominator].every(isNumeral) || !(value >= -1 && value <= 0.99)) {
    throw new InvalidArgumentError(
      "It must be a number or a fraction from −1/(k−1) to 0.99, or 'etf' for −1/(k−1), for example 0.2, -1/3 or etf.",
    );
  }
  return value;
}

/** `--rho`, wherever means may be equiangular. */
export function rhoOption(description = 'inner product of the means'): Option {
  return new Option('--rho <R>', `${description}: −1/(k−1) to 0.99, also as a fraction; 'etf' is −1/(k−1)`)
    .argParser(correlation)
    .default(0);
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

/** How W(0) is chosen. */
export type InitialWeights = { readonly kind: 'zero' } | { readonly kind: 'random'; readonly scale: number };

/** `zero` or `random:SCALE`. */
export function initialWeightsOption(text: string): InitialWeights {
  if (text === 'zero') return { kind: 'zero' };
  const [kind, scale, ...rest] = text.split(':');
  const value = Number(scale);
  if (kind !== 'random' || rest.length > 0 || !isNumeral(scale ?? '') || !(value > 0 && value <= 1e3)) {
    throw new InvalidArgumentError(
      "It must be 'zero' or 'random:SCALE' with 0 < SCALE ≤ 1000, for example random:0.01.",
    );
  }
  return { kind: 'random', scale: value };
}

/** Seeds are non-negative integers a double holds exactly. */
export const seed = integerIn(0, Number.MAX_SAFE_INTEGER, 1);

function isNumeral(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}

/** `0.1/64`: a learning rate over a batch size. */
export function rateOverBatch(text: string): { readonly learningRate: number; readonly batch: number } {
  const [rate, batch, ...rest] = text.split('/').map((part) => (isNumeral(part) ? Number(part) : NaN));
  if (!(rate! > 0 && rate! <= 1e3 && Number.isInteger(batch) && batch! >= 1 && batch! <= 1e9 && rest.length === 0)) {
    throw new InvalidArgumentError(
      'It must be a learning rate above 0, to 1000, over a batch size, an integer from 1 on, for example 0.1/64.',
    );
  }
  return { learningRate: rate!, batch: batch! };
}
