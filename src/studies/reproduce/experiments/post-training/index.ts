import { postTrainingFigure } from '../../../../../figures/post-training.js';
import { experiment } from '../../engine/declare.js';
import { pretrainedRuns } from '../../shared/pretrained.js';
import { overSecondOrder, postTrainings, relativeForgetting } from './forgetting.js';
import { postTrainingDeviation, modelTask } from './model.js';

const less = { kind: 'at most', bound: 1, says: 'forgets less' } as const;

/** Training on with a target's data, within what general data allow. */
export const postTrainingExperiment = experiment({
  id: 'post-training',
  title: 'Target updates projected on what general data allow',
  source: 'Dr. Post-Training (arXiv:2605.07063)',
  data: 'mnist',
  about:
    'ReLU 2×50 trained on 1000 images (SGD, batch 64, η = 0.1, 600 steps), then 60 steps of gradient descent by all samples (η = 0.05) on the same images transposed, three seeds: plainly; projected on the half-space g ← g − min(0, ⟨g, ĝ⟩) ĝ, ĝ the direction of the gradient of the general loss, that of the images as they were, at each step; or off the top 10 eigenvectors of the Hessian of the general loss at the start. ' +
    'What is forgotten is the rise of the general loss; it is compared where both have come to the same loss on the target. Of the work only the abstract is known: both feasible sets are ours, and the bounds. In the exact model without noise (k = 3, φ = 45° between target and general means, labels shifted by one) both losses are known in closed form; that nothing is forgotten off the top space holds there, where the target’s other directions are flat for the general loss, and not in the network.',
  work: {
    arxiv: '2605.07063',
    name: 'Dr. Post-Training',
    definition: 'each target update projected on the half-space in which the general loss does not rise to first order',
    isOurDefinition: true,
    claim: 'general data define what updates of the target are feasible',
    headline: 'post-training-half-space',
  },
  needs: (scale) => ({ runs: pretrainedRuns(scale), trained: postTrainings(scale), model: modelTask() }),
  claims: (claim) => [
    claim({
      id: 'post-training-half-space',
      statement: 'forgetting within the half-space over that without, at equal target loss',
      target: less,
      uses: ['runs', 'trained'],
      measure: relativeForgetting('half-space'),
    }),
    claim({
      id: 'post-training-off-top',
      statement: 'forgetting off the top space over that without, at equal target loss',
      target: less,
      uses: ['runs', 'trained'],
      measure: relativeForgetting('off-top'),
    }),
    claim({
      id: 'post-training-second-order',
      statement: 'plain forgetting over gᵀδ + ½ δᵀHδ of the start',
      target: { kind: 'none' },
      uses: ['runs', 'trained'],
      measure: overSecondOrder,
    }),
    claim({
      id: 'post-training-model',
      statement: 'exact model: target loss and forgetting, largest relative deviation from the predicted',
      target: { kind: 'at most', bound: 0.02, says: 'as predicted' },
      uses: ['model'],
      explains: {
        by: 'exact model',
        otherwise: 'contradicted',
        says: 'off the top space nothing is forgotten, and the target is learnt sin²φ times as fast; plain forgetting in closed form',
      },
      measure: postTrainingDeviation,
    }),
  ],
  figures: (figure) => [
    figure({ id: 'post-training', uses: ['trained'], data: ({ trained }) => ({ trained }), draw: postTrainingFigure }),
  ],
});
