import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { activeFeatures } from '../../src/data/active-features.js';
import { classTargets, type DatasetRecord } from '../../src/data/dataset.js';
import { formatIdx } from '../../src/data/idx.js';
import { imageData } from '../../src/data/image-data.js';
import { toLabelledData } from '../../src/data/labelled-data.js';
import { loadDataset, type DatasetChoices } from '../../src/data/load-dataset.js';
import { loadMnist, mnistIsAvailable } from '../../src/data/mnist.js';
import { sampleSine } from '../../src/data/sine.js';
import { regressionPoint } from '../../src/loss/softmax/softmax-regression.js';

const choices: DatasetChoices = { pixels: 'unit', precision: 'f64', seed: 1 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiny-subspace-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** `count` images of 2×3 pixels, sample i beginning with the pixel i, its class i mod `classes`. */
function putImages(prefix: 'train' | 't10k', count: number, classes: number, width = 3): void {
  const data = Uint8Array.from({ length: count * 2 * width }, (_, j) =>
    j % (2 * width) === 0 ? j / (2 * width) : 7 * j,
  );
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes);
  writeFileSync(join(folder, `${prefix}-images-idx3-ubyte`), formatIdx({ shape: [count, 2, width], data }));
  writeFileSync(join(folder, `${prefix}-labels-idx1-ubyte`), formatIdx({ shape: [count], data: labels }));
  vi.stubEnv('MNIST_DIR', folder);
}
const kinds = ({ transformations }: DatasetRecord): string[] => transformations.map(({ kind }) => kind);

describe('loadDataset', () => {
  it('does what was chosen in a fixed order, and records it all', () => {
    putImages('train', 30, 3);
    putImages('t10k', 6, 3);
    const { train, test } = loadDataset(
      { kind: 'mnist' },
      { ...choices, keepClasses: [2, 0], samples: 8, randomLabels: true, pixels: 'standardised', precision: 'f32' },
    );
    expect(kinds(train.record)).toEqual(['classes', 'first', 'random-labels', 'pixel-scale']);
    expect(train).toMatchObject({ name: 'mnist', samples: 8, inputShape: [1, 2, 3], targets: { classes: 2 } });
    expect(train.inputs).toBeInstanceOf(Float32Array);
    expect(train.record.origin).toMatchObject({ kind: 'files', source: 'MNIST_DIR', split: 'train' });
    expect(JSON.parse(JSON.stringify(train.record))).toEqual(train.record);

    const others = test!();
    expect(kinds(others.record)).toEqual(['classes', 'pixel-scale']);
    expect(others.record.origin).toMatchObject({ split: 'test' });
    expect(others.record.transformations.at(-1)).toEqual(train.record.transformations.at(-1));
    expect([...classTargets(others).labels]).toEqual([1, 0, 1, 0]); // true labels: 0, 2, 0, 2, relabelled
  });

  it('takes the first samples, or random ones', () => {
    putImages('train', 30, 3);
    const rows = (subset: 'first' | 'random', seed = 1): number[] => {
      const { train } = loadDataset({ kind: 'mnist' }, { ...choices, samples: 9, subset, seed });
      return [...train.inputs].filter((_, j) => j % 6 === 0).map((x) => Math.round(255 * x));
    };
    expect(rows('first')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(new Set(rows('random')).size).toBe(9);
    expect(rows('random')).not.toEqual(rows('first'));
    expect(rows('random', 2)).not.toEqual(rows('random'));
  });

  it('reads the test files only when asked, and only such as fit the training files', () => {
    putImages('train', 9, 3);
    const test = loadDataset({ kind: 'mnist' }, choices).test!;
    expect(test).toThrow(/holds none of t10k-images/);
    putImages('t10k', 8, 4);
    expect(test).toThrow(/shape 1×2×3 with 3 classes, but test images of shape 1×2×3 with 4/);
    putImages('t10k', 8, 3, 4);
    expect(test).toThrow(/test images of shape 1×2×4/);
    putImages('t10k', 2, 2);
    expect(test().targets).toMatchObject({ classes: 3 });
  });

  it('reads CIFAR-10 by channel', () => {
    vi.stubEnv('CIFAR10_DIR', folder);
    for (let i = 1; i <= 5; i++) {
      const batch = Uint8Array.from({ length: 3073 }, (_, j) => (j === 0 ? i : (i + j * Math.ceil(j / 1024)) % 256));
      writeFileSync(join(folder, `data_batch_${i}.bin`), batch);
    }
    const { train } = loadDataset({ kind: 'cifar10' }, { ...choices, pixels: 'standardised' });
    expect(train).toMatchObject({ name: 'cifar10', samples: 5, inputShape: [3, 32, 32], targets: { classes: 10 } });
    expect([...classTargets(train).labels]).toEqual([1, 2, 3, 4, 5]);
    const scale = train.record.transformations.map((done) => done.kind === 'pixel-scale' && done.scale);
    expect(scale).toMatchObject([{ mean: { length: 3 }, deviation: { length: 3 } }]);
  });

  it('samples the mixture and the sine, which have no test split and take no subsets', () => {
    const sine = loadDataset({ kind: 'sine', samples: 20 }, { ...choices, seed: 5 });
    expect(sine).toEqual({ train: sampleSine(20, 5), test: null });
    const mixture = { kind: 'mixture', classes: 3, dim: 4, noise: 0.1, samples: 20 } as const;
    const { train } = loadDataset(mixture, { ...choices, randomLabels: true, precision: 'f32' });
    expect(kinds(train.record)).toEqual(['random-labels', 'precision']);
    for (const wrong of [{ samples: 5 }, { keepClasses: [0, 1] }, { subset: 'random' }] as const) {
      expect(() => loadDataset(mixture, { ...choices, ...wrong })).toThrow(/subset was asked of mixture/);
    }
    expect(() => loadDataset({ kind: 'sine', samples: 5 }, { ...choices, randomLabels: true })).toThrow(/labels/);
  });

  it.runIf(mnistIsAvailable())('standardises MNIST with the mean and deviation everybody quotes', () => {
    const { train } = loadDataset({ kind: 'mnist' }, { ...choices, pixels: 'standardised', precision: 'f32' });
    const [done] = train.record.transformations;
    if (done?.kind !== 'pixel-scale' || done.scale.kind !== 'standardised') throw new Error('no scale in the record');
    expect(done.scale.mean[0]).toBeCloseTo(0.1307, 4);
    expect(done.scale.deviation[0]).toBeCloseTo(0.3081, 4);
  });

  it.runIf(mnistIsAvailable())('gives MNIST as softmax regression knows it, in either scaling', () => {
    for (const pixels of ['unit', 'standardised'] as const) {
      const { train } = loadDataset({ kind: 'mnist' }, { ...choices, samples: 200, pixels });
      const regression = imageData(loadMnist('train'), 200, pixels, false);
      const weights = (columns: number): Float64Array => new Float64Array(10 * columns).fill(0.25);
      const ours = regressionPoint(toLabelledData(train), weights(784));
      const theirs = regressionPoint(regression, weights(regression.features.columns));
      expect(regression.zeroFeaturesDropped).toBe(pixels === 'unit' ? 784 - activeFeatures(train).length : 0);
      expect(ours.loss).toBeCloseTo(theirs.loss, 12);
      const squares = ({ gradient }: typeof ours): number => gradient.reduce((sum, g) => sum + g * g, 0);
      expect(squares(ours) / squares(theirs)).toBeCloseTo(1, 12);
    }
  });
});
