import { laws, type Laws } from '../laws.js';
import { rescaled, type BrokenLaws } from './broken-laws.js';

/** Exact snapshots whose Hessian products y = (Hx)_i are replaced by f(y, x_i). */
const withHessian = (f: (y: number, x: number) => number): Partial<Laws> => ({
  exactSnapshot: (state, dim, top) => {
    const snapshot = laws.exactSnapshot(state, dim, top);
    const { hessian } = snapshot;
    const apply = (block: Float64Array, columns: number) =>
      hessian.apply(block, columns).map((y, i) => f(y, block[i]!));
    return { ...snapshot, hessian: { ...hessian, apply } };
  },
});

/** Without noise, from any W(0): the clock, the Hessian and its spectrum. */
export const brokenAnyStart: BrokenLaws = {
  'a spectrum with one eigenvalue missing': {
    broken: {
      exactEigenpairs: function* (state) {
        yield* [...laws.exactEigenpairs(state)].slice(1);
      },
    },
    caughtBy: 'spectrum-from-any-start',
  },
  'a clock that forgets the integral’s last term': {
    broken: { clockTime: (logQ, logS) => laws.clockTime(logQ, logS) * (1 - 1e-9) },
    caughtBy: 'clock-integral',
  },
  'a flow whose time runs 1e-9 fast': {
    broken: { exactFlow: (k, initial) => ({ at: (t) => laws.exactFlow(k, initial).at(t * (1 + 1e-9)) }) },
    caughtBy: 'logits-solve-the-flow',
  },
  'a loss off by 1 %': {
    broken: {
      exactFlow: (k, initial) => ({
        at: (t) => {
          const state = laws.exactFlow(k, initial).at(t);
          return { ...state, loss: 1.01 * state.loss };
        },
      }),
    },
    caughtBy: 'loss-falls',
  },
  'a Hessian off by 1 %': {
    broken: withHessian((y) => 1.01 * y),
    caughtBy: 'positive-semidefinite',
  },
  'a Hessian that sees the gauge': {
    broken: withHessian((y, x) => y + 1e-9 * x),
    caughtBy: 'gauge-null-space',
  },
  'f_top that ignores what is above the cut': {
    broken: { topFraction: (snapshot, m) => ({ ...laws.topFraction(snapshot, m), lower: 0 }) },
    caughtBy: 'top-fraction-interval',
  },
  'weights of another scale': {
    broken: { randomWeights: (k, scale, seed) => rescaled(laws.randomWeights(k, scale, seed), 1.02) },
    caughtBy: 'initial-weights',
  },
};
