import { laws } from '../laws.js';
import type { BrokenLaws } from './broken-laws.js';

/** Biases. */
export const brokenBiases: BrokenLaws = {
  'biases that do not split': {
    broken: { biasLevels: (point, dim) => laws.symmetricLevels(point, dim) },
    caughtBy: 'bias-splitting',
  },
  'a gradient aligned with the larger member': {
    broken: {
      biasSnapshot: (k, dim, t) => ({
        ...laws.biasSnapshot(k, dim, t),
        gradient: laws
          .biasSnapshot(k, dim, t)
          .spectrum.basis(0)
          .slice(0, k * (k + 1)),
      }),
    },
    caughtBy: 'bias-splitting',
  },
};
