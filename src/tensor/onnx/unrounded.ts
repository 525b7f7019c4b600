/** Square roots of integers up to this are recognised, and their reciprocals. */
const mostSquare = 4096;

/**
 * The number that a file rounded to float32, where that can be told: a decimal of at most six digits (1e-5), the root of an integer or its
 * reciprocal (√2, 1/√64), or √(2/π); else the number as it is stored. Rounded again it is what the file holds, so float32 runs are the
 * same; in float64 the network is the one that was written down.
 */
export function unrounded(stored: number): number {
  if (!Number.isFinite(stored) || Number.isInteger(stored) || Math.fround(stored) !== stored) return stored;
  const [size, sign] = [Math.abs(stored), Math.sign(stored)];
  const isRounded = (candidate: number): boolean => Math.fround(candidate) === size;
  const decimal = Number(size.toPrecision(6));
  const square = Math.round(size < 1 ? 1 / size ** 2 : size ** 2);
  const root = square <= mostSquare ? (size < 1 ? 1 / Math.sqrt(square) : Math.sqrt(square)) : NaN;
  const found = [decimal, root, Math.sqrt(2 / Math.PI)].find(isRounded);
  return found === undefined ? stored : sign * found;
}
