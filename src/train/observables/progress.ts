import { z } from 'zod';
import { observable } from './observable.js';

export const stepObservable = observable({
  id: 'step',
  meaning: 'steps made so far',
  unit: 'steps',
  needs: ['step'],
  schema: z.int().min(0),
  compute: (measured) => measured.step,
  columns: { step: { heading: 'step', digits: 'all', isShown: true, of: (record) => record.step } },
});

export const timeObservable = observable({
  id: 'time',
  meaning: 'sum of the learning rates of these steps: the time of gradient flow',
  unit: 'θ²/loss',
  needs: ['time'],
  schema: z.number(),
  compute: (measured) => measured.time,
  columns: { time: { heading: 't', of: (record) => record.time } },
});
