import { trainDefaults, type TrainConfig } from '../../../train/train-config.js';
import type { Scale } from '../engine/experiment.js';

/** k of MNIST, of CIFAR-10, and of the models and mixtures set beside them. */
export const classes = 10;

/** A run, but for its seed. */
export type Setting = Omit<TrainConfig, 'seed'>;

/** What is different from the paper's defaults; when it is measured, by its steps. */
export type Change = Partial<Omit<Setting, 'data' | 'measureEvery'>> & {
  readonly data?: Partial<TrainConfig['data']>;
  readonly measureEvery?: number[];
};

/** Three epochs of batch 64 on 60,000 images. */
export const threeEpochs = 2814;

/** In the quick run every training has at most so many samples and steps, with a window of so many. */
const quickDense = {
  limits: { samples: 500, steps: 60, window: { length: 30, every: 10 }, measurements: 2 },
  search: { accuracy: 1e-2, tolerance: 1e-2 },
} as const;

/** With convolutions, fewer, and rough eigenpairs; what is left of the time goes into the accuracy on all test images. */
const quickConvolutional = {
  limits: { samples: 16, steps: 6, window: { length: 4, every: 2 }, measurements: 1 },
  search: { accuracy: null, tolerance: 0.1 },
} as const;

function quickOf(model: string): typeof quickDense | typeof quickConvolutional {
  return /^(convnet|resnet)/.test(model) ? quickConvolutional : quickDense;
}

/** How densely the last steps are measured: everything so many times, overlap(g, Hg) every so many steps, and f_top known to ± accuracy. */
export interface Density {
  readonly measurements: number;
  readonly every: number;
  readonly accuracy: number;
}

export const denseMeasurements: Density = { measurements: 6, every: 10, accuracy: 1e-3 };
export const sparseMeasurements: Density = { measurements: 3, every: 20, accuracy: 1e-2 };

/**
 * The paper's defaults (MLP 2×100, ReLU, all of MNIST, batch 64, η = 0.1) with a change: measured at the first step and, with a density,
 * over the last 1000. What the change says itself about measurements holds in the full run alone.
 */
export function setting(
  { data = {}, ...change }: Change,
  scale: Scale,
  density = denseMeasurements,
): Omit<Setting, 'measureEvery'> & { readonly measureEvery: number[] } {
  const full = { ...trainDefaults, steps: threeEpochs, window: { length: 1000, every: density.every }, ...change };
  const isQuick = scale === 'quick';
  const { limits: quick, search } = quickOf(full.model);
  const steps = isQuick ? Math.min(quick.steps, full.steps) : full.steps;
  const window = isQuick ? quick.window : full.window;
  const last = evenSteps(steps, Math.min(1000, window.length), isQuick ? quick.measurements : density.measurements);
  const wanted = { ...trainDefaults.data, ...data };
  const isCut = isQuick && (wanted.source === 'mnist' || wanted.source === 'cifar10');
  return {
    ...full,
    model: isQuick ? full.model.replace(/^resnet18$/, 'resnet18:4') : full.model,
    top: change.top ?? 11,
    ...(isQuick ? search : { accuracy: density.accuracy }),
    keepWeights: change.keepWeights ?? 'last',
    window,
    steps,
    measureEvery: (isQuick ? undefined : change.measureEvery) ?? last,
    data: isCut ? { ...wanted, samples: Math.min(quick.samples, wanted.samples ?? quick.samples) } : wanted,
  };
}

/** `count` steps at even distances, the last one `last`, the first one after last − length. */
function evenSteps(last: number, length: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => last - Math.round((i * length) / count)).reverse();
}
