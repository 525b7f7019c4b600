/**
 * The number of 16 bits in IEEE 754's binary16: (−1)^s 2^(e − 15) (1 + f/1024), for e = 0 (−1)^s 2^(−14) f/1024, for e = 31 infinite or NaN.
 * Exact in single precision.
 */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

let table: Float32Array | undefined;

/** Numbers of binary16 in single precision, exactly. */
export function fromHalf(bits: Uint16Array): Float32Array {
  const known = (table ??= Float32Array.from({ length: 65536 }, (_, pattern) => halfToNumber(pattern)));
  return Float32Array.from(bits, (pattern) => known[pattern]!);
}

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** The number of 16 bits of bfloat16, the upper half of those in single precision, exactly. */
export function bfloatToNumber(bits: number): number {
  singleBits[0] = bits << 16;
  return single[0]!;
}

/** Numbers of bfloat16 in single precision, exactly. */
export function fromBfloat(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (pattern) => pattern << 16).buffer);
}
