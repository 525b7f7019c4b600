import type { TrainDocument } from '../../../../train/train-document.js';
import type { Measurement } from '../../engine/experiment.js';
import type { DimensionsAlong, GradientDimensions } from '../../probes/gradient-dimensions.js';
import { dimensionBatches, updatesWindow } from '../../shared/modular-dimensions.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';
import { typicalOf } from './scaling.js';

/** The grokking runs with weight decay, and what was found along them and along those without, seed by seed. */
export interface AlongRuns {
  readonly runs: readonly TrainDocument[];
  readonly along: readonly DimensionsAlong[];
  readonly still: readonly DimensionsAlong[];
}

/** The first measured steps at which training and test accuracy reach 0.95; Infinity where they do not. */
export function grokkingTurns({ records }: Pick<TrainDocument, 'records'>): {
  readonly memorised: number;
  readonly grokked: number;
} {
  const first = (of: (record: TrainDocument['records'][number]) => number | undefined | null): number =>
    records.find((record) => (of(record) ?? 0) >= 0.95)?.step ?? Infinity;
  return { memorised: first(({ accuracy }) => accuracy), grokked: first(({ testAccuracy }) => testAccuracy) };
}

type Dimension = 'coordinates' | 'covariance' | 'updates' | 'centred';

/** Typical values between memorising and grokking, and from grokking on; NaN where a phase has none. */
function phases(run: TrainDocument, { states }: DimensionsAlong, of: Dimension): readonly [number, number] {
  const { memorised, grokked } = grokkingTurns(run);
  const within = (from: number, to: number): number =>
    typicalOf(states.filter(({ step }) => step >= from && step < to).flatMap((state) => state[of] ?? []));
  return [within(memorised, grokked), within(grokked, Infinity)];
}

const settings = ({ runs }: AlongRuns): Record<string, unknown> => ({
  ...trainSettings(runs.map(({ run }) => run)),
  ...dimensionBatches,
  updates: updatesWindow,
});

/** By which factor a dimension changes at grokking, up or down; beside it the same steps of the runs without weight decay, which do not grok. */
export const changeAlong =
  (of: Dimension) =>
  (found: AlongRuns): Measurement => {
    const { runs, along, still } = found;
    const pairs = along.map((one, i) => phases(runs[i]!, one, of));
    if (pairs.flat().some(Number.isNaN))
      return {
        values: [],
        reason: 'in some run nothing was measured before or after grokking',
        settings: settings(found),
      };
    const controls = still.map((one, i) => phases(runs[i]!, one, of));
    const mean = (values: readonly number[]): number => meanOfValues(values);
    const either = ([before, after]: readonly [number, number]): number => Math.exp(Math.abs(Math.log(after / before)));
    const arrows = (of: typeof pairs): string =>
      of.map((pair) => pair.map((x) => x.toPrecision(3)).join(' → ')).join('; ');
    return {
      values: pairs.map(either),
      reason: `before → after in each run: ${arrows(pairs)}; at the same steps without weight decay: ${arrows(controls)}. What sets them was not found out`,
      beside: {
        before: mean(pairs.map(([before]) => before)),
        after: mean(pairs.map(([, after]) => after)),
        'without weight decay, same steps': `${mean(controls.map(([before]) => before)).toPrecision(3)}, ${mean(controls.map(([, after]) => after)).toPrecision(3)}`,
        'i.i.d. Gaussian': gaussianOf(along[0]!, of),
        'grokked at step': runs.map((run) => grokkingTurns(run).grokked).join(', '),
      },
      settings: settings(found),
    };
  };

function gaussianOf({ parameters, nulls }: DimensionsAlong, of: Dimension): number {
  switch (of) {
    case 'coordinates':
      return (parameters + 2) / 3;
    case 'covariance':
      return parameters;
    case 'centred':
      return nulls.centred;
    case 'updates':
      return nulls.updates;
  }
}

/** By which factor, typically, the dimension over samples is off (Tr H)²/Tr H², up or down, once it is memorised. */
export function againstHessian(found: AlongRuns): Measurement {
  const looked = found.along.map(({ states }, i) => {
    const { memorised } = grokkingTurns(found.runs[i]!);
    return states.filter(
      ({ step, hessian, covariance }) => step >= memorised && hessian !== null && covariance !== null,
    );
  });
  if (looked.some(({ length }) => length === 0))
    return { values: [], reason: 'in some run nothing was measured once it is memorised', settings: settings(found) };
  const factor = ({ covariance, hessian }: GradientDimensions): number => Math.abs(Math.log(covariance! / hessian!));
  const each = (of: (state: GradientDimensions) => number): string =>
    looked[0]!.map((state) => of(state).toPrecision(3)).join(', ');
  return {
    values: looked.map((states) => Math.exp(meanOfValues(states.map(factor)))),
    beside: {
      'at steps (first seed)': looked[0]!.map(({ step }) => step).join(', '),
      'of C': each(({ covariance }) => covariance!),
      'of H': each(({ hessian }) => hessian!),
    },
    settings: settings(found),
  };
}
