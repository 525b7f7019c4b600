import { trainDefaults } from '../../../../train/train-config.js';
import type { Scale } from '../../engine/experiment.js';
import { probeTask, type ProbeTask, type TrainTask } from '../../engine/task.js';
import { layerSpectra, type SpectraOfRun } from '../../probes/layer-spectra.js';
import { modelSpectra, type ModelSpectra } from '../../probes/model-spectra.js';
import { slopeVariances, type SlopeVariances } from '../../probes/slope-variances.js';
import { lawSeeds } from '../../shared/law-settings.js';
import { probesAfter, seededRuns } from '../../shared/seeded.js';
import { classes, setting } from '../../shared/settings.js';

/** Batches that are compared, at one rate η, and at one η/b, that of the middle one. */
export const comparedBatches = [16, 64, 256] as const;
export const middleBatch = 64;
export const sharedRate = 0.05;

/** Wide enough for ranks up to 150. */
export const wideModel = 'mlp:200,200';
export const tappedLayers = ['activation1', 'activation2'] as const;
export const tappedWeights = ['dense1.weight', 'dense2.weight'] as const;
/** The images, the loss where runs end, and the gradients of single samples, as many as theirs. */
export const [imageCount, endLoss, gradientCount] = [1000, 0.2, 512];
/** How often the loss is looked for, in steps. */
export const lookedEvery = 20;

/** Runs to one loss. Of the Hessian as little as a run can measure, at its end alone. */
export function equalLossRuns(batch: number, learningRate: number, scale: Scale): TrainTask[] {
  const config = setting(
    {
      model: wideModel,
      data: { samples: scale === 'full' ? imageCount : 300 },
      batch,
      schedule: { kind: 'constant', rate: learningRate },
      steps: 40_000,
      top: 1,
      subspace: 1,
    },
    scale,
  );
  return seededRuns(
    {
      ...config,
      batch: Math.min(batch, config.data.samples!),
      stop: { loss: scale === 'full' ? endLoss : 1.5, every: lookedEvery },
      window: trainDefaults.window,
      accuracy: null,
      tolerance: 0.1,
      measureEvery: 40_000,
      measureFrom: 2,
    },
    scale === 'full' ? 8 : 1,
    lawSeeds,
  );
}

export function spectraOf(runs: readonly TrainTask[], first: boolean, scale: Scale): ProbeTask<SpectraOfRun>[] {
  const args = {
    layers: tappedLayers,
    weights: tappedWeights,
    gradients: scale === 'full' ? gradientCount : 160,
    first,
  };
  return probesAfter(runs, layerSpectra, (of) => ({ ...of, ...args }), scale === 'full' ? (first ? 6 : 3) : 0.5);
}

export function variancesOf(runs: readonly TrainTask[], scale: Scale): ProbeTask<SlopeVariances>[] {
  const args = { top: classes, tolerance: scale === 'full' ? 1e-4 : 1e-2 };
  return probesAfter(runs, slopeVariances, (of) => ({ ...of, ...args }), scale === 'full' ? 5 : 1);
}

/** The exact model half-way to the Bayes classifier: 180 directions, as the window asks for 150. */
export const modelPoint = { classes, dim: 20, noise: 0.3, margin: 0.5 / 0.3 ** 2 } as const;
/** n for the population, and that of the work. */
export const populationSamples = 40_000;

export function modelSpectraOf(samples: number, draws: number, scale: Scale): ProbeTask<ModelSpectra>[] {
  const n = scale === 'full' ? samples : Math.min(samples, 1000);
  const seconds = scale === 'full' ? (samples / 10_000) * (1 + draws) + 0.5 : 0.5;
  return lawSeeds.map((seed) => probeTask(modelSpectra, { ...modelPoint, samples: n, draws, seed }, { seconds }));
}
