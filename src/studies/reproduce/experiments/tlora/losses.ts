import type { TrainDocument } from '../../../../train/train-document.js';
import type { Measurement, Scale } from '../../engine/experiment.js';
import type { ProbeTask } from '../../engine/task.js';
import {
  lowRankAdaptation,
  type LowRankAdaptation,
  type LowRankDescent,
  type LowRankStart,
} from '../../probes/low-rank-adaptation.js';
import { pretrainedRuns } from '../../shared/pretrained.js';
import { probesAfter } from '../../shared/seeded.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';

/** Of the update of each layer. The rows are judged at the third. */
export const updateRanks = [1, 2, 4, 8] as const;
const judged = updateRanks[2];

/** What is the same for all descents. */
const descents = (scale: Scale) =>
  ({
    ranks: scale === 'full' ? updateRanks : ([1, 2, 4, 8] as const),
    shared: judged,
    eigenvectors: scale === 'full' ? 10 : 2,
    tolerance: 1e-2,
    rate: 0.1,
    steps: scale === 'full' ? 100 : 2,
  }) as const;

/** The network adapted to its images transposed. */
export function adaptations(scale: Scale): ProbeTask<LowRankAdaptation>[] {
  return probesAfter(
    pretrainedRuns(scale),
    lowRankAdaptation,
    (weights) => ({ ...weights, ...descents(scale) }),
    scale === 'full' ? 35 : 3,
  );
}

interface Found {
  readonly runs: readonly TrainDocument[];
  readonly adapted: readonly LowRankAdaptation[];
}

const lossAt = ({ losses }: Pick<LowRankDescent, 'losses'>): number => losses.at(-1)!;

function descentOf({ descents: all }: LowRankAdaptation, start: LowRankStart, rank: number): LowRankDescent {
  return all.find((one) => one.start === start && one.rank === rank)!;
}

/** The loss after all steps from one start over that from another, at a rank. */
export const lossRatio =
  (start: LowRankStart, other: LowRankStart, rank: number = judged) =>
  ({ runs, adapted }: Found, scale: Scale): Measurement => {
    const over = (of: (one: LowRankAdaptation) => number): number => meanOfValues(adapted.map(of));
    const loss = (from: LowRankStart): number => over((one) => lossAt(descentOf(one, from, rank)));
    const caught = (from: LowRankStart): number => over((one) => descentOf(one, from, rank).caught);
    return {
      values: adapted.map((one) => lossAt(descentOf(one, start, rank)) / lossAt(descentOf(one, other, rank))),
      beside: {
        'loss before': over(({ full }) => full[0]!),
        'random A': loss('random'),
        'W Cov(x)': loss('covariance'),
        'Hessian’s top': loss('hessian'),
        'all weights': over(({ full }) => full.at(-1)!),
        'of ‖∇W‖², random A': caught('random'),
        'of ‖∇W‖², W Cov(x)': caught('covariance'),
        'of ‖∇W‖², Hessian': caught('hessian'),
      },
      settings: { ...trainSettings(runs.map(({ run }) => run)), then: descents(scale), rank },
    };
  };

/** The loss with ranks ∝ mean |W ⊙ ∇W| over that with the same rank in each layer. */
export function sharedRatio({ runs, adapted }: Found, scale: Scale): Measurement {
  return {
    values: adapted.map((one) => lossAt(one.shared) / lossAt(descentOf(one, 'covariance', judged))),
    beside: {
      'ranks of the layers': adapted.map(({ shared }) => shared.ranks.join('+')).join(', '),
      'mean |W ⊙ ∇W|': adapted[0]!.layers
        .map((_, i) => meanOfValues(adapted.map(({ sensitivities }) => sensitivities[i]!)).toPrecision(2))
        .join(', '),
    },
    settings: { ...trainSettings(runs.map(({ run }) => run)), then: descents(scale) },
  };
}
