import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cifar10, loadCifar10 } from '../../src/data/cifar10.js';
import { DataError } from '../../src/errors.js';
import { randomStream } from '../../src/numeric/random.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiny-subspace-'));
  vi.stubEnv('CIFAR10_DIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Records of the binary version with the given labels, of random pixels. */
function batchOf(seed: number, labels: readonly number[]): Uint8Array {
  const stream = randomStream(seed, 'cifar');
  return Uint8Array.from(
    labels.flatMap((label) => [label, ...Array.from({ length: 3072 }, () => stream.integer(256))]),
  );
}
const put = (name: string, bytes: Uint8Array | string): void => {
  writeFileSync(join(folder, name), bytes);
};
const putTraining = (): Uint8Array[] => {
  const batches = [[1, 2], [3], [4], [9, 0, 5], [6]].map((labels, i) => batchOf(i, labels));
  batches.forEach((bytes, i) => {
    const name = `data_batch_${i + 1}.bin`;
    if (i === 2) put(`${name}.gz`, gzipSync(bytes));
    else put(name, i === 1 ? gzipSync(bytes) : bytes); // gzip is told by content
  });
  return batches;
};
const names = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

describe('loadCifar10', () => {
  it('joins the five training batches, plain or gzip, in their order', () => {
    const batches = putTraining();
    const set = loadCifar10('train');
    expect(set).toMatchObject({ count: 8, imageShape: [3, 32, 32], pixelsPerImage: 3072, classes: 10 });
    expect([...set.labels]).toEqual([1, 2, 3, 4, 9, 0, 5, 6]);
    const pixels = batches.flatMap((bytes) => [...bytes].filter((_, j) => j % 3073 !== 0));
    expect(set.pixels).toEqual(Uint8Array.from(pixels));
    expect(set.checksums).toEqual(batches.map((bytes) => createHash('sha256').update(bytes).digest('hex')));
    expect(set.classNames).toBeUndefined();
  });

  it('reads the test batch alone, and the names of the classes where they are', () => {
    put('test_batch.bin', batchOf(9, [7]));
    put('batches.meta.txt', `${names.join('\r\n')}\r\n\r\n`);
    expect(loadCifar10('test')).toMatchObject({ count: 1, classNames: names, source: 'CIFAR10_DIR' });
    put('batches.meta.txt', 'airplane\n');
    expect(() => loadCifar10('test')).toThrow(/names 1 classes instead of 10/);
  });

  it('refuses a missing file, other sizes, and labels beyond 9, naming the record', () => {
    const refuse = (split: 'train' | 'test', message: RegExp): void => {
      expect(() => loadCifar10(split)).toThrow(DataError);
      expect(() => loadCifar10(split)).toThrow(message);
    };
    refuse('test', /holds neither test_batch\.bin nor test_batch\.bin\.gz/);
    putTraining();
    rmSync(join(folder, 'data_batch_5.bin'));
    refuse('train', /holds neither data_batch_5\.bin/);
    for (const size of [0, 3072, 3074, 32 * 32]) {
      put('test_batch.bin', new Uint8Array(size));
      refuse('test', new RegExp(`it holds ${size} bytes, which is not a multiple of 3073`));
    }
    put('test_batch.bin', batchOf(1, [0, 9, 10]));
    refuse('test', /record 2 has the label 10, legal are 0 to 9/);
  });

  it('says how to name the folder', () => {
    expect(cifar10.isAvailable()).toBe(true);
    vi.stubEnv('CIFAR10_DIR', undefined);
    expect(cifar10.isAvailable()).toBe(false);
    expect(() => loadCifar10('train')).toThrow(/set CIFAR10_DIR to the folder/);
  });
});
