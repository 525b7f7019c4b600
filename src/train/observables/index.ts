import { accuracyObservable, testAccuracyObservable } from './accuracy.js';
import { dimensionsObservable } from './dimensions.js';
import {
  eigenvalueCeilingsObservable,
  eigenvaluesObservable,
  residualsObservable,
  residualsFromObservable,
  roundingObservable,
  unseenCeilingObservable,
} from './eigenvalues.js';
import { gradientMatricesObservable } from './gradient-matrices.js';
import { gradientNormObservable } from './gradient-norm.js';
import { lossObservable } from './loss.js';
import type { Observable } from './observable.js';
import { noiseNullObservable } from './noise-null.js';
import { overlapGradientHessianGradientObservable } from './overlap-gradient-hessian.js';
import { predictedChangeObservable } from './predicted-change.js';
import { stepObservable, timeObservable } from './progress.js';
import type { TrainConfig } from '../train-config.js';
import type { RecordOf } from './record.js';
import { hessianVectorProductsObservable, stopObservable } from './search.js';
import { subspaceOverlapObservable } from './subspace-overlap.js';
import { topFractionObservable, topFractionBoundsObservable } from './top-fraction.js';
import { updatesObservable } from './updates.js';
import { weightsObservable } from './weights.js';

/** What a record of a training run holds, in this order. Records, their type and schema, table, CSV, figures and docs come from this list. */
export const observables = [
  stepObservable,
  timeObservable,
  lossObservable,
  accuracyObservable,
  testAccuracyObservable,
  gradientNormObservable,
  eigenvaluesObservable,
  residualsObservable,
  residualsFromObservable,
  eigenvalueCeilingsObservable,
  roundingObservable,
  unseenCeilingObservable,
  topFractionObservable,
  overlapGradientHessianGradientObservable,
  topFractionBoundsObservable,
  stopObservable,
  subspaceOverlapObservable,
  dimensionsObservable,
  gradientMatricesObservable,
  predictedChangeObservable,
  updatesObservable,
  hessianVectorProductsObservable,
  weightsObservable,
] as const;

/** What a record holds behind these where the configuration asks for it. */
export const askedObservables = [noiseNullObservable] as const;

/** What the records of a run hold. */
export function observablesOf({ noiseNull }: Pick<TrainConfig, 'noiseNull'>): readonly Observable[] {
  return noiseNull === undefined ? observables : [...observables, ...askedObservables];
}

/** One full measurement of a network. χ_m of the gradient is √topFraction. */
export type TrainRecord = RecordOf<typeof observables> & Partial<RecordOf<typeof askedObservables>>;
