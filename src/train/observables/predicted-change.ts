import { z } from 'zod';
import { cutAfter } from '../../observe/multiplet.js';
import { predictedChange } from '../../observe/predicted-change.js';
import { observable } from './observable.js';

const range = z.strictObject({ lower: z.number(), upper: z.number() });
const order = z.strictObject({ top: range, bulk: range, all: z.number() });

/** A cut that goes through a multiplet which may go on below the last pair gives no range. */
export const predictedChangeObservable = observable({
  id: 'predictedChange',
  meaning:
    'change of the loss by a step −ηg of gradient descent and by its parts in the top m eigenvectors and outside, to first and second order; null where λ_m cannot be told from the last eigenvalue',
  unit: 'loss',
  needs: ['run', 'snapshot', 'rate'],
  schema: z.strictObject({ firstOrder: order, secondOrder: order }).nullable(),
  compute: ({ run: { subspace: m }, snapshot, rate }) =>
    cutAfter(snapshot.spectrum, m).open ? null : predictedChange(snapshot, m, rate),
  columns: {
    predictedChange: {
      heading: 'δL',
      meaning: 'change of the loss by a step −ηg, predicted to second order',
      digits: 4,
      of: (record) => record.predictedChange?.secondOrder.all ?? null,
    },
  },
});
