import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSafetensors, parseSafetensors } from '../../src/files/safetensors.js';
import type { NamedTensors, StoredTensor, TensorData } from '../../src/files/stored-tensor.js';
import { DataError } from '../../src/errors.js';

const options = { seed: 1, numRuns: 500 };
const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));

/** A file assembled by hand: the length of the header, the header, the data. */
const assembled = (header: string, data: readonly number[] = []): Uint8Array => {
  const length = header.length;
  return Uint8Array.of(length % 256, length >> 8, 0, 0, 0, 0, 0, 0, ...ascii(header), ...data);
};

/**
 * Written by the reference implementation (the Python package safetensors 0.8.0) from the tensors of `reference`.
 */
const referenceBytes = Buffer.from(
  'eAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJ4In0sIsOpXCJcXCI6eyJkdHlwZSI6Ikk2NCIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6WzAsOF19LCJhIjp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOls4LDE2XX0sImIiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzIsM10sImRhdGFfb2Zmc2V0cyI6WzE2LDQwXX0sImVtcHR5Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlswLDRdLCJkYXRhX29mZnNldHMiOls0MCw0MF19LCJpIjp7ImR0eXBlIjoiSTMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbNDAsNDhdfSwiMTAiOnsiZHR5cGUiOiJVOCIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6WzQ4LDUxXX19ICAgICAg+/////////8YLURU+yEJQAAAgD8AAABAAABAQAAAgEAAAKBAAADQQP////8HAAAAAQID',
  'base64',
);
const reference = new Map<string, StoredTensor>([
  ['b', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6.5) }],
  ['a', { shape: [], data: Float64Array.of(Math.PI) }],
  ['10', { shape: [3], data: Uint8Array.of(1, 2, 3) }],
  ['é"\\', { shape: [1], data: BigInt64Array.of(-5n) }],
  ['i', { shape: [2], data: Int32Array.of(-1, 7) }],
  ['empty', { shape: [0, 4], data: new Float32Array(0) }],
]);

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);
const bytesTo: readonly ((bytes: Uint8Array) => TensorData)[] = [
  (bytes) => new Float32Array(bytes.buffer),
  (bytes) => new Float64Array(bytes.buffer),
  (bytes) => new Int32Array(bytes.buffer),
  (bytes) => new BigInt64Array(bytes.buffer),
  (bytes) => bytes,
];
const widths = [4, 8, 4, 8, 1];
/** Any tensor of any bits, NaN payloads included. */
const tensor = fc.record({ shape: fc.array(fc.nat(3), { maxLength: 3 }), type: fc.nat(4) }).chain(({ shape, type }) => {
  const length = sizeOf(shape) * widths[type]!;
  return fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes): StoredTensor => ({ shape, data: bytesTo[type]!(Uint8Array.from(bytes)) }));
});
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '1', '"', ''));
const file = fc.record({
  tensors: fc.array(fc.tuple(text, tensor), { maxLength: 5 }).map((entries): NamedTensors => new Map(entries)),
  metadata: fc.array(fc.tuple(text, text), { maxLength: 3 }).map((entries) => new Map(entries)),
});
const bits = ({ data }: StoredTensor): number[] => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];

/** Only a DataError may come out of bad bytes, and nothing larger than the file out of good ones. */
function parsesOrRefuses(bytes: Uint8Array): void {
  try {
    const { tensors } = parseSafetensors(bytes, 'file');
    const total = [...tensors.values()].reduce((sum, { data }) => sum + data.buffer.byteLength, 0);
    expect(total).toBeLessThanOrEqual(bytes.length);
    for (const { shape, data } of tensors.values()) expect(sizeOf(shape)).toBe(data.length);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toMatch(/^file is not a usable safetensors file: .+; fetch or write it again/s);
  }
}

