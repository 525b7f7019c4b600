import { InvalidArgumentError } from 'commander';

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

/** How W(0) is chosen. */
export type InitialWeights = { readonly kind: 'zero' } | { readonly kind: 'random'; readonly scale: number };

/** `zero` or `random:SCALE`. */
export function initialWeights(text: string): InitialWeights {
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
