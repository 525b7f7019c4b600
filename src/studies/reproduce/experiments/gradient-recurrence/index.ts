import { gradientRecurrenceFigure, recurrenceCurves } from '../../../../../figures/gradient-recurrence.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement } from '../../engine/experiment.js';
import type { GradientRecurrence } from '../../probes/gradient-recurrence.js';
import { alignedRuns } from '../../shared/aligned-runs.js';
import { fullDescents } from '../../shared/full-descents.js';
import { seeds } from '../../shared/seeded.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';
import {
  beside,
  exactRecurrences,
  exactSettings,
  rate,
  rayleighAtEnd,
  rayleighAtStart,
  recurrences,
  stayed,
} from './recurrences.js';

const reaches = { kind: 'at most', bound: 1.1, says: 'reaches the smallest eigenvalue of the top space' } as const;
const stays = { kind: 'at least', bound: 0.9, says: 'stays in the top space' } as const;

type Value = (found: GradientRecurrence) => number;

const fromNetwork =
  (value: Value, reasonOf: (values: readonly number[]) => string | false = () => false) =>
  (found: { readonly runs: readonly TrainDocument[]; readonly ofRuns: readonly GradientRecurrence[] }): Measurement => {
    const values = found.ofRuns.map(value);
    const reason = reasonOf(values);
    return {
      values,
      beside: beside(found.ofRuns),
      settings: {
        ...trainSettings(found.runs.map(({ run }) => run)),
        rate,
        iterations: found.ofRuns[0]!.insideRayleigh.length - 1,
        precision: 'f64',
      },
      ...(reason !== false && { reason }),
    };
  };

const inExactModel =
  (value: Value) =>
  (found: { readonly inModel: readonly GradientRecurrence[] }): Measurement => {
    const { scale, ...start } = exactSettings;
    return {
      values: found.inModel.map(value),
      beside: beside(found.inModel),
      settings: { ...start, weights: `N(0, ${scale}²)`, seeds },
    };
  };

/** Where gradient descent itself brings its gradient: its steps have no noise, as in Eq. (9). */
function ofDescent(runs: readonly TrainDocument[], found: readonly GradientRecurrence[]): Measurement {
  const { 'λ₁/λ₁₀': spread, 'η λ₁': stability } = beside(found);
  const values = found.map(({ wholeTopFraction }) => wholeTopFraction[0]!);
  return {
    values,
    beside: {
      'gᵀHg/gᵀg over λ₁₀': meanOfValues(found.map(rayleighAtStart)),
      'λ₁/λ₁₀': spread!,
      'η λ₁': stability!,
    },
    ...(values.every((x) => x < stays.bound) && {
      reason:
        'without the noise of batches the gradient goes on into the bulk, as the recurrence does; what keeps that of SGD in the top space is not Eq. (9)',
    }),
    settings: trainSettings(runs.map(({ run }) => run)),
  };
}

/** GRD18's Eq. (9): why g should move to the smallest eigenvalue of the top space. */
export const gradientRecurrence = experiment({
  id: 'gradient-recurrence',
  title: 'g ← (1 − ηH) g drives the gradient down the top space',
  source: 'Section 4, Eq. (9)',
  data: 'mnist',
  about:
    'The recurrence at a fixed H, with true Hessian products: from the last weights of FC 2×100 on 5000 images (η = 0.1), and in the exact model of ten classes from W(0) with entries N(0, 1) at t = 30 (η = 0.5/λ₁). Inside the top space, from g_top = P₁₀ g, the curvature vᵀHv/vᵀv of the iterate is held against λ₁₀. ' +
    'From all of g the recurrence does not stop there: eigenvalues of the bulk are not zero either, and are smaller. That the gradient of SGD stays in the top space is therefore not a consequence of Eq. (9) at fixed H. Beside them, where training itself has brought the gradient: SGD (the same weights), and gradient descent after 400 steps, which has no noise. Bounds are ours.',
  needs: (scale) => ({
    runs: alignedRuns(scale),
    ofRuns: recurrences(alignedRuns(scale), scale === 'full' ? 150 : 60),
    descents: fullDescents(scale),
    ofDescents: recurrences(fullDescents(scale), 1),
    inModel: exactRecurrences(),
  }),
  claims: (claim) => [
    claim({
      id: 'gradient-recurrence-network',
      statement: 'network, from g_top: vᵀHv/vᵀv over λ₁₀',
      target: reaches,
      uses: ['runs', 'ofRuns'],
      measure: fromNetwork(rayleighAtEnd),
    }),
    claim({
      id: 'gradient-recurrence-sgd',
      statement: 'network, g of SGD itself, before the recurrence: gᵀHg/gᵀg over λ₁₀',
      target: reaches,
      uses: ['runs', 'ofRuns'],
      measure: fromNetwork(
        rayleighAtStart,
        (values) => values.every((x) => x > reaches.bound) && 'it has not come to the smallest eigenvalue',
      ),
    }),
    claim({
      id: 'gradient-recurrence-descent',
      statement: 'network, g of gradient descent itself: f_top(10)',
      target: stays,
      uses: ['descents', 'ofDescents'],
      measure: ({ descents, ofDescents }) => ofDescent(descents, ofDescents),
    }),
    claim({
      id: 'gradient-recurrence-exact',
      statement: 'exact model, from g_top: vᵀHv/vᵀv over λ₁₀',
      target: reaches,
      uses: ['inModel'],
      measure: inExactModel(rayleighAtEnd),
    }),
    claim({
      id: 'gradient-recurrence-network-stays',
      statement: 'network, from g: f_top(10) of the last iterate',
      target: stays,
      uses: ['runs', 'ofRuns'],
      measure: fromNetwork(
        stayed,
        (values) =>
          values.every((x) => x < stays.bound) &&
          'the bulk has smaller non-zero eigenvalues, so that the recurrence goes on below λ₁₀',
      ),
    }),
    claim({
      id: 'gradient-recurrence-exact-stays',
      statement: 'exact model, from g: f_top(10) of the last iterate',
      target: stays,
      uses: ['inModel'],
      measure: inExactModel(stayed),
    }),
  ],
  figures: (figure) => [
    figure({
      id: 'gradient-recurrence',
      uses: ['ofRuns', 'inModel'],
      data: ({ ofRuns, inModel }) => ({
        cases: [
          recurrenceCurves('network', `MLP 2×100 on MNIST, from its last weights, η = ${rate}`, ofRuns),
          recurrenceCurves(
            'exact model',
            `k = ${exactSettings.classes}, W(0) random, t = ${exactSettings.time}, η = ${exactSettings.relativeRate}/λ₁`,
            inModel,
          ),
        ],
      }),
      draw: gradientRecurrenceFigure,
    }),
  ],
});
