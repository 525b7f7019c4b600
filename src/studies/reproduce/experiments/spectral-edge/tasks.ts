import type { Scale } from '../../engine/experiment.js';
import { probeTask, type ProbeTask, type TrainTask } from '../../engine/task.js';
import { modelEdge, type ModelEdge } from '../../probes/model-edge.js';
import { trainedEdge, type TrainedEdge } from '../../probes/trained-edge.js';
import { lawRuns, lawSeeds, reluLaw } from '../../shared/law-settings.js';
import { probesAfter } from '../../shared/seeded.js';
import { classes } from '../../shared/settings.js';

/** W of the work. */
export const updates = 10;

/** N on MNIST, and windows in a row. */
export const windows = [
  { every: 10, count: 6 },
  { every: 50, count: 2 },
] as const;

/** The runs of the law with ReLU; one where it is quick. */
export const updateRuns = (scale: Scale): TrainTask[] =>
  lawRuns(reluLaw, scale).slice(0, scale === 'full' ? undefined : 1);

/** From the last weights of these runs. */
export function trainedEdges(scale: Scale): ProbeTask<TrainedEdge>[] {
  const isFull = scale === 'full';
  return probesAfter(
    updateRuns(scale),
    trainedEdge,
    (weights) => ({
      ...weights,
      m: classes,
      known: 2 * classes,
      tolerance: 1e-3,
      learningRate: 0.1,
      updates,
      windows: isFull ? windows : windows.map(({ count }, i) => ({ every: i + 1, count })),
      probes: isFull ? 4 : 2,
      draws: isFull ? 600 : 30,
    }),
    isFull ? 40 : 5,
  );
}

export const edgeModel = {
  classes: 3,
  dim: 8,
  noise: 0.4,
  learningRate: 10,
  batch: 640,
  updates,
  every: 5,
} as const;

/** In the exact model, from independent batches for each seed, one where it is quick. */
export function modelEdges(scale: Scale): ProbeTask<ModelEdge>[] {
  const isFull = scale === 'full';
  const count = isFull ? 24 : 3;
  return (isFull ? lawSeeds : lawSeeds.slice(0, 1)).map((seed) =>
    probeTask(
      modelEdge,
      { ...edgeModel, windows: count, between: 40, starts: count, draws: isFull ? 2000 : 30, seed },
      { seconds: isFull ? 10 : 2 },
    ),
  );
}
