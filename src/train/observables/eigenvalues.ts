import { z } from 'zod';
import type { Measured } from './measured.js';
import { observable } from './observable.js';

/** How many pairs are recorded: as many as the configuration asks for, or fewer where a search that ends early found fewer. */
export const recordedPairs = ({ run, pairs }: Pick<Measured, 'run' | 'pairs'>): number =>
  Math.min(run.config.top, pairs.values.length);

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

export const eigenvaluesObservable = observable({
  id: 'eigenvalues',
  meaning: 'the largest eigenvalues λ of the Hessian, descending',
  unit: 'loss/θ²',
  needs: ['run', 'pairs'],
  schema: z.array(z.number()),
  compute: ({ run, pairs }) => [...pairs.values.subarray(0, recordedPairs({ run, pairs }))],
});

export const residualsObservable = observable({
  id: 'residuals',
  meaning: '‖Hv − λv‖ of each of them',
  unit: 'loss/θ²',
  needs: ['run', 'pairs'],
  schema: z.array(z.number().min(0)),
  compute: ({ run, pairs }) => [...pairs.residuals.subarray(0, recordedPairs({ run, pairs }))],
});

export const residualsFromObservable = observable({
  id: 'residualsFrom',
  meaning:
    'where the residuals come from: products of their own, or A V = V T + R C of the search, at the tolerance of f32',
  unit: '–',
  needs: ['pairs'],
  schema: z.enum(['products', 'recurrence']),
  compute: ({ pairs }) => pairs.residualsFrom,
});

export const eigenvalueCeilingsObservable = observable({
  id: 'eigenvalueCeilings',
  meaning:
    'each eigenvalue lies between `eigenvalues` and this, copies of multiplets counted, give or take `rounding`, with a probability of at least 1 − 10⁻⁴ over the random vectors of the search; null where nothing is known',
  unit: 'loss/θ²',
  needs: ['run', 'pairs'],
  schema: z.array(z.number().nullable()),
  compute: ({ run, pairs }) => [...pairs.outer.subarray(0, recordedPairs({ run, pairs }))].map(finite),
});

export const roundingObservable = observable({
  id: 'rounding',
  meaning: 'measured rounding of Hessian products with the wanted eigenvectors; it is part of all bounds',
  unit: 'loss/θ²',
  needs: ['pairs'],
  schema: z.number().min(0),
  compute: ({ pairs }) => pairs.rounding,
  columns: { rounding: { heading: 'rounding', digits: 3, of: (record) => record.rounding } },
});

export const unseenCeilingObservable = observable({
  id: 'unseenCeiling',
  meaning:
    'no eigenvalue behind those that were computed is larger, as surely as the ceilings hold; null where the search gives no bound',
  unit: 'loss/θ²',
  needs: ['pairs'],
  schema: z.number().nullable(),
  compute: ({ pairs }) => finite(pairs.unseen),
});
