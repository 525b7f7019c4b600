import type { Measurement } from '../../engine/experiment.js';
import type { ClientCosines } from '../../probes/client-cosines.js';
import { deviationOfValues, meanOfValues } from '../../shared/train-row.js';
import { settings, type Runs } from './settings.js';
import { clients } from './tasks.js';

type Cosines = readonly ClientCosines[];
type Found = Runs & { readonly cosines: readonly Cosines[] };

/** Places of the two steps. */
export const [early, late] = [0, 1] as const;

/** The mean cosine between clients. */
export const cosine =
  (split: 'random' | 'byClass', when: typeof early | typeof late) =>
  (found: Found): Measurement => ({
    values: found.cosines.map((one) => (split === 'random' ? meanOfValues(one[when]!.random) : one[when]!.byClass)),
    beside: {
      step: found.cosines[0]![when]!.step,
      loss: meanOfValues(found.cosines.map((one) => one[when]!.loss)),
      ...(split === 'random' && { predicted: meanOfValues(found.cosines.map((one) => one[when]!.predicted)) }),
      '−1/(N − 1)': -1 / (clients - 1),
    },
    settings: settings(found),
  });

/** How far clients with random samples are from the law of sampling, on the mean over deals. */
export function fromSamplingLaw(found: Found): Measurement {
  const states = found.cosines.flat();
  const each = (of: (state: ClientCosines) => number): string =>
    [early, late].map((when) => meanOfValues(found.cosines.map((one) => of(one[when]!))).toFixed(3)).join(', ');
  return {
    values: found.cosines.map((one) =>
      Math.max(...one.map(({ random, predicted }) => Math.abs(meanOfValues(random) - predicted))),
    ),
    beside: {
      'cosine early, late': each(({ random }) => meanOfValues(random)),
      predicted: each(({ predicted }) => predicted),
      'ratio of means': each(({ ratio }) => ratio),
      'scatter of the cosine between deals': each(({ random }) => deviationOfValues(random)),
    },
    reason: `one deal alone is off by up to ${Math.max(...states.flatMap(({ random, predicted }) => random.map((x) => Math.abs(x - predicted)))).toFixed(3)}; the law is of the ratio of means, which is off by up to ${Math.max(...states.map(({ ratio, predicted }) => Math.abs(ratio - predicted))).toFixed(3)}`,
    settings: settings(found),
  };
}

/** How far late clients with one class each are from unit vectors that cancel. */
export function fromCancelling(found: Found): Measurement {
  const off = (one: Cosines, when: typeof early | typeof late): number =>
    Math.abs(one[when]!.byClass + 1 / (clients - 1));
  return {
    values: found.cosines.map((one) => off(one, late)),
    beside: { 'the same early': meanOfValues(found.cosines.map((one) => off(one, early))) },
    settings: settings(found),
  };
}
