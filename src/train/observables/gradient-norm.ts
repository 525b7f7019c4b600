import { z } from 'zod';
import { norm } from '../../numeric/kernels/norm.js';
import { observable } from './observable.js';

export const gradientNormObservable = observable({
  id: 'gradientNorm',
  meaning: 'length ‖g‖ of the gradient',
  unit: 'loss/θ',
  needs: ['gradient'],
  schema: z.number().min(0),
  compute: ({ gradient }) => norm(gradient),
  columns: { gradientNorm: { heading: '‖g‖', digits: 4, isShown: true, of: (record) => record.gradientNorm } },
});
