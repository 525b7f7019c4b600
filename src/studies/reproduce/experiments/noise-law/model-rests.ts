import type { Measurement, Scale } from '../../engine/experiment.js';
import { probeTask, type ProbeTask } from '../../engine/task.js';
import { modelQuench, type ModelQuench } from '../../probes/model-quench.js';

/** Dimensions of the exact model: the bulk has (k − 1)(d − k) of them. */
export const dimensions = [4, 8, 16, 32, 64] as const;

const setting = { classes: 3, noise: 0.4, learningRate: 10, batch: 640 } as const;

/** SGD at rest in the exact model, a task for each dimension. */
export function modelRests(scale: Scale): ProbeTask<ModelQuench>[] {
  const [samples, starts] = scale === 'full' ? [20_000, 60] : [2000, 6];
  return dimensions.map((dim) =>
    probeTask(
      modelQuench,
      { ...setting, dim, samples, starts, between: 60, quench: [0], recovery: [1], seed: 1 },
      { seconds: scale === 'full' ? 10 : 1 },
    ),
  );
}

/** The largest deviation from the exact f_top(k) over the dimensions. */
export function modelDeviation(rests: readonly ModelQuench[]): Measurement {
  const deviations = rests.map(
    ({ topFraction: { predicted, measured, standardError } }) => Math.abs(measured - predicted) / standardError,
  );
  const all = (of: (one: ModelQuench['topFraction']) => number): string =>
    rests.map(({ topFraction }) => of(topFraction).toFixed(3)).join(', ');
  return {
    values: [Math.max(...deviations)],
    beside: { f_top: all(({ measured }) => measured), 'its law': all(({ predicted }) => predicted) },
    settings: { ...setting, dimensions },
  };
}
