import { laws } from '../laws.js';
import { rescaled, type BrokenLaws } from './broken-laws.js';

/** Two classes: the equations of the paper. */
export const brokenTwoClasses: BrokenLaws = {
  'Eq. (8) twice too large': {
    broken: { lateTimeHessian: (t) => rescaled(laws.lateTimeHessian(t), 2) },
    caughtBy: 'equation-8',
  },
  'Eq. (6) without the half': {
    broken: { lateTimeWeights: (t, initial) => rescaled(laws.lateTimeWeights(t, initial), 2) },
    caughtBy: 'equation-6',
  },
  'the corrected Eq. (7) with the printed factor': {
    broken: { lateTimeGradient: (t) => laws.printedGradient(t) },
    caughtBy: 'equation-7-corrected',
  },
  'the printed Eq. (7) with the corrected factor': {
    broken: { printedGradient: (t) => laws.lateTimeGradient(t) },
    caughtBy: 'equation-7-as-printed',
  },
};
