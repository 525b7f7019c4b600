import { accuracy, testAccuracy } from './accuracy.js';
import { dimensions } from './dimensions.js';
import { eigenvalueCeilings, eigenvalues, residuals, residualsFrom, rounding, unseenCeiling } from './eigenvalues.js';
import { gradientMatrices } from './gradient-matrices.js';
import { gradientNorm } from './gradient-norm.js';
import { loss } from './loss.js';
import { overlapGradientHessianGradient } from './overlap-gradient-hessian.js';
import { predictedChange } from './predicted-change.js';
import { step, time } from './progress.js';
import type { RecordOf } from './record.js';
import { hessianVectorProducts, stop } from './search.js';
import { subspaceOverlap } from './subspace-overlap.js';
import { topFraction, topFractionBounds } from './top-fraction.js';
import { updates } from './updates.js';
import { weights } from './weights.js';

/** What a record of a training run holds, in this order. Records, their type and schema, table, CSV, figures and docs come from this list. */
export const observables = [
  step,
  time,
  loss,
  accuracy,
  testAccuracy,
  gradientNorm,
  eigenvalues,
  residuals,
  residualsFrom,
  eigenvalueCeilings,
  rounding,
  unseenCeiling,
  topFraction,
  overlapGradientHessianGradient,
  topFractionBounds,
  stop,
  subspaceOverlap,
  dimensions,
  gradientMatrices,
  predictedChange,
  updates,
  hessianVectorProducts,
  weights,
] as const;

/** One full measurement of a network. χ_m of the gradient is √topFraction. */
export type TrainRecord = RecordOf<typeof observables>;
