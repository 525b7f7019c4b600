import { trainDefaults } from '../../../../train/train-config.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import type { Scale } from '../../engine/experiment.js';
import type { TrainTask } from '../../engine/task.js';
import { seededRuns } from '../../shared/seeded.js';
import type { Setting } from '../../shared/settings.js';
import { meanOfValues } from '../../shared/train-row.js';

type Part = 'gradient' | 'dominant' | 'bulk';

/**
 * The top 10 eigenvectors are renewed every `refresh` steps, 2 s each, and the switch is looked at as often. Full: 8000 of the paper's 20,000 steps,
 * for the time. Quick: a smaller network whose gradient aligns less in so few steps, with a lower threshold.
 */
const scaled = {
  full: { model: 'mlp:200,200', samples: 5000, steps: 8000, every: 500, refresh: 100, from: 4000, threshold: 0.95 },
  quick: { model: 'mlp:30,30', samples: 1000, steps: 600, every: 200, refresh: 50, from: 200, threshold: 0.4 },
} as const;

/** SGD that follows a part of its gradient: all of it, the top space, or the rest. */
export function runsOf(direction: Part, scale: Scale): TrainTask[] {
  const { model, samples, steps, every, refresh, from, threshold } = scaled[scale];
  const config: Setting = {
    ...trainDefaults,
    model,
    activation: 'tanh',
    loss: 'squared-error',
    data: { ...trainDefaults.data, samples, pixels: 'standardised' },
    schedule: { kind: 'constant', rate: 0.01 },
    batch: 50,
    follow:
      direction === 'gradient'
        ? trainDefaults.follow
        : { direction, refresh, from, switch: { threshold, factor: 0.9 } },
    steps,
    measureEvery: every,
    top: 11,
    tolerance: 1e-2,
    accuracy: 1e-2,
    keepWeights: 'last',
  };
  return seededRuns(config, { full: direction === 'gradient' ? 210 : 440, quick: 5 }[scale]);
}

/** SGD, Dom-SGD and Bulk-SGD of one seed. */
export interface Trio {
  readonly sgd: TrainDocument;
  readonly dominant: TrainDocument;
  readonly bulk: TrainDocument;
}

/** From the runs of all seeds. */
export function triosOf({ sgd, dominant, bulk }: { readonly [Part in keyof Trio]: readonly TrainDocument[] }): Trio[] {
  return sgd.map((run, seed) => ({ sgd: run, dominant: dominant[seed]!, bulk: bulk[seed]! }));
}

/** The step of the switch: the same for both, which are the same run until then. */
export const switchOf = ({ dominant }: Trio): number | null => dominant.summary.followed!.since;

/** The loss of SGD at a step: between records, its logarithm is linear. All runs of a seed are the same until the switch. */
function lossAt({ records }: TrainDocument, step: number): number {
  const after = records.findIndex((record) => record.step >= step);
  const [b, a] = [records[after]!, records[Math.max(0, after - 1)]!];
  const share = b.step === a.step ? 0 : (step - a.step) / (b.step - a.step);
  return a.loss * (b.loss / a.loss) ** share;
}

/** The decrease of the loss from the switch to the end. The last three records are averaged, since losses swing. */
export function fall({ sgd }: Trio, run: TrainDocument, since: number): number {
  return lossAt(sgd, since) - meanOfValues(run.records.slice(-3).map(({ loss }) => loss));
}
