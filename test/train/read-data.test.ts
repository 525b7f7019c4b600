import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DataError, UsageError } from '../../src/errors.js';
import { formatIdx } from '../../src/data/idx.js';
import { spectrum } from '../../src/studies/spectrum/spectrum.js';
import { trainDefaults, type TrainConfig } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';

const config: TrainConfig = {
  ...trainDefaults,
  model: 'softmax',
  backend: 'plain',
  precision: 'f64',
  batch: 12,
  steps: 2,
  measureEvery: 2,
  top: 4,
};
const wanted = {
  curvature: 'hessian',
  layers: [],
  top: 3,
  bottom: 0,
  tolerance: 1e-3,
  densityProducts: 0,
  traceProducts: 0,
  split: false,
  seed: 1,
} as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-data-'));
  vi.stubEnv('MNIST_DIR', folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function write(split: 'train' | 't10k', changed = 0): void {
  const data = Uint8Array.from({ length: 24 * 9 }, (_, i) => (37 * i + 11 * (i % 7)) % 256);
  data[5]! += changed;
  const labels = Uint8Array.from({ length: 24 }, (_, i) => i % 3);
  writeFileSync(join(folder, `${split}-images-idx3-ubyte`), formatIdx({ shape: [24, 3, 3], data }));
  writeFileSync(join(folder, `${split}-labels-idx1-ubyte`), formatIdx({ shape: [24], data: labels }));
}

describe('the files that a run reads', () => {
  it('are part of what it is: those of the test split too, and those that spectrum reads again', async () => {
    write('train');
    write('t10k');
    const out = join(folder, 'run');
    const { run, records } = await train(config, { out });
    expect(run.testData?.origin).toMatchObject({ kind: 'files', split: 'test' });
    expect(run.testData?.origin.checksums).toHaveLength(2);
    const checkpoint = join(out, records.at(-1)!.weights!);
    await spectrum({ ...wanted, checkpoint });

    write('t10k', 1);
    const resumed = train(config, { out });
    await expect(resumed).rejects.toBeInstanceOf(UsageError);
    await expect(resumed).rejects.toThrow(/another run: run\.testData\.origin\.checksums was /);
    await spectrum({ ...wanted, checkpoint }); // which reads no test split

    write('t10k');
    write('train', 1);
    await expect(train(config, { out })).rejects.toThrow(/another run: run\.data\.origin\.checksums was /);
    const measured = spectrum({ ...wanted, checkpoint });
    await expect(measured).rejects.toBeInstanceOf(DataError);
    await expect(measured).rejects.toThrow(/was trained on other data: data\.checksums was /);
  });

  it('are not there where data are sampled', async () => {
    const sampled = { ...config, data: { ...config.data, source: 'mixture:2,3,0.3,20' }, steps: 0 };
    expect((await train(sampled)).run.testData).toBeNull();
  });
});
