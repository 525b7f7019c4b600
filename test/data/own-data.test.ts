import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDataSource } from '../../src/data/data-source.js';
import { formatIdx } from '../../src/data/idx.js';
import { loadDataset, type DatasetChoices, type LoadedData } from '../../src/data/load-dataset.js';
import { DataError, UsageError } from '../../src/errors.js';
import { sha256Of } from '../../src/files/sha256.js';
import { npyBytes, npyOf } from '../files/npy-bytes.js';
import { zipBytes } from '../files/zip-bytes.js';

const choices: DatasetChoices = { pixels: 'unit', precision: 'f64', seed: 1 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-data-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const put = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const load = (text: string, more: Partial<DatasetChoices> = {}): LoadedData =>
  loadDataset(parseDataSource(text), { ...choices, ...more });
const floats = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => i / 8);
const integers = (...values: number[]): BigInt64Array => BigInt64Array.from(values, BigInt);

describe('npy', () => {
  it('takes floats of any shape with integers as classes, gaps among them', () => {
    const bytes = npyOf(floats(24), [3, 2, 2, 2]);
    const classes = npyOf(integers(0, 4, 1), [3]);
    const source = `npy:${put('x.npy', bytes)},${put('y.npy', classes)}`;
    const { train, test } = load(source);
    expect(train).toMatchObject({
      name: 'x.npy',
      samples: 3,
      inputShape: [2, 2, 2],
      inputs: Float64Array.from(floats(24)),
    });
    expect(train.targets).toEqual({ kind: 'classes', classes: 5, labels: Uint16Array.of(0, 4, 1) });
    expect(train.record.origin).toMatchObject({
      kind: 'files',
      source,
      split: 'train',
      checksums: [bytes, classes].map(sha256Of),
    });
    expect(train.record.transformations).toEqual([{ kind: 'precision', precision: 'f64' }]);
    expect(test).toBeNull();
  });

  it('takes numbers to predict, a label for each token, and no targets', () => {
    const x = put('x.npy', npyOf(floats(6), [3, 2]));
    const values = (shape: number[], count: number) =>
      load(`npy:${x},${put('y.npy', npyOf(floats(count), shape))}`).train.targets;
    expect(values([3], 3)).toEqual({ kind: 'values', width: 1, values: Float64Array.of(0, 0.125, 0.25) });
    expect(values([3, 2], 6)).toMatchObject({ kind: 'values', width: 2 });
    const tokens = put('t.npy', npyOf(integers(0, 9, 2, 1, 0, 0), [3, 2]));
    const { train } = load(`npy:${tokens},${put('y.npy', npyOf(integers(1, 2, 3, 1, 2, 1), [3, 2]))}`);
    expect(train).toMatchObject({ vocabulary: 10, inputShape: [2], inputs: Float64Array.of(0, 9, 2, 1, 0, 0) });
    expect(train.targets).toEqual({ kind: 'labels', classes: 4, shape: [2], labels: Uint32Array.of(1, 2, 3, 1, 2, 1) });
    expect(load(`npy:${tokens}`).train.targets).toEqual({ kind: 'none' });
    expect(load(`npy:${tokens}`, { samples: 2, subset: 'random' }).train).toMatchObject({ samples: 2, vocabulary: 10 });
  });

  it('takes unsigned bytes as pixels, in whatever scaling', () => {
    const y = put('y.npy', npyOf(integers(0, 1), [2]));
    const x = put('x.npy', npyOf(Uint8Array.of(0, 51, 102, 255, 0, 0, 0, 255), [2, 2, 2]));
    const { train } = load(`npy:${x},${y}`);
    expect(train).toMatchObject({ inputShape: [1, 2, 2], inputs: Float64Array.of(0, 0.2, 0.4, 1, 0, 0, 0, 1) });
    const scaled = [...load(`npy:${x},${y}`, { pixels: 'standardised' }).train.inputs];
    expect(scaled.reduce((sum, z) => sum + z, 0)).toBeCloseTo(0, 12);
    expect(scaled.reduce((sum, z) => sum + z * z, 0) / 8).toBeCloseTo(1, 12);
    const other = put('f.npy', npyOf(floats(8), [2, 2, 2]));
    expect(() => load(`npy:${other},${y}`, { pixels: 'standardised' })).toThrow(/asked of npy, which has none/);
  });

  it('does what is done to images: classes, samples, labels', () => {
    const x = put('x.npy', npyOf(floats(8), [8, 1]));
    const source = `npy:${x},${put('y.npy', npyOf(integers(0, 1, 2, 0, 1, 2, 0, 1), [8]))}`;
    const { train } = load(source, { keepClasses: [2, 1], samples: 3, precision: 'f32' });
    expect([...train.inputs]).toEqual([0.125, 0.25, 0.5]);
    expect(train.targets).toEqual({ kind: 'classes', classes: 2, labels: Uint16Array.of(1, 0, 1) });
    expect(load(source, { randomLabels: true }).train.record.transformations[0]).toEqual({
      kind: 'random-labels',
      seed: 1,
    });
    expect(() => load(`npy:${x}`, { randomLabels: true })).toThrow(/has no targets where labels are needed/);
  });

  it('says what does not fit', () => {
    const [x, t] = [put('x.npy', npyOf(floats(6), [3, 2])), put('t.npy', npyOf(integers(0, -1), [1, 2]))];
    const refuse = (text: string, message: RegExp): void => {
      expect(() => load(text)).toThrow(DataError);
      expect(() => load(text)).toThrow(message);
    };
    const y = (data: BigInt64Array | Float32Array, shape: number[]) => `npy:${x},${put('y.npy', npyOf(data, shape))}`;
    refuse(y(integers(0, 1), [2]), /y\.npy has the shape \[2\], but .*x\.npy holds 3 samples/);
    refuse(y(integers(0, -1, 1), [3]), /y\.npy holds the integer -1; classes are 0, 1/);
    refuse(y(integers(0, 1, 70000), [3]), /holds the class 70000, legal are 0 to 65535/);
    refuse(y(floats(12), [3, 2, 2]), /numbers to predict are of shape \[n\] or \[n, w\]/);
    refuse(`npy:${t}`, /t\.npy holds the integer -1; token ids are 0, 1/);
    refuse(`npy:${put('r.npy', npyOf(floats(3), [3]))}`, /reshape it, to \[3, 1\] for one number a sample/);
    refuse(`npy:${put('i.npy', npyOf(integers(1, 2), [1, 1, 2]))}`, /integers are token ids of shape \[n, T\]/);
    refuse(`npy:${x},test/files/numpy/pickle.npy`, /never read/);
    const huge = put('h.npy', npyOf(Float64Array.of(1e300, 1), [2, 1]));
    expect(() => load(`npy:${huge}`, { precision: 'f32' })).toThrow(
      /holds 1e\+300, which is infinite in f32; choose f64/,
    );
    const many = put('m.npy', npyOf(integers(2 ** 24 + 1, 1), [1, 2]));
    expect(() => load(`npy:${many}`, { precision: 'f32' })).toThrow(/beyond what f32 tells apart/);
    for (const text of ['npy', 'npy:', 'npy:a,', 'npy:a,b,c', 'npz:', 'csv:', 'csv:a,', 'idx:', 'cifar10:']) {
      expect(() => parseDataSource(text)).toThrow(UsageError);
    }
  });
});

