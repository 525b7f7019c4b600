import { z } from 'zod';
import { entriesOf, parts } from '../../loss/parameters.js';
import { matrixDimension } from '../../observe/matrix-dimension.js';
import { observable } from './observable.js';

/** Cost: for an [out, in] layer O(out · in · the smaller), 20 ms for 784-100-100-10. */
export const gradientMatricesObservable = observable({
  id: 'gradientMatrices',
  meaning:
    'of the gradient G by each weight tensor [out, …] as a matrix: stable rank ‖G‖_F²/‖G‖₂² and participation ratio (Σσ²)²/Σσ⁴; tensors without gradient are left out',
  unit: '1',
  needs: ['gradient', 'layout'],
  schema: z.array(z.strictObject({ parameter: z.string(), stableRank: z.number(), participationRatio: z.number() })),
  compute: ({ gradient, layout }) => {
    const byName = parts(layout, gradient);
    return layout.specs.flatMap(({ name, shape, role }) => {
      const data = byName[name] as Float64Array;
      if (role !== 'weight' || shape.length < 2 || data.every((x) => x === 0)) return [];
      const rows = shape[0]!;
      return [{ parameter: name, ...matrixDimension({ rows, columns: entriesOf(shape) / rows, data }) }];
    });
  },
  columns: {
    stableRank: {
      heading: 'stable rank',
      meaning: '‖G‖_F²/‖G‖₂² of the gradient by each weight matrix: the least and the largest of them',
      digits: 4,
      within: ({ gradientMatrices: matrices }) => {
        const ranks = matrices.map(({ stableRank }) => stableRank);
        return ranks.length === 0 ? null : { lower: Math.min(...ranks), upper: Math.max(...ranks) };
      },
    },
  },
});