describe('parseSafetensors', () => {
  it('reads a file assembled by hand from the published layout', () => {
    const header =
      '{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[3,11]},' +
      '"u":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"s":{"dtype":"F64","shape":[],"data_offsets":[11,19]}}  ';
    // 1.5 = 0x3fc00000 and −2 = 0xc0000000 as floats, 1 = 0x3ff0000000000000 as a double, little-endian
    const data = [7, 8, 9, 0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f];
    const { tensors, metadata } = parseSafetensors(assembled(header, data), 'file');
    expect([...tensors]).toEqual([
      ['u', { shape: [3], data: Uint8Array.of(7, 8, 9) }],
      ['w', { shape: [1, 2], data: Float32Array.of(1.5, -2) }],
      ['s', { shape: [], data: Float64Array.of(1) }],
    ]);
    expect([...metadata]).toEqual([['format', 'pt']]);
  });

  it('reads the example in the documentation of the reference implementation', () => {
    const header = '{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}';
    expect(header).toHaveLength('<'.charCodeAt(0));
    const bytes = Uint8Array.of(...ascii(`<\0\0\0\0\0\0\0${header}`), ...new Uint8Array(16));
    const { tensors } = parseSafetensors(bytes, 'file');
    expect([...tensors]).toEqual([['test', { shape: [2, 2], data: new Int32Array(4) }]]);
  });

  it('reads what the reference implementation wrote', () => {
    const { tensors, metadata } = parseSafetensors(referenceBytes, 'file');
    expect(tensors).toEqual(reference);
    expect([...metadata]).toEqual([['format', 'x']]);
  });

  it('reads from the middle of a larger buffer, and copies', () => {
    const larger = new Uint8Array(referenceBytes.length + 5);
    larger.set(referenceBytes, 3);
    const { tensors } = parseSafetensors(larger.subarray(3, 3 + referenceBytes.length), 'file');
    larger.fill(0);
    expect(tensors).toEqual(reference);
  });

  it('says what is wrong', () => {
    const tensorOf = (fields: string): string => `{"t":{${fields}}}`;
    const refuse = (bytes: Uint8Array, message: RegExp): void => {
      expect(() => parseSafetensors(bytes, 'f')).toThrow(DataError);
      expect(() => parseSafetensors(bytes, 'f')).toThrow(message);
    };
    refuse(new Uint8Array(7), /holds 7 bytes, less than the length of a header/);
    refuse(new Uint8Array(8), /does not begin with '{'/);
    refuse(new Uint8Array(16).fill(255), /header is said to have 18446744073709551615 bytes, legal are 100000000/);
    refuse(Uint8Array.of(0, 0xe1, 0xf5, 0x05, 0, 0, 0, 0), /ends inside its header, after 8 of 100000008 bytes/);
    refuse(Uint8Array.of(1, 0xe1, 0xf5, 0x05, 0, 0, 0, 0), /said to have 100000001 bytes/);
    refuse(Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff, 0x7d), /not UTF-8/);
    refuse(assembled(' {}'), /does not begin with '{'/);
    refuse(assembled('{"a":}'), /its header is not JSON/);
    refuse(assembled('{"t":[]}'), /"t" is not described by dtype, shape and data_offsets alone/);
    refuse(assembled(tensorOf('"dtype":"U8","shape":[0]')), /not described/);
    refuse(
      assembled(tensorOf('"dtype":"F8_E5M2","shape":[0],"data_offsets":[0,0]')),
      /element type "F8_E5M2", read are I64/,
    );
    refuse(assembled(tensorOf('"dtype":"toString","shape":[],"data_offsets":[0,0]')), /element type "toString"/);
    refuse(assembled(tensorOf('"dtype":"U8","shape":[-1],"data_offsets":[0,1]')), /shape \[-1\], not a list of sizes/);
    refuse(assembled(tensorOf('"dtype":"U8","shape":[0],"data_offsets":[0]')), /data_offsets \[0\], not a beginning/);
    refuse(
      assembled(tensorOf('"dtype":"F32","shape":[2],"data_offsets":[0,4]'), [1, 2, 3, 4]),
      /needs 8 bytes and has 4/,
    );
    refuse(assembled('{"__metadata__":{"a":1}}'), /__metadata__ is not a map from text to text/);
    refuse(assembled('{"__metadata__":["a"]}'), /__metadata__ is not a map/);
    const twice = '"t":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}';
    refuse(assembled(`{${twice},${twice}}`), /in its header, it holds the key "t" twice/);
    refuse(assembled(`{"a":${'['.repeat(200)}`), /nested deeper than 3 levels/);
  });

  it('refuses holes, overlaps, and data before, between or behind the tensors', () => {
    const at = (...ranges: readonly (readonly [number, number])[]): string =>
      `{${ranges.map(([a, b], i) => `"${i}":{"dtype":"U8","shape":[${b - a}],"data_offsets":[${a},${b}]}`).join(',')}}`;
    const parse = (header: string) => parseSafetensors(assembled(header, [1, 2, 3, 4]), 'f').tensors;
    expect(parse(at([2, 4], [0, 2])).size).toBe(2);
    expect(parse(at([2, 4], [2, 2], [0, 2], [4, 4])).size).toBe(4);
    expect(() => parse(at([0, 2], [3, 4]))).toThrow(/"1" begins at byte 3 of the data, where 2 would follow/);
    expect(() => parse(at([0, 3], [2, 4]))).toThrow(/"1" begins at byte 2 of the data, where 3 would follow/);
    expect(() => parse(at([1, 4]))).toThrow(/"0" begins at byte 1/);
    expect(() => parse(at([0, 3]))).toThrow(/tensors end at byte 3 of the data, of which there are 4/);
    expect(() => parse(at([0, 5]))).toThrow(/tensors end at byte 5 of the data, of which there are 4/);
    expect(() => parse('{}')).toThrow(/tensors end at byte 0/);
  });

  it('answers arbitrary bytes, truncations, extensions and changed headers with a DataError or consistent tensors', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), parsesOrRefuses), options);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.json(), (any, json) => {
        parsesOrRefuses(assembled(`{${any}`));
        parsesOrRefuses(assembled(`{"t":${json}}`));
        parsesOrRefuses(assembled(`{"__metadata__":${json}}`));
      }),
      options,
    );
    fc.assert(
      fc.property(file, fc.nat(), ({ tensors, metadata }, cut) => {
        const bytes = formatSafetensors(tensors, metadata);
        expect(() => parseSafetensors(bytes.subarray(0, cut % bytes.length), 'file')).toThrow(DataError);
        expect(() => parseSafetensors(Uint8Array.of(...bytes, 0), 'file')).toThrow(DataError);
      }),
      options,
    );
    fc.assert(
      fc.property(fc.nat(referenceBytes.length - 1), fc.nat(255), (at, value) => {
        const bytes = Uint8Array.from(referenceBytes);
        bytes[at] = value;
        parsesOrRefuses(bytes);
      }),
      { ...options, numRuns: 3000 },
    );
    const numbers = fc.constantFrom('0', '1', '-1', '8', '1e3', '9007199254740991', '9007199254740993', '1e400', '0.5');
    fc.assert(
      fc.property(fc.array(numbers, { maxLength: 4 }), fc.array(numbers, { maxLength: 3 }), (shape, offsets) => {
        const fields = `"dtype":"F64","shape":[${shape.join()}],"data_offsets":[${offsets.join()}]`;
        parsesOrRefuses(assembled(`{"t":{${fields}}}`, [1, 2, 3, 4, 5, 6, 7, 8]));
      }),
      options,
    );
  });
});

