import type { TrainDocument } from '../../../../train/train-document.js';
import { trainSettings } from '../../shared/train-settings.js';
import { clientBatch, clients } from './tasks.js';

/** The runs whose clients are looked at. */
export interface Runs {
  readonly runs: readonly TrainDocument[];
}

/** What is the same for all rows of them. */
export const settings = ({ runs }: Runs): Record<string, unknown> => ({
  ...trainSettings(runs.map(({ run }) => run)),
  clients,
  'images of each in a round': clientBatch,
});
