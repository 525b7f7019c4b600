import { spikeAndFlatFigure } from '../../../../../figures/spike-and-flat.js';
import { experiment } from '../../engine/declare.js';
import { modelCase, networkCase } from './drawn.js';
import { flatEnough, lateHidden } from './findings.js';
import { levelDeviations, levelRatioDeviations, meanSpaces, wrongSpikeRanks } from './in-model.js';
import {
  blockRests,
  classOverlaps,
  largestFalls,
  savedCosts,
  scoreFlatness,
  sharesAgainstHessian,
  spacesAgainstHessian,
  spikeRanks,
} from './in-network.js';
import { factorRuns, factorsOfModel, trainedFactors } from './tasks.js';

/** Pro-KLShampoo's picture of Shampoo's factors: a spike and a flat rest. Is the spike the class space? */
export const klShampoo = experiment({
  id: 'kl-shampoo',
  title: "Shampoo's factors: a spike of the classes, and a flat rest?",
  source: 'Pro-KLShampoo (arXiv:2605.06316)',
  data: 'mnist',
  work: {
    arxiv: '2605.06316',
    name: 'Pro-KLShampoo',
    definition:
      'S_a ← (1 − β) S_a + β G S_b⁻¹ Gᵀ/d_b and the other side; fit U S Uᵀ + μ (1 − U Uᵀ), μ the mean of the tail, which costs ½ m (n − r) log(AM/GM). Rank of the spike (ours): the least r with log(AM/GM) ≤ 0.1',
    claim: "KL-Shampoo's factors have a few large eigenvalues and a flat rest",
    headline: 'kl-shampoo-flat',
  },
  about:
    "Gradients of 100 batches of 64 at fixed weights of FC 2×100 (first 3000 images, η = 0.1, steps 50 and 1000), from which KL-Shampoo's factors are accumulated with β = 0.05, and Shampoo's as plain means: no optimiser uses them. Rows are of the hidden 100 × 100 layer at the last step where they say nothing else. β, the batch, the rule for the rank and all bounds are ours; what is left of the start of the factors is taken out, and so is the null space (dead units). " +
    'Class space, inputs: the span of the 10 class means of what the layer gets; outputs: the scores of zero sum, brought back by the transposed weights of the layers above, 9 dimensions. Random spaces overlap by m/n. Shares of the m largest are above 0.9 on both sides and in both matrices, so that to agree within 0.1 says little; the overlap of eigenvectors says more. The Hessian’s block of the layer, traced over the other side, is what the factor would be if the covariance of the gradient were proportional to the Hessian. ' +
    'In the exact model (k = 4, d = 30, σ = 0.3, α/α* = 0.2 and 0.4, batches of 16 new samples) both factors are known in closed form: E G Gᵀ is flat on the k − 1 scores of zero sum, E GᵀG has three levels, along the mean of the means, on their differences and on the bulk, so that the spike is the span of the means, and KL-Shampoo’s factors are proportional to Shampoo’s.',
  needs: (scale) => ({
    runs: factorRuns(scale),
    factors: trainedFactors(scale),
    model: factorsOfModel(scale),
  }),
  claims: (claim) => [
    claim({
      id: 'kl-shampoo-flat',
      statement: 'rank of the spike over n, the larger of both sides',
      target: { kind: 'at most', bound: 0.25, says: 'a small spike, and a flat rest' },
      uses: ['runs', 'factors'],
      measure: spikeRanks,
    }),
    claim({
      id: 'kl-shampoo-saved',
      statement:
        'share of the KL cost of an isotropic factor that a spike of m (10 inputs, 9 outputs) saves, the lower of both sides',
      target: { kind: 'at least', bound: 0.5, says: 'most of it' },
      uses: ['runs', 'factors'],
      measure: savedCosts,
    }),
    claim({
      id: 'kl-shampoo-ratio',
      statement: 'after which eigenvalue the spectrum falls most, the larger of both sides',
      target: { kind: 'at most', bound: 10, says: 'the classes, or fewer' },
      uses: ['runs', 'factors'],
      measure: largestFalls,
    }),
    claim({
      id: 'kl-shampoo-inputs',
      statement: 'inputs: overlap of the 10 leading eigenvectors with the class means',
      target: { kind: 'at least', bound: 0.5, says: 'the spike is the class space' },
      uses: ['runs', 'factors'],
      measure: classOverlaps('right'),
    }),
    claim({
      id: 'kl-shampoo-outputs',
      statement: 'outputs: overlap of the 9 leading eigenvectors with the scores of zero sum, brought back',
      target: { kind: 'at least', bound: 0.5, says: 'the spike is the class space' },
      uses: ['runs', 'factors'],
      measure: classOverlaps('left'),
    }),
    claim({
      id: 'kl-shampoo-scores',
      statement: 'last layer, outputs: log(AM/GM) on the scores of zero sum',
      target: { kind: 'at most', bound: flatEnough, says: 'flat, as between equal classes' },
      explains: {
        by: 'exact model',
        otherwise: 'not explained',
        says: 'between equal classes E G Gᵀ is flat on the k − 1 scores of zero sum: no spike on the outputs of the last layer',
      },
      uses: ['runs', 'factors'],
      measure: scoreFlatness,
    }),
    claim({
      id: 'kl-shampoo-noise-law',
      statement:
        "share of the m largest in the trace: Shampoo's factor against the Hessian's block traced, larger difference of both sides",
      target: { kind: 'at most', bound: 0.1, says: 'as with C ∝ H' },
      explains: {
        by: 'noise law',
        otherwise: 'not explained',
        says: "with C ∝ H Shampoo's factors are the partial traces of the Hessian's block: the same share in the spike",
      },
      uses: ['runs', 'factors'],
      measure: sharesAgainstHessian,
    }),
    claim({
      id: 'kl-shampoo-hessian-space',
      statement:
        "overlap of the m leading eigenvectors with those of the Hessian's block traced, the lower of both sides",
      target: { kind: 'at least', bound: 0.8, says: 'as with C ∝ H' },
      explains: {
        by: 'noise law',
        otherwise: 'not explained',
        says: "with C ∝ H the spike of Shampoo's factors is that of the Hessian's block, traced",
      },
      uses: ['runs', 'factors'],
      measure: spacesAgainstHessian,
    }),
    claim({
      id: 'kl-shampoo-block',
      statement: "the Hessian's block without its 30 leading eigenvalues: (Tr R)²/(n Tr R²)",
      target: { kind: 'at least', bound: 0.5, says: 'a flat rest' },
      uses: ['runs', 'factors'],
      measure: blockRests,
    }),
    claim({
      id: 'kl-shampoo-model-levels',
      statement: 'exact model: levels of E GᵀG against the closed form, largest deviation in standard errors',
      target: { kind: 'at most', bound: 3.5, says: 'as predicted' },
      explains: {
        by: 'exact model',
        otherwise: 'contradicted',
        says: 'E GᵀG has three levels, on the mean of the means, their differences, and the bulk, in closed form',
      },
      uses: ['model'],
      measure: levelDeviations,
    }),
    claim({
      id: 'kl-shampoo-model-kl',
      statement: "exact model: KL-Shampoo's levels over the bulk against the closed form, largest relative deviation",
      target: { kind: 'at most', bound: 0.1, says: "proportional to Shampoo's" },
      explains: {
        by: 'exact model',
        otherwise: 'contradicted',
        says: "as E G Gᵀ is flat on its support, KL-Shampoo's factors are proportional to Shampoo's",
      },
      uses: ['model'],
      measure: levelRatioDeviations,
    }),
    claim({
      id: 'kl-shampoo-model-rank',
      statement: 'exact model: margins at which the rank of the spike is not that of the closed form',
      target: { kind: 'exactly', value: 0 },
      explains: {
        by: 'exact model',
        otherwise: 'contradicted',
        says: 'the spike has rank k: the mean of the means and their k − 1 differences stand above the bulk',
      },
      uses: ['model'],
      measure: wrongSpikeRanks,
    }),
    claim({
      id: 'kl-shampoo-model-space',
      statement: 'exact model: overlap of the k leading eigenvectors with the means, the lower of both margins',
      target: { kind: 'at least', bound: 0.95, says: 'the spike is the class space' },
      explains: {
        by: 'exact model',
        otherwise: 'contradicted',
        says: 'the spike of E GᵀG is the span of the class means',
      },
      uses: ['model'],
      measure: meanSpaces,
    }),
  ],
  figures: (figure) => [
    figure({
      id: 'spike-and-flat',
      uses: ['factors', 'model'],
      data: ({ factors, model }) => ({ cases: [networkCase(lateHidden(factors)), modelCase(model.at(-1)!)] }),
      draw: spikeAndFlatFigure,
    }),
  ],
});
