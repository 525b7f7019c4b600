import { laws } from '../laws.js';
import { enlarged, withNoisyLevels, type BrokenLaws } from './broken-laws.js';

/** With noise: the seven levels. */
export const brokenNoiseSpectrum: BrokenLaws = {
  'a bulk of (k−1) d': {
    broken: withNoisyLevels((level, { classes: k, dim }) =>
      level.sector === 'bulk' ? { ...level, multiplicity: (k - 1) * dim } : level,
    ),
    caughtBy: 'seven-levels',
  },
  'a broken 2×2 block': {
    broken: withNoisyLevels((level) => (level.sector === 'standard+' ? enlarged(level, 1 + 1e-4) : level)),
    caughtBy: 'noisy-spectrum',
  },
  'a symmetric and an antisymmetric multiplicity exchanged': {
    broken: withNoisyLevels((level, { classes: k }) =>
      level.sector === 'antisymmetric' ? { ...level, multiplicity: (k * (k - 3)) / 2 } : level,
    ),
    caughtBy: 'seven-levels',
  },
  'a limit off by a constant': {
    broken: withNoisyLevels((level) => (level.sector === 'trivial' ? enlarged(level, 1.001) : level)),
    caughtBy: 'zero-noise-limit',
  },
  'a trivial level that stays above the symmetric one': {
    broken: withNoisyLevels((level) => (level.sector === 'trivial' ? enlarged(level, 1.5) : level)),
    caughtBy: 'trivial-level-ends-smallest',
  },
  'a simplex whose mean feature couples': {
    broken: withNoisyLevels((level) => (level.sector === 'standard-' ? enlarged(level, 1 + 1e-9) : level)),
    caughtBy: 'simplex-means',
  },
  'sectors under other names': {
    broken: { sectorName: (sector) => (sector === 'gauge' ? 'gauge' : laws.sectorName(sector)) },
    caughtBy: 'zero-noise-limit',
  },
};
