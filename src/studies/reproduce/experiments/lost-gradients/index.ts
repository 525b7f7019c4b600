import { lostGradientsFigure } from '../../../../../figures/lost-gradients.js';
import { experiment } from '../../engine/declare.js';
import { fewImageRuns } from '../../shared/few-images.js';
import { averaged, cost, fromSlowed, phaseDifference } from './missing.js';
import { lineDeviation } from './on-line.js';
import { half, lostLineTasks, lossEvery, lostTasks, most, phaseLength } from './tasks.js';

const uses = ['runs', 'early', 'late'] as const;
const tells = { kind: 'at least', bound: 0.1, says: 'differs by phase' } as const;

/** How much of the gradient can be lost, by phase of training. */
export const lostGradients = experiment({
  id: 'lost-gradients',
  title: 'How much of the gradient can be lost, by phase of training',
  source: 'arXiv:2605.01989; observables ours',
  data: 'mnist',
  about:
    `FC 2×100 on 2000 images, η = 0.1, batch 80: ${phaseLength} steps from an early state (step 20) and from a late one (step 400), with a part of each batch gradient lost, that is taken as zero, with probability q at every step: every coordinate on its own (as packets are), or the part in the top 10 Hessian eigenvectors, or all of the rest, as a whole. ` +
    `Values: the share of the decrease of the training loss over the phase that is missing, 1 − decrease/decrease without losses; ends are means over the last ${averaged} evaluations. Eigenvectors are renewed every 25 steps. The work has no spectral observable, and gives no number for ours to be held against in its abstract. ` +
    'In the exact model every gradient on the line W = αB is an eigenvector, in the top space before the edge of the phase diagram and outside beyond it: losing the part it is not in costs nothing, and losing the other with probability q slows time by 1 − q, in closed form (k = 4, σ = 0.3, edge at α/α* = 0.31; phases from α = 1 and 4). ' +
    'It says of networks: coordinates lost at random slow time by 1 − q, the top part is needed early, the rest late. Bounds are ours.',
  work: {
    arxiv: '2605.01989',
    name: 'DBLP: phase-aware bounded-loss transport',
    definition:
      'share of the decrease of the loss that is missing when coordinates of the gradient are lost with probability 0.5: difference between an early and a late phase, absolute',
    isOurDefinition: true,
    claim: 'how much of the gradient may be lost differs by phase of training',
    headline: 'lost-gradients-phase',
  },
  needs: (scale) => ({
    runs: fewImageRuns(scale),
    early: lostTasks('early', scale),
    late: lostTasks('late', scale),
    lineEarly: lostLineTasks('early', scale),
    lineLate: lostLineTasks('late', scale),
  }),
  claims: (claim) => [
    claim({
      id: 'lost-gradients-phase',
      statement: 'coordinates lost, q = 0.5: missing early less missing late, absolute',
      target: tells,
      uses,
      measure: phaseDifference('coordinates', half, 0),
    }),
    ...(['early', 'late'] as const).flatMap((phase) => [
      claim({
        id: `lost-gradients-${phase}-coordinates`,
        statement: `${phase}: coordinates lost, q = 0.5`,
        target: { kind: 'at most', bound: half, says: 'less is missing than was lost' },
        uses,
        measure: cost(phase, 'coordinates', half),
      }),
      claim({
        id: `lost-gradients-${phase}-top`,
        statement: `${phase}: top part lost, q = 0.9`,
        target: { kind: 'none' },
        uses,
        measure: cost(phase, 'top', most),
      }),
      claim({
        id: `lost-gradients-${phase}-bulk`,
        statement: `${phase}: bulk part lost, q = 0.9`,
        target: { kind: 'none' },
        uses,
        measure: cost(phase, 'bulk', most),
      }),
    ]),
    claim({
      id: 'lost-gradients-slowed',
      statement: 'coordinates lost, q = 0.5: missing less what time slowed by 1 − q leaves out, larger of both phases',
      target: { kind: 'at most', bound: 0.1, says: 'time is slowed' },
      explains: {
        by: 'exact model',
        otherwise: 'not explained',
        says: 'steps that are lost with probability q slow the flow by 1 − q: missing is what the run without losses has not reached at (1 − q) of the steps',
      },
      uses,
      measure: fromSlowed,
    }),
    claim({
      id: 'lost-gradients-top-phase',
      statement: 'top part lost, q = 0.9: missing early less missing late',
      target: tells,
      explains: {
        by: 'exact model',
        otherwise: 'not explained',
        says: 'the flow is in the top space before the edge of the phase diagram and outside beyond it: the top part is needed early alone',
      },
      uses,
      measure: phaseDifference('top', most, 1),
    }),
    claim({
      id: 'lost-gradients-bulk-phase',
      statement: 'bulk part lost, q = 0.9: missing late less missing early',
      target: tells,
      explains: {
        by: 'exact model',
        otherwise: 'not explained',
        says: 'the same of the rest: it is needed late alone',
      },
      uses,
      measure: phaseDifference('bulk', most, -1),
    }),
    claim({
      id: 'lost-gradients-exact',
      statement: 'exact model: largest deviation of what is missing from closed form, both parts, q and phases',
      target: { kind: 'at most', bound: 0.03, says: 'as predicted' },
      explains: {
        by: 'exact model',
        otherwise: 'contradicted',
        says: 'α(t₀ + (1 − q) t) of the flow where the gradient is in the lost part, α(t₀ + t) where it is not',
      },
      uses: ['lineEarly', 'lineLate'],
      measure: lineDeviation,
    }),
  ],
  figures: (figure) => [
    figure({
      id: 'lost-gradients',
      uses: ['early', 'late'],
      data: ({ early, late }) => ({
        phases: [
          { name: 'early', ...early },
          { name: 'late', ...late },
        ],
        every: lossEvery,
        probability: most,
        about: 'FC 2×100 on 2000 images of MNIST, η = 0.1, batch 80',
      }),
      draw: lostGradientsFigure,
    }),
  ],
});
