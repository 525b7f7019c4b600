import { grokkingData, grokkingFigure } from '../../../../../figures/grokking.js';
import { knownTopFraction } from '../../../../train/known-top-fraction.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement } from '../../engine/experiment.js';
import { meanOfValues, topFractionError } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';
import { phasesOf, sharpnessAt, turningPoints, type Phases } from './phases.js';
import { grokkingRuns } from './runs.js';

interface Runs {
  readonly runs: readonly TrainDocument[];
}

const settingsOf = ({ runs }: Runs): Pick<Measurement, 'settings'> => ({
  settings: trainSettings(runs.map(({ run }) => run)),
});

const neither = (what: string): string => `in some run ${what} exceeded 0.99 at no measurement`;

function memorised(found: Runs): Measurement {
  const turns = found.runs.flatMap((run) => turningPoints(run).memorised ?? []);
  if (turns.length < found.runs.length)
    return { values: [], reason: neither('training accuracy'), ...settingsOf(found) };
  return {
    values: turns.map(({ testAccuracy }) => testAccuracy!),
    beside: {
      'at step': turns.map(({ step }) => step).join(', '),
      'training accuracy': meanOfValues(turns.map(({ accuracy }) => accuracy!)),
      loss: meanOfValues(turns.map(({ loss }) => loss)),
    },
    ...settingsOf(found),
  };
}

function generalised(found: Runs): Measurement {
  const turns = found.runs.map((run) => turningPoints(run).generalised?.step ?? 'never');
  return {
    values: found.runs.map(({ summary }) => summary.finalTestAccuracy!),
    beside: {
      'at step': found.runs.map(({ run }) => run.config.steps).join(', '),
      'training accuracy': meanOfValues(found.runs.map(({ summary }) => summary.finalAccuracy!)),
      loss: meanOfValues(found.runs.map(({ summary }) => summary.finalLoss)),
      'above 0.99 from step': turns.join(', '),
    },
    ...settingsOf(found),
  };
}

/** f_top(m) averaged over the measurements of a phase. */
const inPhase =
  (phase: keyof Phases) =>
  (found: Runs): Measurement => {
    const phases = found.runs.map((run) => phasesOf(run)[phase]);
    if (phases.some(({ length }) => length === 0))
      return { values: [], reason: 'in some run no measurement is in it', ...settingsOf(found) };
    const fractions = phases.map((records) => records.map(knownTopFraction));
    const all = fractions.flat();
    return {
      values: fractions.map((own) => meanOfValues(own.map(({ middle }) => middle))),
      beside: {
        'single steps': `${Math.min(...all.map(({ lower }) => lower)).toFixed(2)} to ${Math.max(...all.map(({ upper }) => upper)).toFixed(2)}`,
        'known to ±': topFractionError(phases.flat()),
        'random direction': found.runs[0]!.summary.finalTopFraction.null,
        'overlap(g, Hg)': meanOfValues(phases.flat().map((record) => record.overlapGradientHessianGradient)),
      },
      ...settingsOf(found),
    };
  };

function sharpness(found: Runs): Measurement {
  const { runs } = found;
  const largest = runs.map(({ run, records }) =>
    records.filter(({ step }) => step > 0).reduce((a, b) => (sharpnessAt(run, b) > sharpnessAt(run, a) ? b : a)),
  );
  return {
    values: runs.map(({ run }, i) => sharpnessAt(run, largest[i]!)),
    beside: {
      'at step': largest.map(({ step }) => step).join(', '),
      'ηλ₁ at first': meanOfValues(runs.map(({ run, records }) => sharpnessAt(run, records[0]!))),
      'ηλ₁ at the end': meanOfValues(runs.map(({ run, records }) => sharpnessAt(run, records.at(-1)!))),
    },
    ...settingsOf(found),
  };
}

/** A transformer that memorises sums first, and adds much later: where its gradient is meanwhile. */
export const grokking = experiment({
  id: 'grokking',
  title: 'Grokking: a transformer on modular addition',
  source: 'Power et al. (arXiv:2201.02177), Nanda et al. (arXiv:2301.05217)',
  data: null,
  about:
    'A decoder of one block (width 128, four heads) learns a + b modulo 97 from 30 % of all sums, with AdamW: η = 0.001, β = (0.9, 0.98), weight decay 1, batch 512. It is memorised where the training accuracy exceeds 0.99, and generalised where that on all other sums does; ' +
    'means of f_top(10) are over the measurements, which are spaced roughly evenly in the logarithm of the step: up to the first turning point (step 0 left out), between the two, and from the second on. Gradient and Hessian are those of the mean loss of all training sums, without the weight decay, which makes no gradient in AdamW. ' +
    'ηλ₁ is shown beside it and judged by nothing: steps of AdamW are divided by √v in each parameter, so that 2 is no limit of stability. Both papers show the accuracies alone; the bounds are ours, that of f_top the one of Fig. 1a.',
  needs: (scale) => ({ runs: grokkingRuns(scale) }),
  claims: (claim) => [
    claim({
      id: 'grokking-memorised',
      statement: 'test accuracy, once training accuracy exceeds 0.99',
      target: { kind: 'at most', bound: 0.5, says: 'memorised' },
      uses: ['runs'],
      measure: memorised,
    }),
    claim({
      id: 'grokking-generalised',
      statement: 'test accuracy at the end',
      target: { kind: 'at least', bound: 0.99, says: 'generalised' },
      uses: ['runs'],
      measure: generalised,
    }),
    claim({
      id: 'grokking-top-memorising',
      statement: 'f_top(10) while it memorises',
      target: { kind: 'none' },
      uses: ['runs'],
      measure: inPhase('memorising'),
    }),
    claim({
      id: 'grokking-top-between',
      statement: 'f_top(10) between memorising and generalising',
      target: { kind: 'none' },
      uses: ['runs'],
      measure: inPhase('between'),
    }),
    claim({
      id: 'grokking-top-after',
      statement: 'f_top(10) once it generalises',
      target: { kind: 'at least', bound: 0.9, says: 'close to 1' },
      uses: ['runs'],
      measure: inPhase('after'),
    }),
    claim({
      id: 'grokking-sharpness',
      statement: 'ηλ₁ at its largest after step 0',
      target: { kind: 'none' },
      uses: ['runs'],
      measure: sharpness,
    }),
  ],
  figures: (figure) => [
    figure({ id: 'grokking', uses: ['runs'], data: ({ runs }) => grokkingData(runs), draw: grokkingFigure }),
  ],
});
