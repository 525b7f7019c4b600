import { laws } from '../laws.js';
import { enlarged, withNoisyLevels, type BrokenLaws } from './broken-laws.js';

/** With noise: where the gradient leaves the top subspace. */
export const brokenNoiseBoundary: BrokenLaws = {
  'levels shifted by 3σ² instead of 2σ²': {
    broken: withNoisyLevels((level, { noise }) => ({ ...level, ratio: level.ratio + noise ** 2 / 2 })),
    caughtBy: 'small-noise-levels',
  },
  'a law of (1 − 1/k)/2': {
    broken: { smallNoiseLaw: (k) => (1 - 1 / k) / 2 },
    caughtBy: 'small-noise-law',
  },
  'a crossing with a power correction': {
    broken: {
      firstCrossing: (k, noise, rho) => {
        const crossing = laws.firstCrossing(k, noise, rho);
        return { ...crossing, relativeMargin: crossing.relativeMargin + 1e-3 * noise ** 4 };
      },
    },
    caughtBy: 'small-noise-law',
  },
  'a boundary that forgets ρ': {
    broken: { firstCrossing: (k, noise) => laws.firstCrossing(k, noise) },
    caughtBy: 'boundary-independent-of-rho',
  },
  'a standard level that crosses first for close means': {
    broken: withNoisyLevels((level, { correlation = 0 }) =>
      level.sector === 'standard-' && correlation > 0.5 ? enlarged(level, 1.5) : level,
    ),
    caughtBy: 'boundary-independent-of-rho',
  },
  'f_top that follows the proxy': {
    broken: { topFraction: (snapshot, m) => ({ ...laws.topFraction(snapshot, m), lower: 1, upper: 1 }) },
    caughtBy: 'overlap-blind-to-the-boundary',
  },
  'a boundary 10 % late': {
    broken: {
      boundary: (k, noise, rho) => {
        const found = laws.boundary(k, noise, rho);
        return { ...found, margin: 1.1 * found.margin, relativeMargin: 1.1 * found.relativeMargin };
      },
    },
    caughtBy: 'boundary',
  },
  'a map upside down': {
    broken: {
      phaseDiagram: function* (options) {
        for (const row of laws.phaseDiagram(options)) {
          const points = row.points.map((point) => ({
            ...point,
            topFraction: { lower: 1 - point.topFraction.upper, upper: 1 - point.topFraction.lower },
          }));
          yield { ...row, points };
        }
      },
    },
    caughtBy: 'phase-diagram',
  },
  'a boundary that is reached 1 % late': {
    broken: { flowLogTime: (model, margin) => laws.flowLogTime(model, margin) + 0.01 },
    caughtBy: 'boundary',
  },
};
