import { InvalidArgumentError, Option } from 'commander';
import { parseCorrelation, type Correlation } from '../studies/solve/correlation.js';
import { parseInitialWeights, type InitialWeights } from '../studies/solve/initial-weights.js';
import { isNumeral } from '../studies/solve/numeral.js';
import { parseRateOverBatch } from '../studies/solve/rate-over-batch.js';

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

/** `0.2`, `-1/3` or `etf`, the simplex equiangular tight frame. */
function correlation(text: string): Correlation {
  const found = parseCorrelation(text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(
    "It must be a number or a fraction from −1/(k−1) to 0.99, or 'etf' for −1/(k−1), for example 0.2, -1/3 or etf.",
  );
}

/** `--rho`, wherever means may be equiangular. */
export function rhoOption(description = 'inner product of the means'): Option {
  return new Option('--rho <R>', `${description}: −1/(k−1) to 0.99, also as a fraction; 'etf' is −1/(k−1)`)
    .argParser(correlation)
    .default(0);
}

/** `zero` or `random:SCALE`. */
export function initialWeightsOption(text: string): InitialWeights {
  const found = parseInitialWeights(text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError("It must be 'zero' or 'random:SCALE' with 0 < SCALE ≤ 1000, for example random:0.01.");
}

/** Seeds are non-negative integers a double holds exactly. */
export const seed = integerIn(0, Number.MAX_SAFE_INTEGER, 1);

/** `0.1/64`: a learning rate over a batch size. */
export function rateOverBatch(text: string): { readonly learningRate: number; readonly batch: number } {
  const found = parseRateOverBatch(text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(
    'It must be a learning rate above 0, to 1000, over a batch size, an integer from 1 on, for example 0.1/64.',
  );
}
