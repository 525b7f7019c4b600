const finite = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const infinite = /^[+-]?inf(inity)?$/i;
const notANumber = /^nan$/i;

/** The number that an unquoted cell of a CSV file means, also as other programs write those that are not finite; undefined if it is none. −0 is a number of its own. */
export function csvNumber(cell: string): number | undefined {
  if (finite.test(cell)) return Number(cell);
  if (infinite.test(cell)) return cell.startsWith('-') ? -Infinity : Infinity;
  return notANumber.test(cell) ? NaN : undefined;
}

/** The whole number that an unquoted cell means, written without point and exponent; undefined if it is none. */
export function csvInteger(cell: string): bigint | undefined {
  return /^[+-]?\d+$/.test(cell) ? BigInt(cell.replace('+', '')) : undefined;
}

/** The truth value that an unquoted cell means; undefined if it is none. */
export function csvBoolean(cell: string): boolean | undefined {
  return /^true$/i.test(cell) ? true : /^false$/i.test(cell) ? false : undefined;
}
