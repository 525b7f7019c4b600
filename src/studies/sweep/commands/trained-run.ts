import type { TrainDocument } from '../../../train/train-document.js';
import type { ExactRecord } from './exact-counterpart.js';

/** What a run of `train` leaves: its document, and at each record what the exact model has there, where there is one. */
export interface TrainedRun {
  readonly document: TrainDocument;
  readonly exact: readonly ExactRecord[] | null;
}
