import { z } from 'zod';
import { observable } from './observable.js';

export const stopObservable = observable({
  id: 'stop',
  meaning:
    'what ended the search for eigenpairs: their residuals, f_top known to the accuracy asked for, or the whole space searched',
  unit: '–',
  needs: ['pairs'],
  schema: z.enum(['residual', 'top-fraction', 'whole-space']),
  compute: ({ pairs }) => pairs.stop,
});

export const hessianVectorProductsObservable = observable({
  id: 'hessianVectorProducts',
  meaning: 'Hessian products of the measurement, that with the gradient included',
  unit: 'products',
  needs: ['pairs'],
  schema: z.int().min(0),
  compute: ({ pairs }) => pairs.products + 1,
  columns: {
    hessianVectorProducts: {
      heading: 'Hv',
      digits: 'all',
      isShown: true,
      of: (record) => record.hessianVectorProducts,
    },
  },
});
