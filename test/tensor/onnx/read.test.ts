import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/errors.js';
import { modelType } from '../engine/model-type.js';
import { readOnnx } from '../../../src/tensor/onnx/read.js';
import { unrounded } from '../../../src/tensor/onnx/unrounded.js';

/** The file with one initialiser of these fields. */
const fileWith = (fields: object): Uint8Array =>
  modelType
    .encode(
      modelType.fromObject({ graph: { initializer: [{ name: 'w', ...fields }] }, opsetImport: [{ version: 17 }] }),
    )
    .finish();

const readArray = (fields: object) => {
  const array = readOnnx(fileWith(fields), 'a.onnx').initializers.get('w')!;
  return [array.type, array.shape, [...array.read()]] as const;
};

const raw = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer);

describe('an array of an ONNX file', () => {
  it.each([
    ['float32', { dataType: 1, rawData: raw(Float32Array.of(1.5, -2)) }, [1.5, -2]],
    ['float32', { dataType: 1, floatData: [1.5, -2] }, [1.5, -2]],
    ['float64', { dataType: 11, rawData: raw(Float64Array.of(0.1, -2)) }, [0.1, -2]],
    ['float64', { dataType: 11, doubleData: [0.1, -2] }, [0.1, -2]],
    ['int64', { dataType: 7, rawData: raw(BigInt64Array.of(5n, -(2n ** 40n))) }, [5, -(2 ** 40)]],
    ['int64', { dataType: 7, int64Data: [5, -(2 ** 40)] }, [5, -(2 ** 40)]],
    ['uint64', { dataType: 13, uint64Data: [5, 2 ** 40] }, [5, 2 ** 40]],
    ['uint32', { dataType: 12, uint64Data: [5, 2 ** 32 - 1] }, [5, 2 ** 32 - 1]],
    ['int32', { dataType: 6, int32Data: [5, -6] }, [5, -6]],
    ['int32', { dataType: 6, rawData: raw(Int32Array.of(5, -6)) }, [5, -6]],
    ['int16', { dataType: 5, rawData: raw(Int16Array.of(5, -6)) }, [5, -6]],
    ['int8', { dataType: 3, rawData: raw(Int8Array.of(5, -6)) }, [5, -6]],
    ['uint16', { dataType: 4, rawData: raw(Uint16Array.of(5, 65535)) }, [5, 65535]],
    ['uint8', { dataType: 2, rawData: Uint8Array.of(5, 255) }, [5, 255]],
    ['bool', { dataType: 9, rawData: Uint8Array.of(0, 1) }, [0, 1]],
    ['bool', { dataType: 9, int32Data: [0, 1] }, [0, 1]],
    // 1, the smallest number that is not 0; −2, infinity; as bits.
    ['float16', { dataType: 10, int32Data: [0x3c00, 0x0001] }, [1, 2 ** -24]],
    ['float16', { dataType: 10, rawData: raw(Uint16Array.of(0xc000, 0x7c00)) }, [-2, Infinity]],
    ['bfloat16', { dataType: 16, int32Data: [0x3fc0, 0xc000] }, [1.5, -2]],
    ['bfloat16', { dataType: 16, rawData: raw(Uint16Array.of(0x3fc0, 0xff80)) }, [1.5, -Infinity]],
  ] as const)('is read as %s from each way to store it', (type, fields, expected) => {
    expect(readArray({ dims: [2], ...fields })).toEqual([type, [2], [...expected]]);
  });

  it('is read from any place of the bytes', () => {
    const bytes = fileWith({ dims: [2], dataType: 11, rawData: raw(Float64Array.of(0.1, -2)) });
    for (let shift = 0; shift < 8; shift++) {
      const moved = new Uint8Array(bytes.length + shift);
      moved.set(bytes, shift);
      const { initializers } = readOnnx(moved.subarray(shift), 'a.onnx');
      expect([...initializers.get('w')!.read()]).toEqual([0.1, -2]);
    }
  });

  it.each([
    ['text', { dims: [1], dataType: 8 }, /data type 8 are not read.*convert/],
    [
      'too few bytes',
      { dims: [3], dataType: 1, rawData: new Uint8Array(8) },
      /shape \[3\] of float32 needs 12 bytes, the file holds 8/,
    ],
    ['too many entries', { dims: [1], dataType: 1, floatData: [1, 2] }, /needs 1 entries, the file holds 2/],
    ['a length that is none', { dims: [-2], dataType: 1 }, /the shape \[-2\] is not legal/],
  ] as const)('is refused where it holds %s', (_, fields, message) => {
    expect(() => readArray(fields)).toThrow(message);
    expect(() => readArray(fields)).toThrow(DataError);
  });
});

describe('unrounded', () => {
  it('finds what was written before it was rounded to float32', () => {
    for (const value of [
      1e-5,
      0.01,
      -0.2,
      1 / Math.sqrt(64),
      Math.SQRT2,
      1 / Math.sqrt(2),
      Math.sqrt(2 / Math.PI),
      0.044715,
      1 / Math.sqrt(96),
    ]) {
      expect(unrounded(Math.fround(value))).toBe(value);
    }
  });

  it('is what the file holds, rounded again', () => {
    const float = fc.float({ noNaN: true });
    fc.assert(
      fc.property(float, (value) => Object.is(Math.fround(unrounded(value)), value)),
      { seed: 6 },
    );
  });
});
