import { lostGradientsFigure } from '../../../../../figures/lost-gradients.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement } from '../../engine/experiment.js';
import type { LostGradients, LostPart } from '../../probes/lost-gradients.js';
import type { LostOnLine } from '../../probes/lost-on-line.js';
import { fewImageRuns } from '../../shared/few-images.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';
import {
  half,
  lineSettings,
  lostLineTasks,
  lossEvery,
  lostTasks,
  most,
  phaseLength,
  type TrainingPhase,
} from './tasks.js';

/** Losses at the end are means over so many evaluations: they swing from step to step. */
const averaged = 5;
const endOf = (losses: readonly number[]): number => meanOfValues(losses.slice(-averaged));

const lossesOf = ({ lost }: LostGradients, part: LostPart, probability: number): readonly number[] =>
  lost.find((one) => one.part === part && one.probability === probability)!.losses;

/** Share of the decrease of the loss over a phase that is missing. */
const costOf = (found: LostGradients, part: LostPart, probability: number): number =>
  1 - (found.none[0]! - endOf(lossesOf(found, part, probability))) / (found.none[0]! - endOf(found.none));

/** The same where no more happens than that time is slowed by 1 − q: from the loss without losses at (1 − q) of each step. */
function slowedCost({ none }: LostGradients, probability: number): number {
  const at = (place: number): number => {
    const [before, share] = [Math.floor(place), place % 1];
    return share === 0 ? none[before]! : (1 - share) * none[before]! + share * none[before + 1]!;
  };
  const ends = Array.from({ length: averaged }, (_, i) => at((1 - probability) * (none.length - averaged + i)));
  return 1 - (none[0]! - meanOfValues(ends)) / (none[0]! - endOf(none));
}

interface Found {
  readonly runs: readonly TrainDocument[];
  readonly early: readonly LostGradients[];
  readonly late: readonly LostGradients[];
}

const settings = ({ runs }: Found): Record<string, unknown> => ({
  ...trainSettings(runs.map(({ run }) => run)),
  'steps of a phase': phaseLength,
});

const cost =
  (phase: TrainingPhase, part: LostPart, probability: number) =>
  (found: Found): Measurement => ({
    values: found[phase].map((one) => costOf(one, part, probability)),
    beside: {
      'loss before': meanOfValues(found[phase].map(({ none }) => none[0]!)),
      'none lost': meanOfValues(found[phase].map(({ none }) => endOf(none))),
      lost: meanOfValues(found[phase].map((one) => endOf(lossesOf(one, part, probability)))),
    },
    settings: settings(found),
  });

/** By how much more is missing early than late. */
const difference =
  (part: LostPart, probability: number, sign: 1 | -1 | 0) =>
  (found: Found): Measurement => {
    const both = (phase: TrainingPhase): number =>
      meanOfValues(found[phase].map((one) => costOf(one, part, probability)));
    return {
      values: found.early.map((one, seed) => {
        const more = costOf(one, part, probability) - costOf(found.late[seed]!, part, probability);
        return sign === 0 ? Math.abs(more) : sign * more;
      }),
      beside: { early: both('early'), late: both('late') },
      settings: settings(found),
    };
  };

const lineCost = (found: LostOnLine, part: 'top' | 'bulk', of: 'predicted' | 'measured'): number =>
  found.found.find((one) => one.part === part && one.probability === most)![of];

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
      'share of the decrease of the loss that is missing when coordinates of the gradient are lost with probability 0.5: difference between an early and a late phase, absolute (ours)',
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
      measure: difference('coordinates', half, 0),
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
      measure: (found) => {
        const predicted = (phase: TrainingPhase): number =>
          meanOfValues(found[phase].map((one) => slowedCost(one, half)));
        return {
          values: found.early.map((_, seed) =>
            Math.max(
              ...([found.early, found.late] as const).map((phase) =>
                Math.abs(costOf(phase[seed]!, 'coordinates', half) - slowedCost(phase[seed]!, half)),
              ),
            ),
          ),
          beside: { 'predicted early': predicted('early'), 'predicted late': predicted('late') },
          settings: settings(found),
        };
      },
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
      measure: difference('top', most, 1),
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
      measure: difference('bulk', most, -1),
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
      measure: ({ lineEarly, lineLate }) => {
        const both = [lineEarly, lineLate] as const;
        const shown = (of: 'predicted' | 'measured', part: 'top' | 'bulk'): string =>
          both.map((phase) => meanOfValues(phase.map((one) => lineCost(one, part, of))).toFixed(3)).join(', ');
        return {
          values: lineEarly.map((_, seed) =>
            Math.max(
              ...both.flatMap((phase) =>
                phase[seed]!.found.map(({ predicted, measured }) => Math.abs(predicted - measured)),
              ),
            ),
          ),
          beside: {
            'f_top(k) early, late': both.map((phase) => phase[0]!.topFraction).join(', '),
            'top lost, q = 0.9: early, late': shown('measured', 'top'),
            'in closed form': shown('predicted', 'top'),
            'bulk lost, q = 0.9: early, late': shown('measured', 'bulk'),
            'its closed form': shown('predicted', 'bulk'),
          },
          settings: lineSettings,
        };
      },
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
