import { quenchFigure } from '../../../../../figures/quench.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement } from '../../engine/experiment.js';
import type { ModelQuench } from '../../probes/model-quench.js';
import type { QuenchPhase, QuenchState } from '../../probes/quench-phase.js';
import type { TrainedQuench } from '../../probes/trained-quench.js';
import { lawRuns, lawSeeds, reluLaw } from '../../shared/law-settings.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { batches, changed, modelQuenches, modelSetting, quenchRate, trainedBatch, trainedQuenches } from './tasks.js';

const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);
const at = ({ states }: QuenchPhase, step: number): QuenchState => states.find((state) => state.step === step)!;

/** Measured over predicted ‖P g‖² of the top space, mean over the later half of the steps, when most of it has relaxed. */
function relativeEnergy({ states }: QuenchPhase): number {
  const late = states.slice(states.length / 2);
  return meanOfValues(late.map(({ measured, predicted }) => total(measured.top) / total(predicted.top)));
}

/** The same of the rest. */
function relativeRest({ states }: QuenchPhase): number {
  const late = states.slice(states.length / 2);
  return meanOfValues(late.map(({ measured, predicted }) => measured.rest / predicted.rest));
}

const deviation = ({ measured, predicted }: QuenchState): number =>
  Math.abs(measured.topFraction - predicted.topFraction);

/** Farther away nothing is left that could be told from the leak of slower modes. */
const isSeen = ({ predicted }: QuenchState): boolean => predicted.topFraction > 0.01;

interface Trained {
  readonly runs: readonly TrainDocument[];
  readonly trained: readonly TrainedQuench[];
}

const settings = ({ runs }: Trained): Record<string, unknown> => ({
  ...trainSettings(runs.map(({ run }) => run)),
  'after the switch': 'with replacement',
});

/** Of full batches: f_top after so many steps. */
const collapse =
  (step: number) =>
  (found: Trained): Measurement => {
    const over = (of: (one: TrainedQuench) => number): number => meanOfValues(found.trained.map(of));
    return {
      values: found.trained.map(({ quench }) => at(quench, step).measured.topFraction),
      beside: {
        predicted: over(({ quench }) => at(quench, step).predicted.topFraction),
        'in its own top space': over(({ own }) => own.find((one) => one.step === step)!.topFraction),
        'at the switch': over(({ quench }) => at(quench, 0).measured.topFraction),
        'after 30 steps': over(({ quench }) => at(quench, 30).measured.topFraction),
      },
      settings: settings(found),
    };
  };

/** The same, and how fast the slowest mode of the top space is. */
const collapseAt8 = (found: Trained): Measurement => {
  const each = (of: (one: TrainedQuench) => number): string =>
    found.trained.map((one) => of(one).toFixed(3)).join(', ');
  const slowest = meanOfValues(found.trained.map(({ eigenvalues }) => 1 / (quenchRate * eigenvalues.at(-1)!)));
  return {
    ...collapse(8)(found),
    reason: `predicted ${each(({ quench }) => at(quench, 8).predicted.topFraction)}: the slowest mode of the top space has 1/(ηλ₁₀) = ${slowest.toFixed(0)} steps; after 30 steps ${each(({ quench }) => at(quench, 30).measured.topFraction)}`,
  };
};

const largestDeviation = (found: Trained): Measurement => ({
  values: found.trained.map(({ quench }) => Math.max(...quench.states.map(deviation))),
  settings: settings(found),
});

const last = ({ states }: QuenchPhase): QuenchState => states.at(-1)!;

const back = (found: Trained): Measurement => {
  const phases = found.trained.map(({ recoveries }) => recoveries.find(({ rule }) => rule.batch === trainedBatch)!);
  return {
    values: phases.map((phase) => last(phase).measured.topFraction),
    beside: {
      predicted: meanOfValues(phases.map((phase) => last(phase).predicted.topFraction)),
      'at the switch': meanOfValues(found.trained.map(({ quench }) => last(quench).measured.topFraction)),
    },
    settings: settings(found),
  };
};

/** The excess over the law of one batch over that of a batch four times as large: 4 if it is of second order in η/b. */
const orders = (found: Trained): Measurement => {
  const excess = ({ recoveries }: TrainedQuench, batch: number): number =>
    relativeEnergy(recoveries.find(({ rule }) => rule.batch === batch) ?? recoveries.at(-1)!) - 1;
  const over = (batch: number): string => meanOfValues(found.trained.map((one) => excess(one, batch))).toFixed(2);
  return {
    values: found.trained.map((one) => excess(one, trainedBatch) / excess(one, changed)),
    beside: { 'ratio of η/b': changed / trainedBatch },
    reason: `the excess is ${over(trainedBatch)} at batch ${trainedBatch}, ${over(changed)} at ${changed} and ${over(1024)} at 1024, alike in all directions: of the next order in η/b, as H and C change over the excursions. At batch 1024 nothing is missing`,
    settings: settings(found),
  };
};

/** ‖P g‖² over its prediction once noise of a batch is back, or the batch is changed. */
const relative =
  (of: (one: TrainedQuench) => QuenchPhase) =>
  (found: Trained): Measurement => {
    const phases = found.trained.map(of);
    return {
      values: phases.map(relativeEnergy),
      beside: {
        'rest over predicted': meanOfValues(phases.map(relativeRest)),
        'f_top(10)': meanOfValues(phases.map((phase) => last(phase).measured.topFraction)),
        predicted: meanOfValues(phases.map((phase) => last(phase).predicted.topFraction)),
      },
      settings: settings(found),
    };
  };

