import { laws } from '../laws.js';
import type { BrokenLaws } from './broken-laws.js';

/** With noise: linear response. */
export const brokenResponse: BrokenLaws = {
  'eigenvectors that do not turn': {
    broken: {
      linearResponse: (model, times) =>
        laws.linearResponse(model, times).map((state) => ({
          ...state,
          modes: state.modes.map((mode) => ({ ...mode, turned: mode.plain })),
        })),
    },
    caughtBy: 'linear-response-of-f-top',
  },
  'deviations half as large again': {
    broken: { collapse: (model, options) => laws.collapse(model, { ...options, delta: 1.5 * options.delta }) },
    caughtBy: 'collapse-statistics',
  },
  'an antisymmetric sector that decays like the bulk': {
    broken: {
      linearResponse: (model, times) =>
        laws
          .linearResponse(model, times)
          .map((state) => ({ ...state, decay: { ...state.decay, antisymmetric: state.decay.bulk } })),
    },
    caughtBy: 'sector-response',
  },
  'a mini-bulk that does not turn without noise': {
    broken: {
      noiselessResponse: (k, dim, times) =>
        laws.noiselessResponse(k, dim, times).map((state) => ({
          ...state,
          modes: state.modes.map((mode) => ({ ...mode, turned: mode.plain })),
        })),
    },
    caughtBy: 'sector-response',
  },
};
