import type { Scale } from '../../engine/experiment.js';
import { probeTask, type ProbeTask, type TrainTask } from '../../engine/task.js';
import { modelFactors, type ModelFactors } from '../../probes/model-factors.js';
import { shampooFactors, type ShampooFactors } from '../../probes/shampoo-factors.js';
import { lawSeeds } from '../../shared/law-settings.js';
import { probesAfter, seededRuns } from '../../shared/seeded.js';
import { setting } from '../../shared/settings.js';

/** β of KL-Shampoo and the samples of a batch: theirs is not known, these are ours. */
export const beta = 0.05;
export const batch = 64;

/** Eigenpairs of a Hessian block that count as its spike. */
export const blockPairs = 30;

/** FC 2×100 on the first 3000 images, its weights kept early and late. */
export function factorRuns(scale: Scale): TrainTask[] {
  const isFull = scale === 'full';
  const base = setting({ data: { samples: 3000 }, steps: 1000, keepWeights: 'all', accuracy: null }, scale);
  const steps = isFull ? 1000 : 60;
  const config = {
    ...base,
    steps,
    tolerance: 1e-2,
    window: { length: 20, every: 20 },
    measureEvery: [isFull ? 50 : 20, steps],
  };
  return seededRuns(config, isFull ? 10 : 2, lawSeeds);
}

/** Factors and blocks at both of these steps. */
export function trainedFactors(scale: Scale): ProbeTask<readonly ShampooFactors[]>[] {
  const isFull = scale === 'full';
  return probesAfter(
    factorRuns(scale),
    shampooFactors,
    (weights) => ({
      ...weights,
      steps: isFull ? (weights.config.measureEvery as number[]) : [weights.config.steps],
      batch,
      batches: isFull ? 100 : 10,
      beta: isFull ? beta : 0.3,
      pairs: isFull ? blockPairs : 5,
      tolerance: isFull ? 1e-3 : 1e-1,
      probes: isFull ? 20 : 2,
    }),
    isFull ? 60 : 4,
  );
}

export const factorModel = { classes: 4, dim: 30, noise: 0.3, relativeMargins: [0.2, 0.4], batch: 16, beta: 0.002 };

/** In the exact model, new samples for each seed. */
export function factorsOfModel(scale: Scale): ProbeTask<readonly ModelFactors[]>[] {
  const isFull = scale === 'full';
  return lawSeeds.map((seed) =>
    probeTask(
      modelFactors,
      { ...factorModel, beta: isFull ? factorModel.beta : 0.02, batches: isFull ? 3000 : 300, seed },
      { seconds: isFull ? 15 : 2 },
    ),
  );
}
