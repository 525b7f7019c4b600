import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataError } from '../../src/errors.js';
import { readNpyFile } from '../../src/files/npy-file.js';
import type { NumberArray } from '../../src/files/number-array.js';
import { sha256Of } from '../../src/files/sha256.js';
import { npyBytes, npyOf, withHeader } from './npy-bytes.js';
import { pythonWith } from '../python.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'npy-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const file = (bytes: Uint8Array): string => {
  const path = join(folder, 'array.npy');
  writeFileSync(path, bytes);
  return path;
};
const all = ({ rows, shape }: NumberArray): number[] => [...rows(0, shape[0]!)];
const read = (bytes: Uint8Array): NumberArray => readNpyFile(file(bytes)).array;
const numpy = pythonWith('numpy');

describe('readNpyFile', () => {
  it('reads what NumPy wrote, in either order of bytes and of memory', () => {
    const stored = (name: string) => readNpyFile(`test/files/numpy/${name}.npy`);
    const integers = stored('int64-c');
    expect(integers.array).toMatchObject({ shape: [2, 3], kind: 'integer', isHeld: false, least: 0, most: 100 });
    expect(all(integers.array)).toEqual([0, 1, 2, 3, 100, 7]);
    expect([...integers.array.rows(1, 2)]).toEqual([3, 100, 7]);
    expect(integers.sha256).toBe(sha256Of(readFileSync('test/files/numpy/int64-c.npy')));
    const halves = stored('f2-big-fortran').array;
    expect(halves).toMatchObject({ shape: [2, 3], kind: 'float', precision: 'f32', isHeld: true });
    expect(all(halves)).toEqual([0.5, -2, 2 ** -14, 65504, 2 ** -24, -0]);
    expect(stored('bool').array).toMatchObject({ kind: 'boolean', shape: [3] });
    expect(all(stored('bool').array)).toEqual([1, 0, 1]);
  });

  it.runIf(numpy !== undefined)(
    'reads every type, order of bytes and of memory that NumPy writes, as NumPy reads it',
    () => {
      const types = ['?', 'i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f2', 'f4', 'f8'];
      const program = `
import numpy as np, json
r, out = np.random.default_rng(1), {}
for t in ${JSON.stringify(types)}:
  for b in '<>':
    for o in 'CF':
      a = (r.normal(size=(3, 2, 4)) * 90).astype('f8' if t[0] == 'f' else 'i8').astype(np.dtype(t).newbyteorder(b), order=o)
      name = t.replace('?', 'b1') + ('l' if b == '<' else 'b') + o
      if t == 'u8': a = (a % 1000).astype(a.dtype, order=o)
      np.save(name + '.npy', a)
      out[name] = a.astype('f8').ravel().tolist()
print(json.dumps(out))`;
      const { stdout } = spawnSync(numpy!, ['-c', program], { cwd: folder, encoding: 'utf8' });
      const expected = Object.entries(JSON.parse(stdout) as Record<string, number[]>);
      expect(expected).toHaveLength(48);
      for (const [name, values] of expected) {
        const { array } = readNpyFile(join(folder, `${name}.npy`));
        expect([name, array.shape, all(array)]).toEqual([name, [3, 2, 4], values]);
      }
    },
  );

  it('gives back what was written, whatever the shape, and any of its rows', () => {
    const arrays = fc.tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
    );
    fc.assert(
      fc.property(arrays, fc.constantFrom(1, 2, 3), ([n, a, b], version) => {
        const data = Float64Array.from({ length: n * a * b }, (_, i) => Math.sin(i) * 10 ** (i % 9));
        const shape = `(${n}, ${a}, ${b})`;
        const array = read(npyBytes(data, { descr: "'<f8'", shape, version }));
        expect(array.rows(0, n)).toEqual(data);
        expect(array.rows(n - 1, n)).toEqual(data.slice((n - 1) * a * b));
        const fortran = Float64Array.from(data, (_, at) => {
          const [i, j, k] = [at % n, Math.floor(at / n) % a, Math.floor(at / (n * a))];
          return data[(i * a + j) * b + k]!;
        });
        expect(read(npyBytes(fortran, { descr: "'=f8'", shape, fortran: 'True' })).rows(0, n)).toEqual(data);
      }),
      { numRuns: 30 },
    );
  });

  it('never reads Python objects, and says so', () => {
    const refusal = /it holds Python objects, which are pickles: reading them can run any code, so they are never read/;
    expect(() => readNpyFile('test/files/numpy/pickle.npy')).toThrow(refusal);
    expect(() => read(npyBytes(Buffer.from('cos\nsystem\n'), { descr: "'|O'", shape: '(1,)' }))).toThrow(refusal);
  });

  it('says what is wrong', () => {
    const ones = Float32Array.of(1, 2, 3, 4);
    const refuse = (bytes: Uint8Array, message: RegExp): void => {
      expect(() => read(bytes)).toThrow(DataError);
      expect(() => read(bytes)).toThrow(message);
    };
    const float = { descr: "'<f4'", shape: '(2, 2)' };
    refuse(Buffer.from('PK'), /does not begin with \\x93NUMPY/);
    refuse(npyBytes(ones, { ...float, version: 4 }), /its version is 4, read are 1 to 3/);
    refuse(npyBytes(ones, float).subarray(0, 40), /ends inside its header/);
    refuse(npyBytes(ones, float).subarray(0, 140), /needs 16 bytes of data, it has 12/);
    refuse(
      npyBytes(ones, { ...float, shape: '(4294967296, 4294967296)' }),
      /its shape is \(4294967296, 4294967296\), no list/,
    );
    refuse(npyBytes(ones, { ...float, shape: '(1000000000, 1000)' }), /needs 4000000000000 bytes of data, it has 16/);
    refuse(Uint8Array.of(...npyBytes(ones, float), 0), /needs 16 bytes of data, it has 17/);
    refuse(npyBytes(ones, { ...float, shape: '(0, 2)' }), /holds no numbers/);
    refuse(npyBytes(ones, { ...float, shape: '(-2, 2)' }), /no list of sizes/);
    refuse(npyBytes(ones, { ...float, fortran: '1' }), /fortran_order is 1, neither True nor False/);
    for (const descr of ["'<c8'", "'<U4'", "'|S4'", "'|V4'", "'<M8[ns]'", "[('a', '<f4'), ('b', '<f4')]", "'f'"]) {
      refuse(npyBytes(ones, { ...float, descr }), /its element type is .*, read are b1, u1, i1.* convert it/);
    }
    for (const header of [
      "{'descr': '<f4'}",
      '__import__("os")',
      "{'descr': '<f4', 'descr': '<f4'}",
      '',
      '{'.repeat(5000),
    ]) {
      refuse(withHeader(header, ones), /its header is no dictionary of descr, fortran_order and shape/);
    }
    refuse(withHeader(' '.repeat(20_000), ones, 2), /its header is said to have \d+ bytes, legal are 16384/);
    expect(() => readNpyFile(folder)).toThrow(/is no plain file/);
    expect(() => readNpyFile(join(folder, 'none.npy'))).toThrow(/there is no such file/);
  });

  it('refuses numbers that are not finite, and integers no float holds, with their position', () => {
    const at = (x: number) => Float64Array.of(1, 2, 3, 4, x, 6);
    expect(() => read(npyOf(at(NaN), [3, 2]))).toThrow(/holds NaN at \[2, 0\]; every number must be finite/);
    expect(() => read(npyOf(at(-Infinity), [2, 3]))).toThrow(/holds -Infinity at \[1, 1\]/);
    const fortran = npyBytes(at(NaN), { descr: "'<f8'", shape: '(3, 2)', fortran: 'True' });
    expect(() => read(fortran)).toThrow(/holds NaN at \[1, 1\]/);
    expect(() => read(npyOf(BigInt64Array.of(1n, -(2n ** 53n)), [2]))).toThrow(
      /holds -9007199254740992 at \[1\]; integers/,
    );
  });

  it('refuses rows of a file that was changed meanwhile, and a large one in the order that has no rows', () => {
    const path = file(npyOf(Float32Array.of(1, 2), [2, 1]));
    const { array } = readNpyFile(path);
    utimesSync(path, 1, 1);
    expect(() => array.rows(0, 1)).toThrow(/was changed while it is in use; begin again/);
    const fortran = file(npyBytes(new Float32Array(64), { descr: "'<f4'", shape: '(8, 8)', fortran: 'True' }));
    expect(() => readNpyFile(fortran, 500)).toThrow(/save it with numpy\.ascontiguousarray/);
  });

  it('answers arbitrary bytes, headers, truncations and changes with a DataError or finite numbers', () => {
    const whole = npyOf(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
    const answers = (bytes: Uint8Array): void => {
      try {
        expect(all(read(bytes)).every(Number.isFinite)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
      }
    };
    const options = { numRuns: 200 };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), answers), options);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, value, cut) => {
        answers(whole.with(at, value));
        expect(() => read(whole.subarray(0, cut % whole.length))).toThrow(DataError);
      }),
      options,
    );
    const part = fc.constantFrom(
      "'<f4'",
      '(3, 2)',
      'False',
      'True',
      "'shape'",
      "'descr'",
      "'fortran_order'",
      ':',
      ',',
      '{',
      '}',
      '(1e3,)',
      "'|O'",
      '[]',
      'None',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), fc.string({ maxLength: 30 }), (parts, text) => {
        answers(withHeader(`{${parts.join(' ')}}`, new Float32Array(6)));
        answers(withHeader(`{'descr': '<f4', 'fortran_order': False, 'shape': (${text})}`, new Float32Array(6)));
      }),
      options,
    );
  });
});
