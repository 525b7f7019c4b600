import { z } from 'zod';
import { gradientHessianOverlap } from '../../observe/gradient-hessian-overlap.js';
import { observable } from './observable.js';

export const overlapGradientHessianGradientObservable = observable({
  id: 'overlapGradientHessianGradient',
  meaning: 'overlap(g, Hg) = gᵀHg/(‖g‖ ‖Hg‖)',
  unit: '1',
  needs: ['snapshot'],
  schema: z.number().min(-1).max(1),
  compute: ({ snapshot }) => gradientHessianOverlap(snapshot),
  columns: {
    overlapGradientHessianGradient: {
      heading: 'overlap(g,Hg)',
      digits: 4,
      isShown: true,
      of: (record) => record.overlapGradientHessianGradient,
    },
  },
});
