import type { TrainDocument } from '../../../../train/train-document.js';
import type { Measurement, Scale } from '../../engine/experiment.js';
import type { ProbeTask } from '../../engine/task.js';
import { postTraining, type Feasible, type PostTraining } from '../../probes/post-training.js';
import { pretrainedRuns } from '../../shared/pretrained.js';
import { probesAfter } from '../../shared/seeded.js';
import { classes } from '../../shared/settings.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';

const descents = (scale: Scale) =>
  ({ m: scale === 'full' ? classes : 2, tolerance: 1e-2, rate: 0.05, steps: scale === 'full' ? 60 : 2 }) as const;

/** The network trained on with its images transposed. */
export function postTrainings(scale: Scale): ProbeTask<readonly PostTraining[]>[] {
  return probesAfter(
    pretrainedRuns(scale),
    postTraining,
    (weights) => ({ ...weights, ...descents(scale) }),
    scale === 'full' ? 15 : 2,
  );
}

interface Found {
  readonly runs: readonly TrainDocument[];
  readonly trained: readonly (readonly PostTraining[])[];
}

const ofSet = (seed: readonly PostTraining[], set: Feasible): PostTraining => seed.find((one) => one.set === set)!;
const forgotten = ({ general }: Pick<PostTraining, 'general'>): number => general.at(-1)! - general[0]!;

/** What of the general loss is lost where the target's loss first comes down to a level, linear between steps; NaN where it does not. */
export function forgottenAt({ target, general }: Pick<PostTraining, 'target' | 'general'>, level: number): number {
  const after = target.findIndex((loss) => loss <= level);
  if (after <= 0) return after === 0 ? 0 : NaN;
  const [a, b] = [target[after - 1]!, target[after]!];
  const share = (a - level) / (a - b);
  return general[after - 1]! + share * (general[after]! - general[after - 1]!) - general[0]!;
}

/** Forgetting with a projection over that without, where both have come to the same loss on the target: the last of the one that is behind. */
export const relativeForgetting =
  (set: Feasible) =>
  ({ runs, trained }: Found, scale: Scale): Measurement => {
    const over = (of: (seed: readonly PostTraining[]) => number): number => meanOfValues(trained.map(of));
    return {
      values: trained.map((seed) => {
        const [own, plain] = [ofSet(seed, set), ofSet(seed, 'plain')];
        const level = Math.max(own.target.at(-1)!, plain.target.at(-1)!);
        return forgottenAt(own, level) / forgottenAt(plain, level);
      }),
      beside: {
        'target before': over(([one]) => one!.target[0]!),
        'target, plain': over((seed) => ofSet(seed, 'plain').target.at(-1)!),
        'target, projected': over((seed) => ofSet(seed, set).target.at(-1)!),
        'forgotten, plain': over((seed) => forgotten(ofSet(seed, 'plain'))),
        'forgotten, projected': over((seed) => forgotten(ofSet(seed, set))),
      },
      settings: { ...trainSettings(runs.map(({ run }) => run)), then: descents(scale) },
    };
  };

/** What is forgotten plainly, over its second order at the start. */
export function overSecondOrder({ runs, trained }: Found, scale: Scale): Measurement {
  const plain = trained.map((seed) => ofSet(seed, 'plain'));
  return {
    values: plain.map((one) => forgotten(one) / one.secondOrder),
    beside: {
      forgotten: meanOfValues(plain.map(forgotten)),
      'to second order': meanOfValues(plain.map(({ secondOrder }) => secondOrder)),
      'of it in the top 10': meanOfValues(plain.map(({ top, secondOrder }) => top / secondOrder)),
    },
    settings: { ...trainSettings(runs.map(({ run }) => run)), then: descents(scale) },
  };
}