describe('npz', () => {
  it('finds arrays by the names they usually have, with the split for testing', () => {
    const { train, test } = load('npz:test/files/numpy/packed.npz');
    expect(train).toMatchObject({ name: 'packed.npz', samples: 4, inputShape: [3], targets: { classes: 3 } });
    expect(train.record.origin).toMatchObject({ source: 'npz:test/files/numpy/packed.npz,x_train,y_train' });
    expect(test!()).toMatchObject({
      samples: 2,
      targets: { labels: Uint16Array.of(2, 0) },
      record: { origin: { split: 'test' } },
    });
  });

  it('takes others by name, and says what there is', () => {
    const { train } = load('npz:test/files/numpy/stored.npz,a,b');
    expect(train).toMatchObject({ inputs: Float64Array.of(0, 1, 2, 3, 4, 5), targets: { kind: 'values' } });
    expect(load('npz:test/files/numpy/stored.npz,a').train.targets).toEqual({ kind: 'none' });
    expect(() => load('npz:test/files/numpy/stored.npz')).toThrow(
      /holds a, b; arrays x and y, X and Y, .* name others/,
    );
    expect(() => load('npz:test/files/numpy/stored.npz,a,c')).toThrow(/holds no array 'c'; it holds a, b/);
    const pickled = npyBytes(Buffer.from('x'), { descr: "'|O'", shape: '(1,)' });
    const path = put('p.npz', zipBytes({ 'x.npy': pickled, 'y.npy': npyOf(floats(1), [1]) }));
    expect(() => load(`npz:${path}`)).toThrow(/p\.npz: x is not a usable npy file: it holds Python objects/);
  });

  it('holds the test split against the other', () => {
    const [x, y] = [npyOf(floats(4), [2, 2]), npyOf(integers(0, 1), [2])];
    const more = npyOf(integers(0, 2), [2]);
    const path = put('a.npz', zipBytes({ 'X.npy': x, 'y.npy': y, 'X_test.npy': x, 'y_test.npy': more }));
    expect(load(`npz:${path}`).test).toThrow(
      /training samples of shape 2 with 2 classes, but test samples of shape 2 with 3 classes/,
    );
  });
});

