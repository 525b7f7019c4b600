import { z } from 'zod';
import { observable } from './observable.js';

export const lossObservable = observable({
  id: 'loss',
  meaning: 'mean loss of all training samples',
  unit: 'loss',
  needs: ['loss'],
  schema: z.number(),
  compute: (measured) => measured.loss,
  columns: { loss: { heading: 'loss', digits: 4, isShown: true, of: (record) => record.loss } },
});
