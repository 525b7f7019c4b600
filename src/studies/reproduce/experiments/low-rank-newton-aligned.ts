import type { Claim, Scale } from '../experiment.js';
import type { DecreaseAlongArguments } from '../probes/decrease-along.js';
import { partialDescent, type PartialDescent } from '../probes/partial-descent.js';
import { probeTask, type ProbeTask } from '../task.js';
import { mean } from '../train-row.js';
import { trainSettings } from '../train-settings.js';
import { alignedRuns } from './aligned-runs.js';
import { decreaseTasks } from './linear-decrease.js';

/** At equal steps no worse than gradient descent: our reading. */
export const useful = { kind: 'at least', bound: 1, says: 'a usable method' } as const;

/** From weights at which SGD has aligned the gradient; full gradients from there on. */
function alignedTasks(scale: Scale): ProbeTask<PartialDescent>[] {
  return alignedRuns(scale).map((run) =>
    probeTask(
      partialDescent,
      { config: run.config, run: run.key, direction: 'newton', ...descentOf(scale) },
      { after: [run], seconds: scale === 'full' ? 25 : 2 },
    ),
  );
}

/** The steps of the descents it is held against, but for the rate. */
function descentOf(scale: Scale): Pick<DecreaseAlongArguments, 'm' | 'tolerance' | 'descent'> {
  const { m, tolerance, descent } = decreaseTasks(scale)[0]!.arguments as DecreaseAlongArguments;
  return { m, tolerance, descent: { ...descent, rate: 1 } };
}

export const aligned: Claim = {
  id: 'low-rank-newton-aligned',
  statement: 'from the last weights of SGD, full gradients: low-rank Newton, η = 1',
  target: useful,
  tasks: (scale) => [...alignedRuns(scale), ...decreaseTasks(scale), ...alignedTasks(scale)],
  measure: (results, scale) => {
    const plain = decreaseTasks(scale).map((task) => results.of(task).result);
    const newton = alignedTasks(scale).map((task) => results.of(task).result.losses);
    const fall = (losses: readonly number[], step = losses.length - 1): number => losses[0]! - losses[step]!;
    const over = (step?: number): number[] =>
      newton.map((losses, i) => fall(losses, step) / fall(plain[i]!.descents.all));
    return {
      values: over(),
      beside: {
        'loss before': mean(newton.map((losses) => losses[0]!)),
        'loss after': mean(newton.map((losses) => losses.at(-1)!)),
        'by gradient descent': mean(plain.map(({ descents }) => descents.all.at(-1)!)),
        'f_top(10) before': mean(plain.map(({ topFraction }) => topFraction.lower)),
        'by its first step': mean(over(1)),
      },
      reason:
        mean(over(1)) > 0.9 * mean(over())
          ? 'nearly all of it by its first step: what lies in the top space is then used up'
          : 'not by its first step alone: the loss in the top space is not quadratic, or its directions turn',
      settings: {
        ...trainSettings(alignedRuns(scale).map((run) => results.of(run).result.run)),
        then: descentOf(scale),
      },
    };
  },
};
