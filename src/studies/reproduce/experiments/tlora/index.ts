import { lowRankAdaptationFigure } from '../../../../../figures/low-rank-adaptation.js';
import { experiment } from '../../engine/declare.js';
import { pretrainedRuns } from '../../shared/pretrained.js';
import { adaptations, lossRatio, sharedRatio, updateRanks } from './losses.js';
import { caughtDeviation, modelTasks } from './model.js';

const noWorse = { kind: 'at most', bound: 1, says: 'no higher' } as const;

/** Low-rank updates whose A is chosen from the data. */
export const tlora = experiment({
  id: 'tlora',
  title: 'Low-rank updates started from W Cov(x)',
  source: 'TLoRA (arXiv:2604.18124)',
  data: 'mnist',
  about:
    'ReLU 2×50 trained on 1000 images (SGD, batch 64, η = 0.1, 600 steps), then adapted to the same images transposed, with their labels: 100 steps of gradient descent by all samples (η = 0.1) of B in W + B A in every layer, B from 0, A frozen, biases too; three seeds. A has orthonormal rows: random, the leading right singular vectors of W Cov(x) with Cov(x) from the centred inputs of the layer on the new task, ' +
    'or those of the top ten eigenvectors of the layer’s block of the Hessian on the new task, √λ_i V_i on top of each other (ours). With orthonormal rows B A follows the gradient by W projected on the rows of A, so that its share there is the first decrease of the loss over that of all weights. ' +
    'Bounds are ours. In the exact model the best A of rank k − 1 is the span of the new class means, and W Cov(x) catches of it what W reads already: nothing where the new means are orthogonal to the old ones, where the Hessian’s top space still has most of it; that says nothing of networks, where the order of the three starts is measured.',
  work: {
    arxiv: '2604.18124',
    name: 'TLoRA',
    definition:
      'A of the update B A from the SVD of W Cov(x), then frozen, and B trained from 0; ranks ∝ mean |W ⊙ ∇W|',
    claim: 'a start from the data is better than a random one',
    headline: 'tlora-covariance',
  },
  needs: (scale) => ({ runs: pretrainedRuns(scale), adapted: adaptations(scale), model: modelTasks() }),
  claims: (claim) => [
    claim({
      id: 'tlora-covariance',
      statement: `loss after all steps, A from W Cov(x) over a random A, rank ${updateRanks[2]}`,
      target: noWorse,
      uses: ['runs', 'adapted'],
      measure: lossRatio('covariance', 'random'),
    }),
    ...updateRanks
      .filter((rank) => rank !== updateRanks[2])
      .map((rank) =>
        claim({
          id: `tlora-rank-${rank}`,
          statement: `the same, rank ${rank}`,
          target: noWorse,
          variationOf: 'tlora-covariance',
          uses: ['runs', 'adapted'],
          measure: lossRatio('covariance', 'random', rank),
        }),
      ),
    claim({
      id: 'tlora-hessian',
      statement: `A from the Hessian’s top space over A from W Cov(x), rank ${updateRanks[2]}`,
      target: noWorse,
      uses: ['runs', 'adapted'],
      measure: lossRatio('hessian', 'covariance'),
    }),
    claim({
      id: 'tlora-ranks',
      statement: `ranks ∝ mean |W ⊙ ∇W| over rank ${updateRanks[2]} everywhere, A from W Cov(x)`,
      target: { kind: 'none' },
      uses: ['runs', 'adapted'],
      measure: sharedRatio,
    }),
    claim({
      id: 'tlora-model',
      statement: 'exact model: what W Cov(x) catches of the new means, deviation from the predicted',
      target: { kind: 'at most', bound: 0.05, says: 'as predicted' },
      uses: ['model'],
      explains: {
        by: 'exact model',
        otherwise: 'contradicted',
        says: 'the share is cos²φ (σ² + 1/k)²/(σ⁴ + cos²φ (2σ²/k + 1/k²)), φ the angle between new and old means',
      },
      measure: caughtDeviation,
    }),
  ],
  figures: (figure) => [
    figure({
      id: 'low-rank-adaptation',
      uses: ['adapted'],
      data: ({ adapted: { full, descents } }) => ({ full, descents }),
      draw: lowRankAdaptationFigure,
    }),
  ],
});
