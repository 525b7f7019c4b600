import type { Scale } from '../engine/experiment.js';
import type { TrainTask } from '../engine/task.js';
import { seededRuns } from './seeded.js';
import { setting, type Change } from './settings.js';

/** The last part of the id of a row. */
export type LawName = 'softmax' | 'softplus' | 'eta' | 'batch' | 'random' | 'relu' | 'sine' | 'batch-16' | 'batch-1024';

/** A network and how it is trained: a point at which the law is held against SGD. */
export interface LawSetting {
  readonly name: LawName;
  readonly statement: string;
  /** overlap(g, Hg) in Table 1. */
  readonly paper: number | null;
  readonly change: Change;
  readonly steps: number;
  /** Steps between measurements: no multiple, nor near one, of those of an epoch, at whose ends noise without replacement cancels. */
  readonly every: number;
  /** Random probes of the space outside the top at each measurement; 2 if left out. */
  readonly probes?: number;
  readonly seconds: number;
}

/** Three of everything: the standard error is that between runs. */
export const lawSeeds = [1, 2, 3] as const;

const measurements = 5;
const images = { samples: 5000 } as const;
const late = { steps: 1500, every: 89, seconds: 40 } as const;
const rate = (rate: number): Change => ({ schedule: { kind: 'constant', rate } });

export const softmaxLaw: LawSetting = {
  name: 'softmax',
  statement: 'softmax regression, all 60,000 images',
  paper: 0.96,
  change: { model: 'softmax' },
  steps: 2814,
  every: 167,
  seconds: 40,
};
export const softplusLaw: LawSetting = {
  ...late,
  name: 'softplus',
  statement: 'FC 2×100, softplus',
  paper: 0.96,
  change: { activation: 'softplus', data: images },
};
export const slowLaw: LawSetting = {
  name: 'eta',
  statement: 'FC 2×100, η = 0.01',
  paper: 0.96,
  change: { ...rate(0.01), data: images },
  steps: 3000,
  every: 229,
  seconds: 50,
};
export const largeLaw: LawSetting = {
  ...late,
  name: 'batch',
  statement: 'FC 2×100, batch 256',
  paper: 0.97,
  change: { batch: 256, data: images },
};
export const randomLaw: LawSetting = {
  ...late,
  name: 'random',
  statement: 'FC 2×100, random labels',
  paper: 0.86,
  change: { data: { ...images, randomLabels: true } },
};
export const reluLaw: LawSetting = {
  ...late,
  name: 'relu',
  statement: 'FC 2×100, ReLU (Fig. 1a)',
  paper: null,
  change: { data: images },
};
export const sineLaw: LawSetting = {
  name: 'sine',
  statement: 'FC 2×100, sine, batch 100',
  paper: 0.99,
  change: { data: { source: 'sine:10000' }, loss: 'squared-error', batch: 100 },
  steps: 3000,
  every: 137,
  probes: 20,
  seconds: 15,
};

/** Every row of Table 1 and Fig. 1 that needs no CIFAR-10. */
export const rowsOfPaper = [softmaxLaw, softplusLaw, slowLaw, largeLaw, randomLaw, reluLaw, sineLaw] as const;

/** The default network with another batch: η/b, and with it the noise, changes. */
export const smallestLaw: LawSetting = {
  ...reluLaw,
  name: 'batch-16',
  statement: 'ReLU, batch 16',
  change: { batch: 16, data: images },
};
export const largestLaw: LawSetting = {
  ...reluLaw,
  name: 'batch-1024',
  statement: 'ReLU, batch 1024',
  change: { batch: 1024, data: images },
};
/** Runs of a setting with the law in every record, one for each seed; overlap(g, Hg) every 20 of the steps in which they are measured. */
export function lawRuns({ change, steps, every, probes = 2, seconds }: LawSetting, scale: Scale): TrainTask[] {
  const length = every * measurements;
  const base = setting(
    {
      ...change,
      steps,
      window: { length, every: 20 },
      measureEvery: Array.from({ length: measurements }, (_, i) => steps - every * i).reverse(),
      top: 10,
      noiseNull: probes,
    },
    scale,
    { measurements, every: 20, accuracy: 5e-3 },
  );
  const most = base.data.samples === null ? Infinity : base.data.samples / 2;
  const config = {
    ...base,
    top: change.loss === 'squared-error' ? 2 : 10,
    batch: base.batch && Math.min(base.batch, most),
  };
  return seededRuns(config, scale === 'full' ? seconds : 4, lawSeeds);
}
