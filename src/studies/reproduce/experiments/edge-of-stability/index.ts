import { edgeOfStabilityFigure } from '../../../../../figures/edge-of-stability.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement } from '../../engine/experiment.js';
import type { EdgeOscillation } from '../../probes/edge-oscillation.js';
import { meanOfValues } from '../../shared/train-row.js';
import { edgeCurves } from './curves.js';
import { edgeOscillations, edgeRates, edgeRuns } from './runs.js';
import { earlyRecords, fractionOver, lateRecords, lateSharpness } from './sharpness.js';

const atEdge = { kind: 'at least', bound: 1.9, says: 'rises to 2' } as const;
const hovers = { kind: 'at most', bound: 2.3, says: 'hovers at 2, or just above' } as const;
const statement = (rate: number): string => `ηλ₁ over the last quarter, η = ${rate}`;

function oscillations({
  middle,
  after,
}: {
  readonly middle: Parameters<typeof lateSharpness>[0]['runs'];
  readonly after: readonly EdgeOscillation[];
}): Measurement {
  const [rate] = edgeRates.middle;
  return {
    values: after.map(({ flips }) => flips),
    beside: {
      '1 − ηλ₁': meanOfValues(after.map(({ sharpness }) => 1 - rate * meanOfValues(sharpness))),
      'f_top(1)': meanOfValues(after.map(({ topFractions }) => meanOfValues(topFractions))),
      steps: after[0]!.slopes.length - 1,
    },
    settings: lateSharpness({ runs: middle }).settings,
  };
}

/** Gradient descent without noise, up to where it is unstable and on. */
export const edgeOfStability = experiment({
  id: 'edge-of-stability',
  title: 'The edge of stability',
  source: 'Cohen et al. (arXiv:2103.00065)',
  data: 'mnist',
  about:
    'Gradient descent by all samples, squared error, tanh 2×50 on 500 images, three learning rates and three seeds; λ₁ and f_top(10) at 20 measurements, and 40 steps more along v₁. "The last quarter": the measurements of the last quarter of the steps. ' +
    '"Before the edge": measurements before the first with ηλ₁ ≥ 2, once the loss is less than half of the first one. Bounds are ours. Those of ηλ₁ were set before any run. Those of f_top(10), and the learning rates, were chosen after a first look at seed 1 with η = 0.05, 0.1 and 0.2, so that these two rows describe what had been seen and are no test: that look had shown f_top(10) low before the edge and high at it, and ηλ₁ above 2.3 at η = 0.2, which is not among the rates here. ' +
    'There is no noise of batches here: the noise law alone puts nothing into the top space, and what is left is the flow, whose gradient lies outside. Where f_top(10) is high nevertheless it is not noise of batches. It is not v₁ alone either, which holds a third of ‖g‖² or less on average over the 40 steps: at the edge several eigenvalues have come to 2/η, and nearly all of the top ten are above 1/η, where a step of descent in a quadratic turns the sign of its part of the gradient. How much of ‖g‖² each of them holds was not measured.',
  work: {
    arxiv: '2103.00065',
    name: 'Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability',
    definition:
      'the sharpness λ₁ of the full training loss along gradient descent with a constant learning rate η, as ηλ₁',
    claim: 'the sharpness rises to 2/η and hovers there, or just above',
    headline: 'edge-of-stability-reached',
  },
  needs: (scale) => ({
    slow: edgeRuns('slow', scale),
    middle: edgeRuns('middle', scale),
    fast: edgeRuns('fast', scale),
    after: edgeOscillations('middle', scale),
  }),
  claims: (claim) => [
    claim({
      id: 'edge-of-stability-reached',
      statement: statement(edgeRates.middle[0]),
      target: atEdge,
      uses: ['middle'],
      measure: ({ middle }) => lateSharpness({ runs: middle }),
    }),
    claim({
      id: 'edge-of-stability-hovers',
      statement: `the same: not far above`,
      target: hovers,
      uses: ['middle'],
      measure: ({ middle }) => lateSharpness({ runs: middle }),
    }),
    claim({
      id: 'edge-of-stability-slow',
      statement: statement(edgeRates.slow[0]),
      target: atEdge,
      uses: ['slow'],
      variationOf: 'edge-of-stability-reached',
      measure: ({ slow }) => lateSharpness({ runs: slow }),
    }),
    claim({
      id: 'edge-of-stability-fast',
      statement: statement(edgeRates.fast[0]),
      target: atEdge,
      uses: ['fast'],
      variationOf: 'edge-of-stability-reached',
      measure: ({ fast }) => lateSharpness({ runs: fast }),
    }),
    claim({
      id: 'edge-of-stability-oscillates',
      statement: 'share of steps at which gᵀv₁ changes its sign, at the edge',
      target: { kind: 'at least', bound: 0.9, says: 'as 1 − ηλ₁ < 0 says' },
      uses: ['middle', 'after'],
      measure: oscillations,
    }),
    claim({
      id: 'edge-of-stability-before',
      statement: 'f_top(10) before the edge',
      target: { kind: 'at most', bound: 0.1, says: 'no noise, no tiny subspace' },
      uses: ['middle'],
      explains: {
        by: 'noise law',
        otherwise: 'contradicted',
        says: 'full batches have no noise, so that g is the flow alone, which lies outside the top space',
      },
      measure: ({ middle }) => fractionOver(earlyRecords)({ runs: middle }),
    }),
    claim({
      id: 'edge-of-stability-top',
      statement: 'f_top(10) at the edge, over the last quarter',
      target: { kind: 'at most', bound: 0.5, says: 'no noise, no tiny subspace' },
      uses: ['middle', 'after'],
      explains: {
        by: 'noise law',
        otherwise: 'contradicted',
        says: 'full batches have no noise, so that nothing would keep g in the top space',
      },
      measure: ({ middle, after }) => ({
        ...fractionOver(lateRecords)({ runs: middle }),
        reason: `several of the top ten eigenvalues are at the edge there, and nearly all are above 1/η (counted beside); v₁ alone holds ${after.map(({ topFractions }) => meanOfValues(topFractions).toFixed(2)).join(', ')} of ‖g‖² over the 40 steps after. Which of the others hold the rest was not found out`,
      }),
    }),
  ],
  figures: (figure) => [
    figure({
      id: 'edge-of-stability',
      uses: ['slow', 'middle', 'fast'],
      data: ({ slow, middle, fast }) => ({ runs: [slow, middle, fast].map(edgeCurves) }),
      draw: edgeOfStabilityFigure,
    }),
  ],
});
