import { z } from 'zod';
import { observable } from './observable.js';

export const weightsObservable = observable({
  id: 'weights',
  meaning: 'safetensors file of θ at this step, in the run folder; null without one',
  unit: '–',
  needs: ['weightsFile'],
  schema: z.string().nullable(),
  compute: ({ weightsFile }) => weightsFile,
});
