import type { Scale } from '../../engine/experiment.js';
import { probeTask, type ProbeTask } from '../../engine/task.js';
import { partlyLost, type LostGradients } from '../../probes/lost-gradients.js';
import { lostOnLine, type LostOnLine } from '../../probes/lost-on-line.js';
import { earlyAndLast, fewImageRuns, fewImagesBatch, fewImagesRate } from '../../shared/few-images.js';
import { lawSeeds } from '../../shared/law-settings.js';
import { classes } from '../../shared/settings.js';

export type TrainingPhase = 'early' | 'late';

/** Steps of a phase, and between two evaluations of the loss. */
export const phaseLength = 150;
export const lossEvery = 5;
/** Probabilities of a loss. */
export const [half, most] = [0.5, 0.9] as const;

/** What is lost from the early step, or from the last step of a run on. */
export function lostTasks(phase: TrainingPhase, scale: Scale): ProbeTask<LostGradients>[] {
  const isFull = scale === 'full';
  return fewImageRuns(scale).map((run) =>
    probeTask(
      partlyLost,
      {
        config: run.config,
        run: run.key,
        from: earlyAndLast(run)[phase === 'early' ? 0 : 1],
        steps: isFull ? phaseLength : 20,
        learningRate: fewImagesRate,
        batch: fewImagesBatch,
        losses: [
          { part: 'coordinates', probability: half },
          ...(['coordinates', 'top', 'bulk'] as const).map((part) => ({ part, probability: most })),
        ],
        m: classes,
        tolerance: 1e-2,
        refresh: 25,
        every: lossEvery,
      },
      { after: [run], seconds: isFull ? 20 : 3 },
    ),
  );
}

/** Before and beyond the edge of the phase diagram, at α_c = 0.31 α*: the same number of steps in each. */
export const lineSettings = {
  early: { classes: 4, dim: 6, noise: 0.3, margin: 1, rate: 0.4, steps: 50 },
  late: { classes: 4, dim: 6, noise: 0.3, margin: 4, rate: 0.4, steps: 50 },
} as const;

/** The exact model, a data set and draws for each seed. */
export function lostLineTasks(phase: TrainingPhase, scale: Scale): ProbeTask<LostOnLine>[] {
  const [samples, draws] = scale === 'full' ? [100_000, 1000] : [2000, 30];
  return lawSeeds.map((seed) =>
    probeTask(
      lostOnLine,
      { ...lineSettings[phase], probabilities: [half, most], samples, draws, seed },
      { seconds: scale === 'full' ? 20 : 1 },
    ),
  );
}
