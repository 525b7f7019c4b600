import { z } from 'zod';
import { effectiveDimension, effectiveRank, participationRatio } from '../../observe/spectral-dimension.js';
import { observable } from './observable.js';

export const dimensionsObservable = observable({
  id: 'dimensions',
  meaning:
    'of the eigenvalues that are computed: (Σλ)²/Σλ², exp of the entropy of λ/Σλ, and Σ λ/(λ + 1/t), t the time: how many directions are so curved that gradient flow has settled them by now; null where none is positive',
  unit: '1',
  needs: ['snapshot'],
  schema: z
    .strictObject({ participationRatio: z.number(), effectiveRank: z.number(), effectiveDimension: z.number() })
    .nullable(),
  compute: ({ snapshot: { spectrum, time } }) => {
    if (!spectrum.levels.some(({ value }) => value > 0)) return null;
    return {
      participationRatio: participationRatio(spectrum),
      effectiveRank: effectiveRank(spectrum),
      effectiveDimension: time > 0 ? effectiveDimension(spectrum, 1 / time) : 0,
    };
  },
  columns: {
    participationRatio: {
      heading: '(Σλ)²/Σλ²',
      meaning: 'participation ratio of the eigenvalues that are computed',
      digits: 4,
      of: (record) => record.dimensions?.participationRatio ?? null,
    },
    effectiveRank: {
      heading: 'effective rank',
      meaning: 'exp of the entropy of λ/Σλ, of the eigenvalues that are computed',
      digits: 4,
      of: (record) => record.dimensions?.effectiveRank ?? null,
    },
    effectiveDimension: {
      heading: 'Σλ/(λ+1/t)',
      meaning: 'how many directions gradient flow has settled by now',
      digits: 4,
      of: (record) => record.dimensions?.effectiveDimension ?? null,
    },
  },
});
