import type { Scale } from '../engine/experiment.js';
import type { TrainTask } from '../engine/task.js';
import { seededRuns } from './seeded.js';
import { setting, type Change } from './settings.js';

/** A network and how it is trained: a point at which the law is held against SGD. */
export interface LawSetting {
  /** The last part of its row's id. */
  readonly name: string;
  readonly statement: string;
  /** overlap(g, Hg) in Table 1. */
  readonly paper: number | null;
  readonly change: Change;
  readonly steps: number;
  /** Steps between measurements: no multiple, nor near one, of those of an epoch, at whose ends noise without replacement cancels. */
  readonly every: number;
  readonly seconds: number;
}

/** Three of everything: the standard error is that between runs. */
export const lawSeeds = [1, 2, 3] as const;

const measurements = 6;
const images = { samples: 5000 } as const;
const late = { steps: 1500, every: 89, seconds: 40 } as const;
const rate = (rate: number): Change => ({ schedule: { kind: 'constant', rate } });

export const softmax: LawSetting = {
  name: 'softmax',
  statement: 'softmax regression, all 60,000 images',
  paper: 0.96,
  change: { model: 'softmax' },
  steps: 2814,
  every: 167,
  seconds: 40,
};
export const softplus: LawSetting = {
  ...late,
  name: 'softplus',
  statement: 'FC 2×100, softplus',
  paper: 0.96,
  change: { activation: 'softplus', data: images },
};
export const slow: LawSetting = {
  name: 'eta',
  statement: 'FC 2×100, η = 0.01',
  paper: 0.96,
  change: { ...rate(0.01), data: images },
  steps: 3000,
  every: 229,
  seconds: 50,
};
export const large: LawSetting = {
  ...late,
  name: 'batch',
  statement: 'FC 2×100, batch 256',
  paper: 0.97,
  change: { batch: 256, data: images },
};
export const random: LawSetting = {
  ...late,
  name: 'random',
  statement: 'FC 2×100, random labels',
  paper: 0.86,
  change: { data: { ...images, randomLabels: true } },
};
export const relu: LawSetting = {
  ...late,
  name: 'relu',
  statement: 'FC 2×100, ReLU (Fig. 1a)',
  paper: null,
  change: { data: images },
};
export const sine: LawSetting = {
  name: 'sine',
  statement: 'FC 2×100, sine, batch 100',
  paper: 0.99,
  change: { data: { source: 'sine:10000' }, loss: 'squared-error', batch: 100 },
  steps: 3000,
  every: 137,
  seconds: 15,
};

/** Every row of Table 1 and Fig. 1 that needs no CIFAR-10. */
export const rowsOfPaper = [softmax, softplus, slow, large, random, relu, sine] as const;

/** The default network with another batch: η/b, and with it the noise, changes, and the flow does not. */
const batchOf = (batch: number): LawSetting => ({
  ...late,
  name: `batch-${batch}`,
  statement: `ReLU, batch ${batch}`,
  paper: null,
  change: { batch, data: images },
});
const rateOf = (eta: number, more: Partial<LawSetting> = {}): LawSetting => ({
  ...late,
  name: `eta-${eta}`.replace('.', ''),
  statement: `ReLU, η = ${eta}`,
  paper: null,
  change: { ...rate(eta), data: images },
  ...more,
});

export const otherBatches = [batchOf(16), batchOf(1024)] as const;
export const otherRates = [rateOf(0.03, { steps: 2000 }), rateOf(0.3)] as const;

/** Full batches: no noise, and so no law. */
export const descent: LawSetting = {
  name: 'descent',
  statement: 'ReLU, all 5000 images a step',
  paper: null,
  change: { batch: null, data: images },
  steps: 400,
  every: 20,
  seconds: 40,
};

/** Runs of a setting with the law in every record, one for each seed; overlap(g, Hg) every 20 of the steps in which they are measured. */
export function lawRuns({ change, steps, every, seconds }: LawSetting, scale: Scale): TrainTask[] {
  const length = every * measurements;
  const isNoisy = change.batch !== null;
  const base = setting(
    {
      ...change,
      steps,
      window: { length, every: 20 },
      measureEvery: Array.from({ length: measurements }, (_, i) => steps - every * i).reverse(),
      top: 10,
      ...(isNoisy && { noiseNull: 2 }),
    },
    scale,
    { measurements, every: 20, accuracy: 2e-3 },
  );
  const most = base.data.samples === null ? Infinity : base.data.samples / 2;
  const config = {
    ...base,
    top: change.loss === 'squared-error' ? 2 : 10,
    batch: base.batch && Math.min(base.batch, most),
  };
  return seededRuns(config, scale === 'full' ? seconds : 4, lawSeeds);
}
