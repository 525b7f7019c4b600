import { z } from 'zod';
import { atOnce, type Pausing } from '../../numeric/kernels/pausing.js';
import { dominance } from '../../observe/dominance.js';
import { updateSpectrumProgram } from '../../observe/update-spectrum.js';
import type { Measured } from './measured.js';
import { observable, type Frozen } from './observable.js';

const schema = z
  .strictObject({
    count: z.int().min(2),
    singularValues: z.array(z.number().min(0)),
    edge: z.int().min(1),
    relativeGap: z.number(),
    dominance: z.strictObject({ lower: z.number(), upper: z.number() }),
  })
  .nullable();

function* spectrumOfUpdates({
  run,
  snapshot,
  updates,
}: Pick<Measured, 'run' | 'snapshot' | 'updates'>): Pausing<Frozen<z.output<typeof schema>>> {
  if (updates.length < 2 || updates.every((update) => update.every((x) => x === 0))) return null;
  const { singularValues, relativeGaps, edge } = yield* updateSpectrumProgram(updates);
  const last = Float64Array.from(updates.at(-1)!);
  const isZero = last.every((x) => x === 0);
  const { lower, upper } = isZero ? { lower: 0, upper: 0 } : dominance(snapshot.spectrum, last, run.subspace);
  return {
    count: updates.length,
    singularValues,
    edge,
    relativeGap: relativeGaps[edge - 1]!,
    dominance: { lower, upper },
  };
}

/** Cost: w² inner products for w updates. */
export const updatesObservable = observable({
  id: 'updates',
  meaning:
    'of the last updates δ of θ: their singular values σ, the k with the largest σ_k/σ_{k+1}, (σ_k − σ_{k+1})/σ_k there, and χ_m = ‖P_m δ‖/‖δ‖ of the last one; null before there are two, or where they are not kept',
  unit: 'θ (σ), else 1',
  needs: ['run', 'snapshot', 'updates'],
  schema,
  compute: (measured) => atOnce(spectrumOfUpdates(measured)),
  program: spectrumOfUpdates,
  columns: {
    updateDominance: {
      heading: ({ subspace: m }) => `χ_${m}(δ)`,
      meaning: '‖P_m δ‖/‖δ‖ of the last update δ of θ, P_m on the top m Hessian eigenvectors',
      within: (record) => record.updates?.dominance ?? null,
    },
  },
});
