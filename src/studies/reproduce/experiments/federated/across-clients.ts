import type { Measurement } from '../../engine/experiment.js';
import type { ClientCosines } from '../../probes/client-cosines.js';
import { meanOfValues } from '../../shared/train-row.js';
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
    values: found.cosines.map((one) => one[when]![split]),
    beside: {
      step: found.cosines[0]![when]!.step,
      loss: meanOfValues(found.cosines.map((one) => one[when]!.loss)),
      ...(split === 'random' && { predicted: meanOfValues(found.cosines.map((one) => one[when]!.predicted)) }),
      '−1/(N − 1)': -1 / (clients - 1),
    },
    settings: settings(found),
  });

/** How far clients with random samples are from the law of sampling. */
export function fromSamplingLaw(found: Found): Measurement {
  return {
    values: found.cosines.map((one) => Math.max(...one.map(({ random, predicted }) => Math.abs(random - predicted)))),
    reason:
      'one deal of the samples is seen, of which the cosine scatters by 0.02 to 0.035 between deals, measured apart over 20 deals at each of the six states. Over those deals the ratio of the mean product to the mean square is within 0.008 of the law with Tr C from all single gradients; the mean cosine, a mean of ratios, is 0.005 to 0.012 above that ratio. 30 random directions for Tr C move the prediction by 0.004 to 0.018',
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
