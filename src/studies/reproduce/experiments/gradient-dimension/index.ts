import { gradientDimensionFigure } from '../../../../../figures/gradient-dimension.js';
import { dimensionScalingFigure } from '../../../../../figures/dimension-scaling.js';
import { gaussianCoordinateNull } from '../../../../observe/gaussian-dimension.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement } from '../../engine/experiment.js';
import type { HeldDimension, ModelDimensions } from '../../probes/model-dimensions.js';
import { dimensionBatches, modularDimensions, updatesWindow } from '../../shared/modular-dimensions.js';
import { modularRuns } from '../../shared/modular-runs.js';
import { meanOfValues } from '../../shared/train-row.js';
import { againstHessian, changeAlong, grokkingTurns } from './along.js';
import { exponentChange, exponentIn, gaussianDeviation, snapshotsIn, typicalOf } from './scaling.js';
import { restingModel, restingModels, xorTasks } from './tasks.js';

/** The largest deviation from the exact model over the three dimensions, in standard errors. */
function inModel({ model }: { readonly model: readonly ModelDimensions[] }): Measurement {
  const off = ({ predicted, measured, standardError }: HeldDimension): number =>
    Math.abs(measured - predicted) / standardError;
  const shown = (of: (one: ModelDimensions) => HeldDimension): string =>
    `${of(model[0]!).predicted.toFixed(2)}, ${meanOfValues(model.map((one) => of(one).measured)).toFixed(2)}`;
  return {
    values: model.map(({ batches, gradients, steps }) => Math.max(...[batches, gradients, steps].map(off))),
    beside: {
      'ten batches at one W: exact, measured': shown(({ batches }) => batches),
      'ten successive gradients': shown(({ gradients }) => gradients),
      'ten successive steps': shown(({ steps }) => steps),
      'of C': model[0]!.covariance,
    },
    settings: restingModel,
  };
}

