import { laws } from '../laws.js';
import type { BrokenLaws } from './broken-laws.js';

/** Without noise: how f_top(k) comes to be 1. */
export const brokenCollapse: BrokenLaws = {
  'a flow twice as fast': {
    broken: { exactFlow: (k, initial) => ({ at: (t) => laws.exactFlow(k, initial).at(Math.min(1e12, 2 * t)) }) },
    caughtBy: 'decay-of-deviations',
  },
  'f_top as one number at a degenerate cut': {
    broken: {
      topFraction: (snapshot, m) => {
        const { lower, upper, ...rest } = laws.topFraction(snapshot, m);
        return { ...rest, lower: (lower + upper) / 2, upper: (lower + upper) / 2 };
      },
    },
    caughtBy: 'top-k-undefined-at-start',
  },
  'f_top that is 1 − 1e-6 too small late': {
    broken: {
      topFraction: (snapshot, m) => ({
        ...laws.topFraction(snapshot, m),
        lower: laws.topFraction(snapshot, m).lower * (1 - 1e-6),
      }),
    },
    caughtBy: 'collapse-rate',
  },
};
