import { laws } from '../laws.js';
import { enlarged, withNoisyLevels, type BrokenLaws } from './broken-laws.js';

/** With noise: averages, scalars and the flow; any population. */
export const brokenFiniteNoise: BrokenLaws = {
  'moments 1e-9 too large': {
    broken: {
      softmaxMoment: (point, factors) => {
        const moment = laws.softmaxMoment(point, factors);
        return { ...moment, value: moment.value * (1 + 1e-9) };
      },
    },
    caughtBy: 'moment-identities',
  },
  'an error 1e-6 too large': {
    broken: {
      marginPoint: (point) => {
        const scalars = laws.marginPoint(point);
        return { ...scalars, error: scalars.error * (1 + 1e-6) };
      },
    },
    caughtBy: 'nishimori-identity',
  },
  'a noisy flow 1e-6 fast': {
    broken: {
      marginClock: (model, until) => {
        const clock = laws.marginClock(model, until === undefined ? until : 2 * until);
        return { ...clock, marginAt: (t) => clock.marginAt(t * (1 + 1e-6)) };
      },
    },
    caughtBy: 'noisy-flow',
  },
  'every level twice too large at large noise': {
    broken: withNoisyLevels((level, { noise }) => (noise > 1 ? enlarged(level, 2) : level)),
    caughtBy: 'finite-noise-levels',
  },
  'a loss 1 % too large for many classes': {
    broken: {
      marginPoint: (point) => {
        const scalars = laws.marginPoint(point);
        return { ...scalars, loss: (point.classes >= 5 ? 1.01 : 1) * scalars.loss };
      },
    },
    caughtBy: 'finite-noise-scalars',
  },
  'a population without priors': {
    broken: {
      populationPoint: (model, weights, quadrature) =>
        laws.populationPoint({ ...model, priors: model.priors.map(() => 1 / model.classes) }, weights, quadrature),
    },
    caughtBy: 'population-of-a-mixture',
  },
};
