/** Six significant digits, in the shorter of the plain and the scientific form. */
export function short(value: number, digits = 6): string {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 1e6) return String(Number(value.toPrecision(digits)));
  return value.toExponential(digits - 1).replace(/\.?0+e/, 'e');
}

/** An interval as one number where all of it is that to so many digits, else with its ends rounded outwards: what is shown contains it. */
export function interval({ lower, upper }: { readonly lower: number; readonly upper: number }, digits = 6): string {
  const [low, high] = [short(lower, digits), short(upper, digits)];
  return low === high
    ? low
    : `${short(outwards(lower, -1, digits), digits)}–${short(outwards(upper, 1, digits), digits)}`;
}

/** The nearest number of so many digits that is not above x (direction −1), or not below it (+1). */
function outwards(x: number, direction: 1 | -1, digits: number): number {
  const nearest = Number(x.toPrecision(digits));
  if (direction * (nearest - x) >= 0) return nearest;
  const exponent = Number(x.toExponential().split('e')[1]);
  return nearest + direction * 10 ** (exponent - digits + 1);
}