/** The largest deviation of f_top(k) from the exact one, in standard errors. */
const inModel =
  (of: (one: ModelQuench) => QuenchPhase) =>
  ({ model }: { readonly model: readonly ModelQuench[] }): Measurement => {
    const phases = model.map(of);
    const shown = (step: number): string =>
      phases.length === 0
        ? ''
        : `${at(phases[0]!, step).predicted.topFraction.toFixed(3)}, ${meanOfValues(phases.map((phase) => at(phase, step).measured.topFraction)).toFixed(3)}`;
    return {
      values: phases.map(({ states }) =>
        Math.max(...states.filter(isSeen).map((state) => deviation(state) / state.measured.errors!.topFraction)),
      ),
      beside: {
        'f_top(k) at rest: exact, measured': `${model[0]!.topFraction.predicted.toFixed(3)}, ${meanOfValues(model.map(({ topFraction }) => topFraction.measured)).toFixed(3)}`,
        'after 3 steps': shown(3),
        'after 8': shown(8),
        'after 30': shown(30),
      },
      settings: { ...modelSetting, seeds: lawSeeds },
    };
  };

/** Noise off, and on again. */
export const quench = experiment({
  id: 'quench',
  title: 'Noise off, and the tiny subspace goes; noise on, and it is back',
  source: 'the noise law of SGD, derived here',
  data: 'mnist',
  about:
    `FC 2×100 on 5000 images, η = 0.1, batch ${trainedBatch}, 1500 steps, three seeds; then full batches for 30 steps, then noise again, of batches drawn with replacement (12 times), or from the same weights batches of ${changed} without a quench. ` +
    'Predictions use what is known at the switch alone: λ_i, g_i² and the variance c_i of single samples’ slopes along the top 10 eigenvectors, and the spectral measure of the rest: g_i² (1 − ηλ_i)^{2n} + (η/b) c_iλ_i/(2 − ηλ_i) (1 − (1 − ηλ_i)^{2n}), the second term with noise alone. Measured: the gradient of all images, in the eigenvectors of the switch. ' +
    'In the exact model (k = 3, d = 8, σ = 0.4, η = 10, batch 640, at rest at α*, where C = H) all predictions are those of the population, and SGD runs on 20,000 samples; 60 switches for each of three data sets. Bounds are ours.',
  needs: (scale) => ({
    runs: lawRuns(reluLaw, scale),
    trained: trainedQuenches(scale),
    model: modelQuenches(scale),
  }),
  claims: (claim) => [
    claim({
      id: 'quench-model',
      statement: 'exact model, full batches: largest deviation of f_top(k), in standard errors',
      target: { kind: 'at most', bound: 3.5, says: 'as predicted' },
      uses: ['model'],
      measure: inModel(({ quench: phase }) => phase),
    }),
    claim({
      id: 'quench-model-recovery',
      statement: 'exact model, noise on again: the same',
      target: { kind: 'at most', bound: 3.5, says: 'as predicted' },
      uses: ['model'],
      measure: inModel(({ recovery }) => recovery),
    }),
    claim({
      id: 'quench-network',
      statement: 'MNIST, f_top(10) after 8 steps of full batches',
      target: { kind: 'at most', bound: 0.1, says: 'gone within a few 1/(ηλ₁₀)' },
      uses: ['runs', 'trained'],
      measure: collapseAt8,
    }),
    claim({
      id: 'quench-network-predicted',
      statement: 'MNIST, full batches: largest deviation of f_top(10) from the predicted one',
      target: { kind: 'at most', bound: 0.1, says: 'as predicted' },
      uses: ['runs', 'trained'],
      measure: largestDeviation,
    }),
    claim({
      id: 'quench-network-recovery',
      statement: `MNIST, f_top(10) after 60 steps of noise again, batch ${trainedBatch}`,
      target: { kind: 'at least', bound: 0.9, says: 'back' },
      uses: ['runs', 'trained'],
      measure: back,
    }),
    claim({
      id: 'quench-network-changed',
      statement: `MNIST, from batch ${trainedBatch} to ${changed}: ‖P₁₀g‖² over predicted`,
      target: { kind: 'none' },
      uses: ['runs', 'trained'],
      measure: relative((one) => one.changed),
    }),
    ...batches.map((batch, i) =>
      claim({
        id: `quench-network-batch-${batch}`,
        statement: `MNIST, noise of batch ${batch} again: ‖P₁₀g‖² over predicted`,
        target: { kind: 'none' },
        uses: ['runs', 'trained'],
        measure: relative(({ recoveries }) => recoveries[Math.min(i, recoveries.length - 1)]!),
      }),
    ),
    claim({
      id: 'quench-network-orders',
      statement: 'MNIST, noise again: what ‖P₁₀g‖² has beyond the law at batch 64, over that at batch 256',
      target: { kind: 'none' },
      uses: ['runs', 'trained'],
      measure: orders,
    }),
  ],
  figures: (figure) => [
    figure({
      id: 'quench',
      uses: ['model', 'trained'],
      data: ({ model, trained }) => ({
        cases: [
          {
            name: 'exact model',
            about: 'k = 3, d = 8, σ = 0.4, η = 10, batch 640, at rest at α*',
            m: modelSetting.classes,
            ...model,
          },
          {
            name: 'MNIST',
            about: `FC 2×100, 5000 images, η = 0.1, batch ${trainedBatch}, one quench and 12 recoveries`,
            m: 10,
            quench: trained.quench,
            recovery: trained.recoveries.find(({ rule }) => rule.batch === trainedBatch)!,
          },
        ],
      }),
      draw: quenchFigure,
    }),
  ],
});
