import { z } from 'zod';
import { dominance } from '../../observe/dominance.js';
import { updateSpectrum } from '../../observe/update-spectrum.js';
import { observable } from './observable.js';

/** Cost: w² inner products for w updates. */
export const updatesObservable = observable({
  id: 'updates',
  meaning:
    'of the last updates δ of θ: their singular values σ, the k with the largest σ_k/σ_{k+1}, (σ_k − σ_{k+1})/σ_k there, and χ_m = ‖P_m δ‖/‖δ‖ of the last one; null before there are two, or where they are not kept',
  unit: 'θ (σ), else 1',
  needs: ['run', 'snapshot', 'updates'],
  schema: z
    .strictObject({
      count: z.int().min(2),
      singularValues: z.array(z.number().min(0)),
      edge: z.int().min(1),
      relativeGap: z.number(),
      dominance: z.strictObject({ lower: z.number(), upper: z.number() }),
    })
    .nullable(),
  compute: ({ run, snapshot, updates: kept }) => {
    const wide = kept.map((update) => Float64Array.from(update));
    if (wide.length < 2 || wide.every((update) => update.every((x) => x === 0))) return null;
    const { singularValues, relativeGaps, edge } = updateSpectrum(wide);
    const last = wide.at(-1)!;
    const isZero = last.every((x) => x === 0);
    const { lower, upper } = isZero ? { lower: 0, upper: 0 } : dominance(snapshot.spectrum, last, run.subspace);
    return {
      count: wide.length,
      singularValues,
      edge,
      relativeGap: relativeGaps[edge - 1]!,
      dominance: { lower, upper },
    };
  },
  columns: {
    updateDominance: {
      heading: ({ subspace: m }) => `χ_${m}(δ)`,
      meaning: '‖P_m δ‖/‖δ‖ of the last update δ of θ, P_m on the top m Hessian eigenvectors',
      within: (record) => record.updates?.dominance ?? null,
    },
  },
});
