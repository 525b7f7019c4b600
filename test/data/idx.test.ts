import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIdx, parseIdx } from '../../src/data/idx.js';
import { DataError } from '../../src/errors.js';

const array = fc
  .array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 })
  .chain((shape) =>
    fc
      .uint8Array({ minLength: shape.reduce((a, b) => a * b, 1), maxLength: shape.reduce((a, b) => a * b, 1) })
      .map((data) => ({ shape, data })),
  );
const options = { seed: 1, numRuns: 300 };

/** Only a DataError may come out of bad bytes. */
function parsesOrRefuses(bytes: Uint8Array): void {
  try {
    const { shape, data } = parseIdx(bytes, 'file');
    expect(shape.reduce((a, b) => a * b, 1)).toBe(data.length);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toMatch(/^file is not a usable IDX file: .+; fetch it again/);
  }
}

describe('IDX', () => {
  it('survives a round trip', () => {
    fc.assert(
      fc.property(array, (original) => {
        const { shape, data } = parseIdx(formatIdx(original), 'file');
        expect(shape).toEqual(original.shape);
        expect([...data]).toEqual([...original.data]);
      }),
      options,
    );
  });

  it('refuses every truncation and every extension', () => {
    fc.assert(
      fc.property(array, fc.nat(), (original, cut) => {
        const bytes = formatIdx(original);
        expect(() => parseIdx(bytes.subarray(0, cut % bytes.length), 'file')).toThrow(DataError);
        expect(() => parseIdx(Uint8Array.of(...bytes, 0), 'file')).toThrow(DataError);
      }),
      options,
    );
  });

  it('answers arbitrary bytes and flipped headers with a DataError or a consistent array', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), parsesOrRefuses), options);
    fc.assert(
      fc.property(array, fc.nat(19), fc.nat(255), (original, at, value) => {
        const bytes = formatIdx(original);
        bytes[at % bytes.length] = value;
        parsesOrRefuses(bytes);
      }),
      options,
    );
  });

  it('says what is wrong: magic, element type, rank, extents', () => {
    expect(() => parseIdx(Uint8Array.of(1, 0, 8, 1, 0, 0, 0, 0), 'f')).toThrow(/begins with the bytes 1, 0/);
    expect(() => parseIdx(Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0), 'f')).toThrow(/element type is 13, only 8/);
    expect(() => parseIdx(Uint8Array.of(0, 0, 8, 0), 'f')).toThrow(/rank is 0/);
    expect(() => parseIdx(Uint8Array.of(0, 0, 8, 1, 255, 255, 255, 255), 'f')).toThrow(
      /shape 4294967295 needs 4294967295 bytes/,
    );
    expect(() => formatIdx({ shape: [2, 2], data: new Uint8Array(3) })).toThrow(/needs 4 bytes, received 3/);
  });
});
