import { UsageError } from '../errors.js';

/** Which finite numbers a setting may be. */
export interface NumberRange {
  readonly from?: number;
  readonly above?: number;
  readonly below?: number;
  readonly isInteger?: boolean;
  /** What a configuration may say at most, against slips; the mathematics goes on. */
  readonly most?: number;
}

export const positiveNumber = { above: 0 } as const satisfies NumberRange;
export const positiveInteger = { from: 1, isInteger: true } as const satisfies NumberRange;
/** From 0 to below 1. */
export const fraction = { from: 0, below: 1 } as const satisfies NumberRange;

function holds({ from = -Infinity, above = -Infinity, below = Infinity, isInteger = false }: NumberRange, x: number) {
  return Number.isFinite(x) && x >= from && x > above && x < below && (!isInteger || Number.isInteger(x));
}

function described({ from, above, below, isInteger = false }: NumberRange): string {
  if (isInteger && from === 1) return 'a positive integer';
  const low = above === undefined ? `from ${from ?? '−∞'}` : `above ${above}`;
  const high = below === undefined ? '' : ` to below ${below}`;
  return `${isInteger ? 'an integer' : 'a number'} ${low}${high === '' && above === undefined ? ' on' : high}`;
}

/** Throws UsageError naming the setting, its owner, its range and the value of the first number that is outside its range. */
export function checkNumbers(
  owner: string,
  ranges: Readonly<Record<string, NumberRange>>,
  values: Readonly<Record<string, unknown>>,
): void {
  for (const [name, range] of Object.entries(ranges)) {
    const value = values[name];
    if (typeof value === 'number' && holds(range, value)) continue;
    throw new UsageError(`${name} of ${owner} must be ${described(range)}, received ${String(value)}`);
  }
}
