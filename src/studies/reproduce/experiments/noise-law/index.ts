import type { TrainDocument } from '../../../../train/train-document.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement } from '../../engine/experiment.js';
import { trainSettings } from '../../shared/train-settings.js';
import { descent, lawRuns, otherBatches, otherRates, rowsOfPaper } from '../../shared/law-settings.js';

const all = [...rowsOfPaper, ...otherBatches, descent, ...otherRates];
const measured = (runs: readonly TrainDocument[]): Measurement => ({
  values: runs.map(({ summary }) => summary.finalTopFraction.lower),
  settings: trainSettings(runs.map(({ run }) => run)),
});

export const noiseLaw = experiment({
  id: 'noise-law',
  title: 'Why it happens: the noise of SGD',
  source: 'the noise law of SGD, derived here',
  data: 'mnist',
  about: '',
  needs: (scale) => Object.fromEntries(all.map((one) => [one.name, lawRuns(one, scale)])),
  claims: (claim) =>
    all.map((one) =>
      claim({
        id: `noise-law-${one.name}`,
        statement: one.statement,
        target: { kind: 'none' },
        uses: [one.name],
        measure: (found) => measured(found[one.name]!),
      }),
    ),
});
