import { dominantBulkFigure } from '../../../figures/dominant-bulk.js';
import { trainDefaults, type TrainConfig } from '../../run/train-config.js';
import type { TrainDocument } from '../../run/train-document.js';
import type { Claim, Experiment, Measurement, Results, Scale } from '../experiment.js';
import { exactParts } from '../probes/exact-parts.js';
import { probeTask, trainTask, type TrainTask } from '../task.js';
import { trainSettings } from '../train-settings.js';

const seeds = [1, 2] as const;
type Part = 'gradient' | 'dominant' | 'bulk';

/**
 * The top 10 eigenvectors are renewed every `refresh` steps, 2 s each, and the switch is looked at as often. Full: half the paper's 20,000 steps,
 * for the time. Quick: a smaller network whose gradient aligns less in so few steps, with a lower threshold.
 */
const scaled = {
  full: { model: 'mlp:200,200', samples: 5000, steps: 10_000, every: 500, refresh: 200, from: 1000, threshold: 0.95 },
  quick: { model: 'mlp:30,30', samples: 1000, steps: 800, every: 100, refresh: 50, from: 200, threshold: 0.6 },
} as const;

function runsOf(direction: Part, scale: Scale): TrainTask[] {
  const { model, samples, steps, every, refresh, from, threshold } = scaled[scale];
  const config: Omit<TrainConfig, 'seed'> = {
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
  const seconds = { full: direction === 'gradient' ? 90 : 190, quick: 5 }[scale];
  return seeds.map((seed) => trainTask({ ...config, seed }, seconds));
}

/** SGD, Dom-SGD and Bulk-SGD of one seed. */
interface Trio {
  readonly sgd: TrainDocument;
  readonly dominant: TrainDocument;
  readonly bulk: TrainDocument;
}

const allRuns = (scale: Scale): TrainTask[] =>
  (['gradient', 'dominant', 'bulk'] as const).flatMap((part) => runsOf(part, scale));

function trios(results: Results, scale: Scale): Trio[] {
  const [sgd, dominant, bulk] = (['gradient', 'dominant', 'bulk'] as const).map((part) =>
    runsOf(part, scale).map((task) => results.of(task).result),
  ) as [TrainDocument[], TrainDocument[], TrainDocument[]];
  return seeds.map((_, i) => ({ sgd: sgd[i]!, dominant: dominant[i]!, bulk: bulk[i]! }));
}

/** The step of the switch: the same for both, which are the same run until then. */
const switchOf = ({ dominant }: Trio): number | null => dominant.summary.followed!.since;

/** The loss of SGD at a step: between records, its logarithm is linear. All runs of a seed are the same until the switch. */
function lossAt({ records }: TrainDocument, step: number): number {
  const after = records.findIndex((record) => record.step >= step);
  const [b, a] = [records[after]!, records[Math.max(0, after - 1)]!];
  const share = b.step === a.step ? 0 : (step - a.step) / (b.step - a.step);
  return a.loss * (b.loss / a.loss) ** share;
}

/** The decrease of the loss from the switch to the end. The last three records are averaged, since losses swing. */
function fall({ sgd }: Trio, run: TrainDocument, since: number): number {
  return lossAt(sgd, since) - mean(run.records.slice(-3).map(({ loss }) => loss));
}

/** The decrease along a part over that of SGD; not a number, which meets no bound, where the switch never came. */
const relativeFall =
  (part: 'dominant' | 'bulk') =>
  (trio: Trio): number => {
    const since = switchOf(trio);
    return since === null ? NaN : fall(trio, trio[part], since) / fall(trio, trio.sgd, since);
  };

/** Mean f_top(10) of SGD from the switch on. */
function topFractionAfter(trio: Trio): number {
  const since = switchOf(trio) ?? 0;
  return mean(trio.sgd.records.filter(({ step }) => step >= since).map(({ topFraction }) => topFraction.lower));
}

function measured(results: Results, scale: Scale, value: (trio: Trio) => number): Measurement {
  const found = trios(results, scale);
  const missing = found.filter((trio) => switchOf(trio) === null).length;
  const [top, learnsInside, learnsOutside] = [topFractionAfter, relativeFall('dominant'), relativeFall('bulk')].map(
    (of) => mean(found.map(of)),
  ) as [number, number, number];
  const verdict =
    learnsInside < 0.5 && learnsOutside > 0.5
      ? 'SGD happens in the subspace, but does not learn in it'
      : learnsInside > 0.5
        ? 'what is learnt is learnt in the subspace too'
        : 'neither part alone learns as SGD does';
  return {
    values: found.map(value),
    beside: {
      'switch at step': found.map((trio) => switchOf(trio) ?? 'never').join(', '),
      'loss: SGD': mean(found.map(({ sgd }) => sgd.summary.finalLoss)),
      'Dom-SGD': mean(found.map(({ dominant }) => dominant.summary.finalLoss)),
      'Bulk-SGD': mean(found.map(({ bulk }) => bulk.summary.finalLoss)),
    },
    reason:
      missing > 0
        ? `the moving average of χ did not reach the threshold in ${missing} of ${found.length} runs`
        : `${verdict}: f_top(10) is ${top.toFixed(2)} after the switch, Dom-SGD makes ${learnsInside.toFixed(2)} of SGD's further decrease, Bulk-SGD ${learnsOutside.toFixed(2)}`,
    settings: { ...trainSettings(found.map(({ sgd }) => sgd.run)), follow: found[0]!.dominant.run.config.follow },
  };
}

const claim = (id: string, statement: string, target: Claim['target'], value: (trio: Trio) => number): Claim => ({
  id,
  statement,
  target,
  tasks: allRuns,
  measure: (results, scale) => {
    const { reason, ...rest } = measured(results, scale, value);
    return { ...rest, ...(id === 'dominant-bulk-dominant' && reason !== undefined && { reason }) }; // once for all rows
  },
});

/** Exact, at two noises that lie before and beyond the edge of the phase diagram: α/α* = 0.045 and 0.405. */
const exactClaim = (id: string, noise: number): Claim => {
  const setting = { classes: 5, dim: 8, noise, margin: 4.5, rate: 2, steps: 160 };
  const task = probeTask(exactParts, setting, { seconds: 2 });
  return {
    id,
    statement: `exact model, k = 5, σ = ${noise}: Dom-GD, decrease over that of GD`,
    target: { kind: 'none' },
    tasks: () => [task],
    measure: (results) => {
      const { topFraction, before, after } = results.of(task).result;
      const share = (part: 'dominant' | 'bulk'): number => (before - after[part]) / (before - after.gradient);
      return {
        values: [share('dominant')],
        beside: { 'the same of Bulk-GD': share('bulk'), 'f_top(k) at first': topFraction },
        settings: setting,
      };
    },
  };
};

/** Song, Ahn & Yun: does SGD really happen in tiny subspaces? */
export const dominantBulk: Experiment = {
  id: 'dominant-bulk',
  title: 'Happens in the subspace, or learns in it? Dom-SGD and Bulk-SGD',
  source: 'Song, Ahn & Yun 2024, arXiv:2405.16002, Section 3',
  data: 'mnist',
  about:
    'MLP of three layers, tanh, width 200, on the first 5000 images (standardised pixels), squared error, batch 50, η = 0.01. From the step on at which the moving average (factor 0.9) of χ₁₀ = ‖P₁₀ g‖/‖g‖ of the full gradient exceeds 0.95, Dom-SGD follows the part of the batch gradient in the top 10 eigenvectors alone, Bulk-SGD the rest. ' +
    'Values: the decrease of the full training loss after the switch over that of SGD with the same batches (the last three records averaged). Cut for time: 10,000 steps instead of 20,000, eigenvectors renewed, and χ averaged, every 200 steps from step 1000 on (the paper does not say how often; the top spaces of 300 steps apart overlap by more than 0.99 at that stage). Bounds are ours.',
  claims: [
    claim(
      'dominant-bulk-happens',
      'f_top(10) of SGD, mean after the switch',
      { kind: 'at least', bound: 0.8, says: 'gradients align' },
      topFractionAfter,
    ),
    claim(
      'dominant-bulk-dominant',
      'Dom-SGD: further decrease over that of SGD',
      { kind: 'at most', bound: 0.2, says: 'stalls' },
      relativeFall('dominant'),
    ),
    claim(
      'dominant-bulk-bulk',
      'Bulk-SGD: the same',
      { kind: 'at least', bound: 0.8, says: 'as effective as SGD' },
      relativeFall('bulk'),
    ),
    exactClaim('dominant-bulk-exact-quiet', 0.1),
    exactClaim('dominant-bulk-exact-noisy', 0.3),
  ],
  figures: [
    {
      id: 'dominant-bulk',
      tasks: allRuns,
      draw: (results, scale) => dominantBulkFigure(trios(results, scale)[0]!),
    },
  ],
};

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
