import { z } from 'zod';
import { atOnce, type Pausing } from '../../numeric/kernels/pausing.js';
import { entriesOf, parts } from '../../loss/parameters.js';
import { matrixDimensionProgram, type MatrixDimension } from '../../observe/matrix-dimension.js';
import type { Measured } from './measured.js';
import { observable } from './observable.js';

/** A weight tensor with its dimensions. */
type TensorDimension = MatrixDimension & { readonly parameter: string };

function* dimensions({ gradient, layout }: Pick<Measured, 'gradient' | 'layout'>): Pausing<TensorDimension[]> {
  const byName = parts(layout, gradient);
  const found: TensorDimension[] = [];
  for (const { name, shape, role } of layout.specs) {
    const data = byName[name]!;
    if (role !== 'weight' || shape.length < 2 || data.every((x) => x === 0)) continue;
    const rows = shape[0]!;
    const matrix = { rows, columns: entriesOf(shape) / rows, data };
    found.push({ parameter: name, ...(yield* matrixDimensionProgram(matrix)) });
  }
  return found;
}

/** Cost: for an [out, in] layer O(out · in · the smaller), 20 ms for 784-100-100-10. */
export const gradientMatricesObservable = observable({
  id: 'gradientMatrices',
  meaning:
    'of the gradient G by each weight tensor [out, …] as a matrix: stable rank ‖G‖_F²/‖G‖₂² and participation ratio (Σσ²)²/Σσ⁴; tensors without gradient are left out',
  unit: '1',
  needs: ['gradient', 'layout'],
  schema: z.array(z.strictObject({ parameter: z.string(), stableRank: z.number(), participationRatio: z.number() })),
  compute: (measured) => atOnce(dimensions(measured)),
  program: dimensions,
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