describe('csv', () => {
  it('takes the last column or the one named, as classes where it is written in integers', () => {
    const text = 'a,"b",c\n0.5,1,2\n-1e1,0,3.5\n';
    const { train } = load(`csv:${put('t.csv', text)}`);
    expect(train).toMatchObject({ name: 't.csv', inputShape: [2], inputs: Float64Array.of(0.5, 1, -10, 0) });
    expect(train.targets).toEqual({ kind: 'values', width: 1, values: Float64Array.of(2, 3.5) });
    expect(train.record.origin).toMatchObject({ checksums: [sha256Of(text)] });
    const named = load(`csv:${join(folder, 't.csv')},b`).train;
    expect(named).toMatchObject({
      inputs: Float64Array.of(0.5, 2, -10, 3.5),
      targets: { kind: 'classes', labels: Uint16Array.of(1, 0) },
    });
    expect(load(`csv:${put('n.csv', '1, 2\r\n3, -4\r\n\r\n')}`).train.targets).toMatchObject({ kind: 'values' });
    expect(load(`csv:${put('g.csv.gz', gzipSync(text))},a`).train.targets).toMatchObject({ kind: 'values' });
    expect(() => load(`csv:${join(folder, 't.csv')},d`)).toThrow(/has no column 'd'; its columns are a, b, c/);
  });

  it('names line and column of what is no number', () => {
    const refuse = (text: string, message: RegExp): void => {
      expect(() => load(`csv:${put('t.csv', text)}`)).toThrow(DataError);
      expect(() => load(`csv:${put('t.csv', text)}`)).toThrow(message);
    };
    refuse('a,b\n1,2\n3,x\n', /line 3, column 2 \(b\): 'x' is no finite number/);
    refuse('1,2\n3,\n', /line 2, column 2: '' is no finite number/);
    refuse('1,2\n1e999,2\n', /line 2, column 1: '1e999' is no finite number/);
    refuse('1,2\nnan,2\n', /line 2, column 1: 'nan'/);
    refuse('1,2\n3\n', /line 2 has 1 columns, line 1 has 2/);
    refuse('1;2\n', /no row of numbers/);
    refuse('1\n2\n', /line 1 has one column; at least two are needed/);
    refuse('', /no row of numbers/);
  });

  it('answers any text with a DataError or finite numbers', () => {
    const text = fc.array(fc.constantFrom('1', '-2.5', ',', '\n', 'a', ' ', 'e3', '.', '"', '\0', 'NaN'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(text, (parts) => {
        try {
          expect(load(`csv:${put('f.csv', parts.join(''))}`).train.inputs.every(Number.isFinite)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('folders of images', () => {
  it('in the format of MNIST have the name of their folder', () => {
    const inside = join(folder, 'fashion-mnist');
    mkdirSync(inside);
    for (const prefix of ['train', 't10k']) {
      const images = formatIdx({ shape: [4, 2, 2], data: Uint8Array.from({ length: 16 }, (_, i) => i) });
      writeFileSync(join(inside, `${prefix}-images-idx3-ubyte`), images);
      writeFileSync(
        join(inside, `${prefix}-labels-idx1-ubyte`),
        formatIdx({ shape: [4], data: Uint8Array.of(0, 1, 2, 1) }),
      );
    }
    const { train, test } = load(`idx:${inside}/`, { samples: 3 });
    expect(train).toMatchObject({ name: 'fashion-mnist', samples: 3, inputShape: [1, 2, 2], targets: { classes: 3 } });
    expect(test!()).toMatchObject({ name: 'fashion-mnist', samples: 4 });
    expect(() => load(`idx:${folder}`)).toThrow(/holds none of train-images-idx3-ubyte/);
  });

  it('of CIFAR-10 are read by path', () => {
    for (let i = 1; i <= 5; i++) writeFileSync(join(folder, `data_batch_${i}.bin`), new Uint8Array(3073).fill(i));
    const { train } = load(`cifar10:${folder}`);
    expect(train).toMatchObject({ name: 'cifar10', samples: 5, record: { origin: { source: folder } } });
  });
});
