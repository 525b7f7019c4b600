import { linearDecreaseFigure } from '../../../../../figures/linear-decrease.js';
import { trainedNetwork } from '../../../../../figures/network-data.js';
import { exactFlow, exactSnapshot, randomWeights } from '../../../../exact/noiseless/index.js';
import { predictedChange } from '../../../../observe/index.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement } from '../../engine/experiment.js';
import type { DecreaseAlong, StepPart } from '../../probes/decrease-along.js';
import { alignedDescents, rates, trained } from '../../shared/aligned-descents.js';
import { alignedRuns } from '../../shared/aligned-runs.js';
import { seeds } from '../../shared/seeded.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';

const m = 10;

/** The decrease along g_top over that along g, of one step at a rate. */
const atRate =
  (wanted: number, how: 'firstOrder' | 'actual') =>
  (found: DecreaseAlong): number => {
    const step = found.steps.find(({ rate }) => rate === wanted)!;
    return step[how].top / step[how].all;
  };

/** The decrease over all steps of a descent along a part, over that along g. */
const afterMany =
  (part: StepPart) =>
  ({ descents }: DecreaseAlong): number =>
    fall(descents[part]) / fall(descents.all);

function fall(losses: readonly number[]): number {
  return losses[0]! - losses.at(-1)!;
}

interface Found {
  readonly runs: readonly TrainDocument[];
  readonly descents: readonly DecreaseAlong[];
}

const measured =
  (value: (found: DecreaseAlong) => number) =>
  ({ runs, descents }: Found): Measurement & Required<Pick<Measurement, 'beside'>> => ({
    values: descents.map(value),
    beside: {
      'f_top(10)': meanOfValues(descents.map(({ topFraction }) => topFraction.lower)),
      'η λ₁': trained * meanOfValues(descents.map(({ eigenvalues }) => eigenvalues[0]!)),
      'η λ₁₀': trained * meanOfValues(descents.map(({ eigenvalues }) => eigenvalues[m - 1]!)),
    },
    settings: { ...trainSettings(runs.map(({ run }) => run)), m, rates, from: 'the last weights', gradient: 'full' },
  });

function manySteps(found: Found): Measurement {
  const over = (part: StepPart): number => meanOfValues(found.descents.map(afterMany(part)));
  const [top, bulk] = [over('top'), over('bulk')];
  const { beside, ...rest } = measured(afterMany('top'))(found);
  return {
    ...rest,
    beside: { ...beside, 'g_bulk alone': bulk },
    reason:
      top < bulk
        ? `the loss falls along g_top until it reaches the floor of the valley, where the curvature of the top directions has used up g_top; along g_bulk it goes on (${bulk.toFixed(2)} of the whole decrease)`
        : 'within these steps the decrease along g_top is not used up',
  };
}

/** From a random W(0), where the gradient does not lie in the top space from the beginning. */
function exact(): Measurement {
  const changes = seeds.map((seed) =>
    predictedChange(exactSnapshot(exactFlow(m, randomWeights(m, 1, seed)).at(30), m), m, trained),
  );
  const share = ({ top, all }: (typeof changes)[number]['firstOrder']): number => (top.lower + top.upper) / 2 / all;
  return {
    values: changes.map(({ firstOrder }) => share(firstOrder)),
    beside: { 'to second order': meanOfValues(changes.map(({ secondOrder }) => share(secondOrder))) },
    settings: { classes: m, noise: 0, weights: 'N(0, 1)', time: 30, rate: trained, seeds },
  };
}

const similar = { kind: 'at least', bound: 0.9, says: 'decreases the loss similarly' } as const;

/** Claims on one step. */
const oneStep = [
  {
    id: 'linear-decrease-predicted',
    statement: 'share of g_top in −η‖g‖²',
    value: atRate(trained, 'firstOrder'),
  },
  { id: 'linear-decrease-small-step', statement: 'one step of η = 0.001', value: atRate(0.001, 'actual') },
  { id: 'linear-decrease-one-step', statement: 'one step of η = 0.1', value: atRate(trained, 'actual') },
];

/** GRD18's argument that stepping along g_top alone is as good as the whole step. */
export const linearDecrease = experiment({
  id: 'linear-decrease',
  title: 'Does g_top alone decrease the loss as the whole gradient does?',
  source: 'Section 2, δL = −η‖g‖²; against it: Song, Ahn & Yun, arXiv:2405.16002',
  data: 'mnist',
  about:
    'From the last weights of FC 2×100 on 5000 images: the decrease of the full training loss along g_top = P₁₀ g over that along g, and the same along g_bulk = g − g_top. ' +
    'To first order the share of g_top is f_top. What curvature leaves of it is seen in single steps of growing η, and in gradient descent (η = 0.1) that follows one part for many steps, with the top space computed anew every 5 steps. The bound is ours.',
  needs: (scale) => ({ runs: alignedRuns(scale), descents: alignedDescents(scale) }),
  claims: (claim) => [
    ...oneStep.map(({ id, statement, value }) =>
      claim({ id, statement, target: similar, uses: ['runs', 'descents'], measure: measured(value) }),
    ),
    claim({
      id: 'linear-decrease-many-steps',
      statement: 'many steps of η = 0.1 (full: 100)',
      target: similar,
      uses: ['runs', 'descents'],
      measure: manySteps,
    }),
    claim({
      id: 'linear-decrease-exact',
      statement: 'exact model, k = 10, W(0) ~ N(0, 1), t = 30: share of g_top in −η‖g‖²',
      target: similar,
      uses: [],
      measure: exact,
    }),
  ],
  figures: (figure) => [
    figure({
      id: 'linear-decrease',
      uses: ['runs', 'descents'],
      data: ({ runs: { run }, descents }) => ({ network: trainedNetwork(run), subspace: m, found: descents }),
      draw: linearDecreaseFigure,
    }),
  ],
});
