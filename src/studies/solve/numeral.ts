/** Whether a text is a number as people write one: digits, a point, an exponent. */
export function isNumeral(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}