/** How many dimensions the gradient has, along grokking and against the size of the network. */
export const gradientDimension = experiment({
  id: 'gradient-dimension',
  title: 'Over how many dimensions the gradient is spread',
  source: 'Grokking as Dimensional Phase Transition (arXiv:2604.04655)',
  data: null,
  about:
    'In the work, gradients drive a threshold cascade on a graph, whose largest avalanche grows as N^D with the parameters N: D from 0.90 before learning to 1.20 after, about 1 for i.i.d. Gaussian gradients. What topples, when, what it passes on, how it is driven and counted, the range of the fit and the learning rate are not published, so that their D is not reproduced here. ' +
    'What can be: their networks (2-h-1 on XOR, N = 4h + 1 from 81 to 2001 in 8 sizes, 6 seeds, 51 snapshots), the fit of an exponent to sizes, and that of i.i.d. Gaussian gradients. The quantity is ours: the participation ratio over coordinates, (Σg_i²)²/Σg_i⁴, for which i.i.d. Gaussian gradients have (N + 2)/3 exactly, so D = 1. ' +
    'Activation (tanh), loss (logistic), inputs (0 and 1), first weights (uniform on ±1/√inputs), η = 0.1 and full batches are ours; D is the slope of log of the geometric mean over the snapshots of a phase against log N, over all 8 sizes; after: from the first snapshot with all four cases right on. ' +
    `Along the grokking runs (two blocks of width 64 on sums modulo 97, AdamW, weight decay 1 and none): over coordinates, of the full gradient; over samples, (Tr C)²/Tr C² of the covariance C of gradients, from ${dimensionBatches.batches} batches of ${dimensionBatches.samples} less their mean, with the number of batches taken out; over time, the participation ratio of the Gram matrix of the last ${updatesWindow} updates of 50 steps each. ` +
    'Grokked: test accuracy 0.95; before that from a training accuracy of 0.95 on. Factors are of geometric means over the measured steps. Full batches have no noise, so that the noise law says nothing of XOR; bounds are ours but for the exponents.',
  work: {
    arxiv: '2604.04655',
    name: 'Grokking as Dimensional Phase Transition',
    definition:
      'exponent D of the participation ratio of the gradient over coordinates, s ∝ N^D, after learning less before',
    isOurDefinition: true,
    claim:
      'the exponent of the largest avalanche driven by gradients goes from 0.90 before learning to 1.20 after; i.i.d. Gaussian gradients have about 1',
    headline: 'gradient-dimension-change',
  },
  needs: (scale) => ({
    xor: xorTasks(scale),
    runs: modularRuns(scale, 1),
    along: modularDimensions(scale, 1),
    still: modularDimensions(scale, 0),
    model: restingModels(scale),
  }),
  claims: (claim) => [
    claim({
      id: 'gradient-dimension-change',
      statement: 'XOR, over coordinates: D after learning less D before',
      target: { kind: 'at least', bound: 0.1, says: 'rises, by 0.30' },
      uses: ['xor'],
      measure: exponentChange('coordinates'),
    }),
    claim({
      id: 'gradient-dimension-before',
      statement: 'XOR, over coordinates: D before',
      target: { kind: 'at most', bound: 0.95, says: 'below 1: 0.90' },
      uses: ['xor'],
      measure: exponentIn('before', 'coordinates'),
    }),
    claim({
      id: 'gradient-dimension-after',
      statement: 'XOR, over coordinates: D after',
      target: { kind: 'at least', bound: 1.1, says: 'above 1: 1.20' },
      uses: ['xor'],
      measure: exponentIn('after', 'coordinates'),
    }),
    claim({
      id: 'gradient-dimension-gaussian',
      statement: 'i.i.d. Gaussian vectors through the same fit: distance of D from the exact one',
      target: { kind: 'at most', bound: 0.03, says: 'about 1' },
      uses: ['xor'],
      measure: gaussianDeviation,
    }),
    claim({
      id: 'gradient-dimension-largest',
      statement: 'XOR, ‖g‖² over the largest g_i²: D after less D before',
      target: { kind: 'none' },
      uses: ['xor'],
      measure: exponentChange('largest'),
    }),
    claim({
      id: 'gradient-dimension-cases',
      statement: 'XOR, over the four cases: D after less D before',
      target: { kind: 'none' },
      uses: ['xor'],
      measure: exponentChange('samples'),
    }),
    claim({
      id: 'gradient-dimension-coordinates',
      statement: 'grokking, over coordinates: factor of change, either way',
      target: { kind: 'at least', bound: 1.5, says: 'changes at grokking' },
      uses: ['runs', 'along', 'still'],
      measure: changeAlong('coordinates'),
    }),
    claim({
      id: 'gradient-dimension-samples',
      statement: 'grokking, over samples: factor of change, either way',
      target: { kind: 'at least', bound: 1.5, says: 'changes at grokking' },
      uses: ['runs', 'along', 'still'],
      measure: changeAlong('covariance'),
    }),
    claim({
      id: 'gradient-dimension-time',
      statement: 'grokking, over time: factor of change, either way',
      target: { kind: 'at least', bound: 1.5, says: 'changes at grokking' },
      uses: ['runs', 'along', 'still'],
      measure: changeAlong('updates'),
    }),
    claim({
      id: 'gradient-dimension-noise',
      statement: 'grokking, memorised: (Tr C)²/Tr C² over (Tr H)²/Tr H², typical factor either way',
      target: { kind: 'at most', bound: 2, says: 'the same' },
      explains: {
        by: 'noise law',
        otherwise: 'not explained',
        says: 'the covariance C of gradients is proportional to the Hessian, so that the dimension over samples is (Tr H)²/Tr H², before grokking and after',
      },
      uses: ['runs', 'along', 'still'],
      measure: againstHessian,
    }),
    claim({
      id: 'gradient-dimension-model',
      statement:
        'exact model at rest: largest deviation of the dimension over samples and over time, in standard errors',
      target: { kind: 'at most', bound: 3.5, says: 'as predicted' },
      explains: {
        by: 'exact model',
        otherwise: 'contradicted',
        says: 'at rest the dimension over samples is that of C = H, and those of successive gradients and steps follow from η, λ and c of each sector: noise that goes nowhere has a dimension that is no property of learning',
      },
      uses: ['model'],
      measure: inModel,
    }),
  ],
  figures: (figure, figureOfAll) => [
    figure({
      id: 'gradient-dimension',
      uses: ['runs', 'along', 'still'],
      data: ({ runs: { run, records }, along, still }) => ({
        seed: run.config.seed,
        accuracies: records.map(({ step, accuracy, testAccuracy }) => ({
          step,
          training: accuracy ?? 0,
          test: testAccuracy ?? 0,
        })),
        grokked: grokkingTurns({ records }).grokked < Infinity ? grokkingTurns({ records }).grokked : null,
        along,
        still,
      }),
      draw: gradientDimensionFigure,
    }),
    figureOfAll({
      id: 'dimension-scaling',
      uses: ['xor'],
      data: ({ xor }) => ({
        sizes: xor[0]!.map(({ parameters }, i) => ({
          parameters,
          before: xor.map((networks) => typicalOf(snapshotsIn(networks[i]!, 'before').map((one) => one.coordinates))),
          after: xor.map((networks) => typicalOf(snapshotsIn(networks[i]!, 'after').map((one) => one.coordinates))),
          gaussian: xor.map((networks) => typicalOf(networks[i]!.gaussian.map((one) => one.coordinates))),
          exact: gaussianCoordinateNull(parameters),
        })),
      }),
      draw: dimensionScalingFigure,
    }),
  ],
});
