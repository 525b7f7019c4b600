import type { Change } from './settings.js';

/** Adam as its authors set it, with the learning rate 0.001. */
export const adam: Change = {
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  schedule: { kind: 'constant', rate: 1e-3 },
};
