import { UsageError } from '../errors.js';
import type { DrawnSteps } from '../loss/noise/drawn-laws.js';
import type { TrainConfig } from './train-config.js';

/** What of a configuration decides how SGD's noise is drawn. */
export type NoiseConfig = Pick<TrainConfig, 'model' | 'optimizer' | 'groups' | 'batch' | 'follow'>;

/**
 * How a run draws its noise at a learning rate: in epochs without replacement. The last batch of an epoch may be smaller, so that b is the harmonic mean over its m
 * batches, m/Σ 1/b_j.
 */
export function drawnSteps({ optimizer, batch }: NoiseConfig, samples: number, learningRate: number): DrawnSteps {
  const b = batch ?? samples;
  const [whole, last] = [Math.floor(samples / b), samples % b];
  const count = whole + (last > 0 ? 1 : 0);
  return {
    learningRate,
    batch: count / (whole / b + (last > 0 ? 1 / last : 0)),
    momentum: optimizer.kind === 'momentum' ? optimizer.momentum : 0,
    replacement: false,
  };
}

/**
 * Throws UsageError, saying why, for a run whose noise the law does not describe: it is that of SGD and the heavy ball in batches of fewer than all samples, along the whole
 * gradient of a loss in which nothing else is drawn.
 */
export function refuseOtherNoise(
  { model, optimizer, groups, batch, follow }: NoiseConfig,
  { samples, isDrawn }: { readonly samples: number; readonly isDrawn: boolean },
): void {
  const problem =
    optimizer.kind !== 'sgd' && optimizer.kind !== 'momentum'
      ? `steps of ${optimizer.kind} are no polynomials in the Hessian; choose sgd or momentum`
      : groups !== undefined
        ? 'groups of parameters with steps of their own have no one learning rate; leave groups out'
        : batch === null || batch >= samples
          ? `batches of all ${samples} samples have no noise; choose a smaller batch`
          : follow.direction !== 'gradient'
            ? `a run that follows the ${follow.direction} part has that part's noise alone; follow the whole gradient`
            : isDrawn
              ? `${model} draws dropout masks or normalises by the batch in training, which is noise besides that of samples; choose another model`
              : undefined;
  if (problem !== undefined) throw new UsageError(`the law of the noise is that of SGD: ${problem}`);
}
