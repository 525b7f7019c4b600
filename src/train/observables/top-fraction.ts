import { z } from 'zod';
import { topFraction } from '../../observe/top-fraction.js';
import { knownTopFraction, type RecordedTopFraction } from '../known-top-fraction.js';
import { observable } from './observable.js';

/** f_top(m), and the eigenvalues on either side of its cut. */
type Reads = RecordedTopFraction & {
  readonly topFraction: { readonly gap: number };
  readonly eigenvalues: readonly number[];
};

/** λ_m/λ_{m+1}; null unless both are recorded and the lower one is positive. */
export function ratioAtCut(eigenvalues: readonly number[], m: number): number | null {
  const [above, below] = [eigenvalues[m - 1], eigenvalues[m]];
  return above !== undefined && below !== undefined && below > 0 ? above / below : null;
}

export const topFractionObservable = observable({
  id: 'topFraction',
  meaning:
    'f_top(m) = ‖P_m g‖²/‖g‖², P_m on the top m eigenvectors of the Hessian, over all choices of these where λ_m and λ_{m+1} cannot be told apart; gap λ_m − λ_{m+1}; null: m/parameters, what a random direction has',
  unit: '1; gap: loss/θ²',
  needs: ['run', 'snapshot'],
  schema: z.strictObject({
    lower: z.number().min(0).max(1),
    upper: z.number().min(0).max(1),
    gap: z.number(),
    null: z.number(),
  }),
  compute: ({ run, snapshot }) => topFraction(snapshot, run.subspace),
  columns: {
    topFraction: {
      heading: ({ subspace: m }) => `f_top(${m})`,
      meaning:
        'the share of the squared gradient in the top m Hessian eigenvectors; as topFractionBounds has it where there are bounds',
      isShown: true,
      within: (record: Reads) => knownTopFraction(record),
    },
    largestEigenvalue: {
      heading: 'λ₁',
      meaning: 'the largest eigenvalue of the Hessian',
      digits: 4,
      isShown: true,
      of: ({ eigenvalues }: Reads) => eigenvalues[0] ?? null,
    },
    eigenvalueAtCut: {
      heading: ({ subspace: m }) => `λ_${m}`,
      meaning: 'the eigenvalue above the cut',
      digits: 4,
      isShown: true,
      of: ({ eigenvalues }: Reads, { subspace: m }) => eigenvalues[m - 1] ?? null,
    },
    gap: {
      heading: 'gap',
      meaning: 'λ_m − λ_{m+1}',
      digits: 3,
      isShown: true,
      of: ({ topFraction: { gap } }: Reads) => gap,
    },
    eigenvalueRatio: {
      heading: ({ subspace: m }) => `λ_${m}/λ_${m + 1}`,
      meaning:
        'the ratio of the eigenvalues on either side of the cut, λ_m/λ_{m+1}; none where the lower one is not recorded or not positive',
      digits: 4,
      of: ({ eigenvalues }: Reads, { subspace: m }) => ratioAtCut(eigenvalues, m),
    },
  },
});

export const topFractionBoundsObservable = observable({
  id: 'topFractionBounds',
  meaning:
    'where f_top(m) lies, residuals and rounding allowed for, as surely as the ceilings hold, and its value for the vectors found; null where m is all of the spectrum',
  unit: '1',
  needs: ['pairs'],
  schema: z.strictObject({ lower: z.number(), upper: z.number(), estimate: z.number().exactOptional() }).nullable(),
  compute: ({ pairs: { topFraction: bounds } }) => {
    if (bounds === undefined) return null;
    const { lower, upper, estimate } = bounds;
    return { lower, upper, estimate };
  },
});
