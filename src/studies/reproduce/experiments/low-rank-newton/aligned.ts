import type { TrainDocument } from '../../../../train/train-document.js';
import type { Measurement, Scale } from '../../engine/experiment.js';
import type { ProbeTask } from '../../engine/task.js';
import type { DecreaseAlong, DescentArguments } from '../../probes/decrease-along.js';
import { partialDescent, type PartialDescent } from '../../probes/partial-descent.js';
import { alignedDescent } from '../../shared/aligned-descents.js';
import { alignedRuns } from '../../shared/aligned-runs.js';
import { probesAfter } from '../../shared/seeded.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';

/** The steps of the descents that Newton is held against, but for the rate. */
function newtonDescent(scale: Scale): Pick<DescentArguments, 'm' | 'tolerance' | 'descent'> {
  const plain = alignedDescent(scale);
  return { ...plain, descent: { ...plain.descent, rate: 1 } };
}

/** From weights at which SGD has aligned the gradient; full gradients from there on. */
export function newtonFromAligned(scale: Scale): ProbeTask<PartialDescent>[] {
  return probesAfter(
    alignedRuns(scale),
    partialDescent,
    (weights) => ({ ...weights, direction: 'newton' as const, ...newtonDescent(scale) }),
    scale === 'full' ? 25 : 2,
  );
}

interface Found {
  readonly runs: readonly TrainDocument[];
  readonly descents: readonly DecreaseAlong[];
  readonly newton: readonly PartialDescent[];
}

/** The decrease by Newton over that by gradient descent. */
export function fromAligned({ runs, descents, newton }: Found, scale: Scale): Measurement {
  const fall = (losses: readonly number[], step = losses.length - 1): number => losses[0]! - losses[step]!;
  const over = (step?: number): number[] =>
    newton.map(({ losses }, i) => fall(losses, step) / fall(descents[i]!.descents.all));
  return {
    values: over(),
    beside: {
      'loss before': meanOfValues(newton.map(({ losses }) => losses[0]!)),
      'loss after': meanOfValues(newton.map(({ losses }) => losses.at(-1)!)),
      'by gradient descent': meanOfValues(descents.map((plain) => plain.descents.all.at(-1)!)),
      'f_top(10) before': meanOfValues(descents.map(({ topFraction }) => topFraction.lower)),
      'by its first step': meanOfValues(over(1)),
    },
    reason:
      meanOfValues(over(1)) > 0.9 * meanOfValues(over())
        ? 'nearly all of it by its first step: what lies in the top space is then used up'
        : 'not by its first step alone: the loss in the top space is not quadratic, or its directions turn',
    settings: { ...trainSettings(runs.map(({ run }) => run)), then: newtonDescent(scale) },
  };
}
