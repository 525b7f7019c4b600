import { spectralEdgeFigure } from '../../../../../figures/spectral-edge.js';
import { experiment } from '../../engine/declare.js';
import { edgeCase } from './drawn-case.js';
import { gapRatioDeviation, gramDeviation, meanEdge, modelRow, trainedRow } from './rows.js';
import { updateRuns, modelEdges, trainedEdges } from './tasks.js';

export const spectralEdges = experiment({
  id: 'spectral-edge',
  title: 'The spectral edge of updates, and that of pure noise',
  source: 'Spectral Edge Dynamics (arXiv:2603.15678); the noise law of SGD, derived here',
  data: 'mnist',
  work: {
    arxiv: '2603.15678',
    name: 'Spectral Edge Dynamics',
    definition:
      'G = XXᵀ of the last W = 10 updates, differences of θ every N steps, uncentred; σ_j = √λ_j(G), k* = argmax σ_j/σ_{j+1}, R the ratio there',
    claim:
      'the gap sits at a small k* > 1 (2 and 3 in their runs), and parts coherent directions from noise; its ratio tells the phase of training',
    headline: 'spectral-edge-position',
  },
  about:
    'FC 2×100 on 5000 images, ReLU, η = 0.1, batch 64, after 1500 steps, three seeds: six windows of W = 10 updates of N = 10 steps, then two of N = 50. Their definitions; not their settings: TinyStories with 51 million parameters and GPT-2 124M, N = 200, are not run, nor is the correlation of R with the validation loss. ' +
    'Held against them is what the noise of batches alone would have, without a fitted number: along an eigenvector of H an excursion at rest has covariance v(1 − ηλ)^n over n steps, so that the updates of a relaxed mode have 2v and −v beside it, those of a slow one are white, and G is a sum of Wishart matrices; noises of an epoch add up to zero. From the λ_i and c_i of 20 eigenvectors and the traces of the rest, measured in the middle of the windows; R, k* and directions of 600 windows drawn so. ' +
    'Flow, where it is said, adds (ηN)²‖g_flow‖² to every entry of G, ‖g_flow‖² the inner product of the full gradients at both ends of a window outside the 20 eigenvectors. R: e to the mean of ln R. In the exact model (k = 3, d = 8, σ = 0.4, η = 10, batch 640, N = 5) SGD on fresh samples at α*, where nothing flows and C = H: 24 windows at rest, and 24 runs from α*B itself, each seed. Bounds are ours.',
  needs: (scale) => ({
    runs: updateRuns(scale),
    trained: trainedEdges(scale),
    model: modelEdges(scale),
  }),
  claims: (claim) => [
    claim({
      id: 'spectral-edge-position',
      statement: 'MNIST, N = 10: share of windows with k* = 2 or 3',
      target: { kind: 'at least', bound: 0.5, says: 'a small k* > 1' },
      uses: ['runs', 'trained'],
      measure: trainedRow(0, ({ measured: { edges } }) => edges[1]! + edges[2]!),
    }),
    claim({
      id: 'spectral-edge-noise-position',
      statement: 'MNIST, N = 10: |mean k* − that of pure noise|',
      target: { kind: 'at most', bound: 2, says: 'that of pure noise' },
      explains: {
        by: 'noise law',
        otherwise: 'not explained',
        says: 'pure noise with the measured λ_i and c_i puts k* where the relaxed modes’ updates cancel or their number ends',
      },
      uses: ['runs', 'trained'],
      measure: trainedRow(0, ({ measured, predicted }) =>
        Math.abs(meanEdge(measured.edges) - meanEdge(predicted.edges)),
      ),
    }),
    ...[10, 50].map((every, i) =>
      claim({
        id: `spectral-edge-noise-ratio-${every}`,
        statement: `MNIST, N = ${every}: |ln R − ln R of pure noise|`,
        target: { kind: 'at most', bound: 0.1, says: 'that of pure noise, to 10 %' },
        explains: {
          by: 'noise law',
          otherwise: 'not explained',
          says: 'R of Gram matrices drawn from the noise of batches, without flow and without a fitted number',
        },
        uses: ['runs', 'trained'],
        measure: trainedRow(i, ({ measured, predicted }) => Math.abs(measured.logRatio.mean - predicted.logRatio.mean)),
      }),
    ),
    claim({
      id: 'spectral-edge-flow-ratio',
      statement: 'MNIST, N = 10: |ln R − ln R of noise and flow|',
      target: { kind: 'at most', bound: 0.1, says: 'that of noise and flow, to 10 %' },
      explains: {
        by: 'noise law',
        otherwise: 'not explained',
        says: 'the same with the flow that the full gradients have in common',
      },
      uses: ['runs', 'trained'],
      measure: trainedRow(0, ({ measured, withFlow }) => Math.abs(measured.logRatio.mean - withFlow.logRatio.mean)),
    }),
    claim({
      id: 'spectral-edge-top',
      statement:
        'MNIST, N = 10: |‖P₁₀v₁‖² − that of pure noise|, v₁ the first direction of updates, P₁₀ the Hessian’s top space',
      target: { kind: 'at most', bound: 0.1, says: 'that of pure noise' },
      explains: {
        by: 'noise law',
        otherwise: 'not explained',
        says: 'how much of the first direction of updates lies in the top space of the Hessian',
      },
      uses: ['runs', 'trained'],
      measure: trainedRow(0, ({ measured, predicted }) =>
        Math.abs(measured.topShares[0]!.mean - predicted.topShares[0]!.mean),
      ),
    }),
    claim({
      id: 'spectral-edge-model',
      statement: 'exact model, at rest: largest deviation of G from E G over its diagonals, in standard errors',
      target: { kind: 'at most', bound: 4, says: 'as predicted' },
      uses: ['model'],
      measure: modelRow(({ rest }) => rest, gramDeviation),
    }),
    claim({
      id: 'spectral-edge-model-start',
      statement: 'exact model, from α*B, modes not relaxed: the same',
      target: { kind: 'at most', bound: 4, says: 'as predicted' },
      uses: ['model'],
      measure: modelRow(({ start }) => start, gramDeviation),
    }),
    claim({
      id: 'spectral-edge-model-ratio',
      statement: 'exact model, at rest: deviation of ln R from that of pure noise, in standard errors',
      target: { kind: 'at most', bound: 4, says: 'as predicted' },
      explains: {
        by: 'exact model',
        otherwise: 'contradicted',
        says: 'at α* nothing flows and nothing is learned: R and k* there are those of noise, from the exact spectrum',
      },
      uses: ['model'],
      measure: modelRow(({ rest }) => rest, gapRatioDeviation),
    }),
  ],
  figures: (_, figureOfAll) => [
    figureOfAll({
      id: 'spectral-edge',
      uses: ['trained', 'model'],
      data: ({ trained, model }) => ({
        cases: [
          edgeCase(
            'exact model',
            'k = 3, d = 8, σ = 0.4, η = 10, batch 640, N = 5, at rest at α*, top space of 3',
            model.map(({ rest }) => rest),
          ),
          edgeCase(
            'MNIST',
            'FC 2×100, 5000 images, η = 0.1, batch 64, N = 10, after 1500 steps, top space of 10',
            trained.map(({ phases }) => phases[0]!),
          ),
        ],
      }),
      draw: spectralEdgeFigure,
    }),
  ],
});
