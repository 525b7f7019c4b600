import { parseMixture } from '../../../data/data-source.js';
import { NumericalError, UsageError } from '../../../errors.js';
import { isSoftmaxRegression } from '../../../models/model-text.js';
import type { TrainDocument } from '../../../train/train-document.js';
import { noiselessStates } from '../../solve/noiseless-states.js';
import { noisyStates } from '../../solve/noisy-states.js';
import type { SolvedState } from '../../solve/solve-document.js';
import type { ResultColumn } from '../table.js';
import { levelAt } from './level-at.js';
import type { TrainPoint } from './train-point.js';

/** What the exact model has at the flow time of a record, by the names of columns. */
export type ExactRecord = Readonly<Record<string, number | null>>;

const where =
  'of the exact model at the same flow time: what it is in the limit of small steps, η → 0, and of infinitely many samples';

/** What is told of each state, in this order, for the m of f_top(m) that the run has. */
const quantities: Readonly<
  Record<string, { readonly meaning: string; readonly of: (state: SolvedState, m: number) => number | null }>
> = {
  loss: { meaning: 'loss', of: ({ loss }) => loss },
  accuracy: { meaning: 'share of samples that are classified rightly', of: ({ error }) => 1 - error },
  gradientNorm: { meaning: '‖g‖', of: ({ gradientNorm }) => gradientNorm },
  'topFraction.lower': {
    meaning: 'f_top(k), lower end, none for another m,',
    of: ({ topFraction }) => topFraction.lower,
  },
  'topFraction.upper': {
    meaning: 'f_top(k), upper end, none for another m,',
    of: ({ topFraction }) => topFraction.upper,
  },
  largestEigenvalue: { meaning: 'the largest eigenvalue of the Hessian', of: ({ levels }) => levelAt(levels, 1) },
  eigenvalueAtCut: { meaning: 'λ_m', of: ({ levels }, m) => levelAt(levels, m) },
  gap: { meaning: 'λ_m − λ_{m+1}', of: ({ levels }, m) => difference(levelAt(levels, m), levelAt(levels, m + 1)) },
  overlapGradientHessianGradient: {
    meaning: 'overlap(g, Hg)',
    of: ({ overlapGradientHessianGradient: overlap }) => overlap,
  },
};

/** The columns of exact counterparts: `exact.` before the name of the column beside which they stand. */
export const exactColumns: readonly ResultColumn[] = Object.entries(quantities).map(([name, { meaning }]) => ({
  name: `exact.${name}`,
  type: 'number',
  meaning: `${meaning} ${where}`,
}));

/**
 * Whether the flow that a run follows is solved: softmax regression with cross-entropy on the model's own mixture, all weights zero at the start, its whole gradient followed by plain SGD. Batches may be of any size:
 * they are noise about the flow.
 */
export function hasCounterpart({ config, initFrom }: TrainPoint): boolean {
  return (
    isSoftmaxRegression(config.model) &&
    config.loss === 'cross-entropy' &&
    config.initialisation === 'zeros' &&
    initFrom === undefined &&
    config.parameters === undefined &&
    config.optimizer.kind === 'sgd' &&
    config.groups === undefined &&
    config.follow.direction === 'gradient' &&
    !config.data.randomLabels &&
    parseMixture(config.data.source) !== undefined
  );
}

/** The exact model at the flow times of the records; null where there is none, or it is not solved there. Cost: some 10 ms a record. */
export function exactCounterpart(
  point: TrainPoint,
  { records, run: { subspace } }: Pick<TrainDocument, 'records' | 'run'>,
): ExactRecord[] | null {
  if (!hasCounterpart(point)) return null;
  const { config } = point;
  const { classes, dim, noise } = parseMixture(config.data.source)!;
  const { bias } = config;
  const times = records.map(({ time }) => time);
  try {
    const states =
      noise > 0
        ? noisyStates({ classes, dim, noise, bias }, { times })
        : noiselessStates({ classes, dim, times, bias, init: { kind: 'zero' }, levels: 1, seed: 0 });
    return states.map((state) => exactRecord(state, subspace, classes));
  } catch (error) {
    if (error instanceof UsageError || error instanceof NumericalError) return null; // outside its domain
    throw error;
  }
}

/** The closed form has f_top(k) alone. */
function exactRecord(state: SolvedState, m: number, classes: number): ExactRecord {
  const entries = Object.entries(quantities).map(([name, { of }]): [string, number | null] => [
    `exact.${name}`,
    name.startsWith('topFraction') && m !== classes ? null : of(state, m),
  ]);
  return Object.fromEntries(entries);
}

const difference = (from: number | null, less: number | null): number | null =>
  from === null || less === null ? null : from - less;
