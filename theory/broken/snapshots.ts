import { laws } from '../laws.js';
import { rescaled, type BrokenLaws } from './broken-laws.js';

/** Exact snapshots as a whole. */
export const brokenSnapshots: BrokenLaws = {
  'levels without error bars': {
    broken: {
      symmetricSnapshot: (k, dim, t) => {
        const snapshot = laws.symmetricSnapshot(k, dim, t);
        const levels = snapshot.spectrum.levels.map((level) => ({ ...level, error: 0 }));
        return { ...snapshot, spectrum: { ...snapshot.spectrum, levels } };
      },
    },
    caughtBy: 'symmetric-snapshots',
  },
  'a snapshot with the gradient of −loss': {
    broken: {
      exactSnapshot: (state, dim, top) => {
        const snapshot = laws.exactSnapshot(state, dim, top);
        return { ...snapshot, gradient: rescaled(snapshot.gradient, -1) };
      },
    },
    caughtBy: 'snapshots-from-any-start',
  },
  'symmetric and antisymmetric parts exchanged': {
    broken: {
      splitSectors: (k, X) => {
        const parts = laws.splitSectors(k, X);
        return { ...parts, symmetric: parts.antisymmetric, antisymmetric: parts.symmetric };
      },
    },
    caughtBy: 'noisy-snapshots',
  },
};
