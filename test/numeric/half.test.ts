import { expect, it } from 'vitest';
import { fromBfloat, fromHalf } from '../../src/numeric/kernels/half.js';

const patterns = Uint16Array.from({ length: 65536 }, (_, i) => i);
const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer.slice(0));

/** The bits of binary16 moved to their places in binary32; subnormal ones are normalised. */
function widened(half: number): number {
  const sign = (half & 0x8000) * 2 ** 16;
  let [exponent, fraction] = [(half >> 10) & 31, half & 1023];
  if (exponent === 0 && fraction === 0) return sign;
  if (exponent === 31) return sign + 0x7f800000 + fraction * 8192;
  if (exponent === 0) {
    for (exponent = 1; fraction < 1024; exponent--) fraction *= 2;
    fraction -= 1024;
  }
  return sign + (exponent - 15 + 127) * 2 ** 23 + fraction * 8192;
}

it('all 65536 patterns of half precision are the numbers their bits mean, the sign of zero too', () => {
  const bits = bitsOf(fromHalf(patterns));
  const values = fromHalf(patterns);
  for (const half of patterns) {
    if (Number.isNaN(values[half]!)) expect((half & 0x7c00) === 0x7c00 && (half & 1023) !== 0).toBe(true);
    else if (bits[half] !== widened(half)) expect([half, bits[half]]).toEqual([half, widened(half)]);
  }
  expect([...fromHalf(Uint16Array.of(0x3c00, 0xc000, 0x7bff, 1))]).toEqual([1, -2, 65504, 2 ** -24]);
});

it('all 65536 patterns of bfloat16 are the upper half of a number in single precision', () => {
  const view = new DataView(new ArrayBuffer(4));
  const values = fromBfloat(patterns);
  for (const pattern of patterns) {
    view.setUint16(0, pattern);
    if (!Object.is(values[pattern], view.getFloat32(0)))
      expect([pattern, values[pattern]]).toEqual([pattern, view.getFloat32(0)]);
  }
  expect([...fromBfloat(Uint16Array.of(0x3f80, 0xc040))]).toEqual([1, -3]);
});
