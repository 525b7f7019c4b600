import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/errors.js';
import { openNpz } from '../../src/files/npz-file.js';
import { readZip } from '../../src/files/zip.js';
import { zipBytes, type ZipLie } from './zip-bytes.js';

const content = Buffer.from('the content of a file, the content of a file');
const get = (bytes: Uint8Array, most = 1e6): Uint8Array => readZip(bytes, 'z', most).get('a')!();

describe('readZip', () => {
  it('gives back what was packed, deflated or stored, with sizes of 32 or 64 bits', () => {
    for (const lie of [{}, { method: 0 }, { wide: true }]) {
      const files = readZip(zipBytes({ a: content, 'b/c': Buffer.from('') }, lie), 'z', 1e6);
      expect([...files.keys()][0]).toBe('a');
      expect(Buffer.from(files.get('a')!())).toEqual(content);
    }
  });

  it.each<[ZipLie, RegExp]>([
    [{ size: 10 }, /'a' unpacks to more than the 10 bytes that are said/],
    [{ size: 100 }, /'a' holds 44 bytes where 100 are said/],
    [{ size: 2e6 }, /'a' is said to hold 2000000 bytes, 1000000 are read/],
    [{ crc: 1 }, /'a' is damaged: its CRC-32 is another/],
    [{ method: 14 }, /'a' is packed by method 14; read are 0 \(stored\) and 8/],
    [{ flags: 1 }, /'a' is encrypted/],
    [{ offset: 5 }, /'a' is not where its directory says/],
    [{ offset: 2 ** 31 }, /'a' leads beyond the archive/],
    [{ wide: true, size: Number.MAX_SAFE_INTEGER }, /'a' is said to hold 9007199254740991 bytes/],
  ])('refuses %j', (lie, message) => {
    expect(() => get(zipBytes({ a: content }, lie))).toThrow(DataError);
    expect(() => get(zipBytes({ a: content }, lie))).toThrow(message);
  });

  it('unpacks no bomb: not a byte more than is allowed', () => {
    const bomb = zipBytes({ a: Buffer.alloc(30_000_000) });
    expect(bomb.length).toBeLessThan(50_000);
    expect(() => get(bomb)).toThrow(/is said to hold 30000000 bytes, 1000000 are read/);
    expect(() => get(zipBytes({ a: Buffer.alloc(30_000_000) }, { size: 1000 }))).toThrow(
      /unpacks to more than the 1000/,
    );
  });

  it('answers arbitrary bytes, truncations and changes with a DataError or what was packed', () => {
    const whole = zipBytes({ a: content, b: content });
    const answers = (bytes: Uint8Array): void => {
      try {
        for (const unpack of readZip(bytes, 'z', 1e6).values()) expect(Buffer.from(unpack())).toEqual(content);
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), answers), { numRuns: 200 });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        answers(whole.with(at, value));
        answers(whole.subarray(0, at));
        answers(whole.subarray(at));
      }),
      { numRuns: 500 },
    );
  });
});

describe('openNpz', () => {
  it('reads what NumPy wrote, packed or stored', () => {
    const packed = openNpz('test/files/numpy/packed.npz');
    expect(packed.names).toEqual(['x_train', 'y_train', 'x_test', 'y_test']);
    expect(packed.read('x_train').array).toMatchObject({ shape: [4, 3], kind: 'float', isHeld: true, most: 11 });
    expect([...packed.read('y_train').array.rows(0, 4)]).toEqual([0, 1, 2, 1]);
    const stored = openNpz('test/files/numpy/stored.npz');
    expect([...stored.read('a').array.rows(1, 2)]).toEqual([3, 4, 5]); // in Fortran's order
    expect([...stored.read('b').array.rows(0, 2)]).toEqual([1.5, -1]);
  });

  it('refuses a file too large for the memory there is, packed or unpacked', () => {
    const size = readFileSync('test/files/numpy/packed.npz').length;
    expect(() => openNpz('test/files/numpy/packed.npz', size)).toThrow(/holds \d+ bytes, more than/);
    expect(() => openNpz('test/files/numpy/stored.npz', 2.2 * size)).not.toThrow();
  });
});
