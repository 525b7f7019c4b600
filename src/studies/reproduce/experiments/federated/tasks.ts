import type { Scale } from '../../engine/experiment.js';
import { probeTask, type ProbeTask } from '../../engine/task.js';
import { clientCosines, type ClientCosines } from '../../probes/client-cosines.js';
import { compressedRounds, type CompressedRounds } from '../../probes/compressed-rounds.js';
import { lineCosines, type LineCosine } from '../../probes/line-cosines.js';
import { modelCorrelation, type ModelCorrelation } from '../../probes/model-correlation.js';
import { sentGradients, type LaggedGradient } from '../../probes/sent-gradients.js';
import { earlyAndLast, fewImageRuns, fewImagesBatch, fewImagesRate } from '../../shared/few-images.js';
import { lawSeeds } from '../../shared/law-settings.js';
import { probesAfter } from '../../shared/seeded.js';
import { classes } from '../../shared/settings.js';

/** As many as there are classes, so that each may have one. */
export const clients = classes;
/** Images of each client in a round. */
export const clientBatch = fewImagesBatch / clients;
/** Dimension of the spaces: the top space, and the last gradients. */
export const dimension = classes;
/** Numbers of rounds between two gradients. */
export const lags = [1, 2, 4, 8, 16, 32] as const;
/** Rounds in which clients send only a part, but for the first ten of each fifty. */
export const compressed = { rounds: 200, cycle: 50 } as const;

type Split = 'random' | 'by class';

/** How often samples are dealt at random. */
export const cosineDeals = 20;

/** Gradients of clients early and late. */
export function cosineTasks(scale: Scale): ProbeTask<readonly ClientCosines[]>[] {
  return fewImageRuns(scale).map((run) =>
    probeTask(
      clientCosines,
      {
        config: run.config,
        run: run.key,
        steps: earlyAndLast(run),
        clients,
        deals: scale === 'full' ? cosineDeals : 2,
        probes: scale === 'full' ? 300 : 4,
      },
      { after: [run], seconds: scale === 'full' ? 60 : 1 },
    ),
  );
}

/** How often the rounds after a gradient are drawn; twelve times leave the correlation to chance. */
export const repeats = { random: 120, 'by class': 12 } as const;

/** Gradients that are sent in rounds after the last step. */
export function sentTasks(split: Split, scale: Scale): ProbeTask<readonly LaggedGradient[]>[] {
  const isFull = scale === 'full';
  return probesAfter(
    fewImageRuns(scale),
    sentGradients,
    (weights) => ({
      ...weights,
      split,
      clients,
      batch: clientBatch,
      learningRate: fewImagesRate,
      m: dimension,
      tolerance: 1e-3,
      window: dimension,
      lags: isFull ? lags : lags.slice(0, 3),
      repeats: isFull ? repeats[split] : 2,
      probes: isFull ? 4 : 2,
    }),
    isFull ? repeats[split] : 2,
  );
}

/** Rounds after the early step. */
export function compressedTasks(split: Split, scale: Scale): ProbeTask<CompressedRounds>[] {
  return fewImageRuns(scale).map((run) =>
    probeTask(
      compressedRounds,
      {
        config: run.config,
        run: run.key,
        from: earlyAndLast(run)[0],
        split,
        clients,
        batch: clientBatch,
        learningRate: fewImagesRate,
        rounds: scale === 'full' ? compressed.rounds : 20,
        cycle: compressed.cycle,
        whole: dimension,
        tolerance: 1e-2,
        every: 10,
      },
      { after: [run], seconds: scale === 'full' ? 25 : 3 },
    ),
  );
}

export const restSetting = { classes: 3, dim: 8, noise: 0.4, learningRate: 10, batch: 640 } as const;

/** The exact model at rest, a data set for each seed. */
export function restTasks(scale: Scale): ProbeTask<readonly ModelCorrelation[]>[] {
  const [samples, starts] = scale === 'full' ? [20_000, 60] : [2000, 6];
  return lawSeeds.map((seed) =>
    probeTask(
      modelCorrelation,
      { ...restSetting, samples, starts, between: 60, lags: [1, 2, 4, 8, 16], seed },
      { seconds: scale === 'full' ? 15 : 2 },
    ),
  );
}

export const lineSetting = {
  classes,
  dim: 20,
  noise: 0.3,
  relativeMargins: [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1],
} as const;

/** Clients with a class each on the line of the exact model, a data set for each seed. */
export function lineCosineTasks(scale: Scale): ProbeTask<readonly LineCosine[]>[] {
  const samples = scale === 'full' ? 100_000 : 10_000;
  return lawSeeds.map((seed) => probeTask(lineCosines, { ...lineSetting, samples, seed }, { seconds: 3 }));
}