describe('formatSafetensors', () => {
  it('survives a round trip bit by bit, and formats the result to the same bytes', () => {
    fc.assert(
      fc.property(file, ({ tensors, metadata }) => {
        const bytes = formatSafetensors(tensors, metadata);
        const parsed = parseSafetensors(bytes, 'file');
        expect([...parsed.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
        for (const [name, original] of tensors) {
          const found = parsed.tensors.get(name)!;
          expect(found.data.constructor).toBe(original.data.constructor);
          expect(found.shape).toEqual(original.shape);
          expect(bits(found)).toEqual(bits(original));
        }
        expect(parsed.metadata).toEqual(metadata);
        expect(formatSafetensors(parsed.tensors, parsed.metadata)).toEqual(bytes);
      }),
      options,
    );
  });

  it('writes the bytes of the reference implementation, in whatever order the tensors come', () => {
    expect(Buffer.from(formatSafetensors(reference, new Map([['format', 'x']])))).toEqual(referenceBytes);
    const reversed = new Map([...reference].reverse());
    expect(Buffer.from(formatSafetensors(reversed, new Map([['format', 'x']])))).toEqual(referenceBytes);
    expect(formatSafetensors(new Map())).toEqual(assembled('{}      '));
  });

  it('writes the part of a buffer that a tensor views, and no more', () => {
    const data = Float64Array.of(1, 2, 3, 4).subarray(1, 3);
    const { tensors } = parseSafetensors(formatSafetensors(new Map([['w', { shape: [2], data }]])), 'file');
    expect([...tensors]).toEqual([['w', { shape: [2], data: Float64Array.of(2, 3) }]]);
  });

  it('aligns every tensor to its element', () => {
    fc.assert(
      fc.property(file, ({ tensors }) => {
        const bytes = formatSafetensors(tensors);
        const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
        const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as object;
        expect(length % 8).toBe(0);
        for (const [name, { data_offsets: offsets }] of Object.entries(header) as [
          string,
          { data_offsets: number[] },
        ][]) {
          expect(offsets[0]! % tensors.get(name)!.data.BYTES_PER_ELEMENT).toBe(0);
        }
      }),
      options,
    );
  });

  it('refuses a shape that does not fit, and the reserved name', () => {
    const data = new Float32Array(3);
    expect(() => formatSafetensors(new Map([['w', { shape: [2, 2], data }]]))).toThrow(/needs 4 numbers, received 3/);
    expect(() => formatSafetensors(new Map([['w', { shape: [-3, -1], data }]]))).toThrow(DataError);
    expect(() => formatSafetensors(new Map([['__metadata__', { shape: [3], data }]]))).toThrow(
      /no tensor can be named/,
    );
  });
});
