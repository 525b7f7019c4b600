import { linearDecreaseFigure } from '../../../../figures/linear-decrease.js';
import { trainedNetwork } from '../../../../figures/network-data.js';
import { exactFlow, exactSnapshot, randomWeights } from '../../../exact/noiseless/index.js';
import { predictedChange } from '../../../observe/index.js';
import {
  reproducedFigure,
  type Claim,
  type Experiment,
  type Measurement,
  type Results,
  type Scale,
} from '../experiment.js';
import { decreaseAlong, type DecreaseAlong, type StepPart } from '../probes/decrease-along.js';
import { probeTask, type ProbeTask } from '../task.js';
import { mean } from '../train-row.js';
import { trainSettings } from '../train-settings.js';
import { alignedRuns } from './aligned-runs.js';
import { seeds } from './settings.js';

const m = 10;
/** The smallest one shows the linear approximation, 0.1 is the one of training. */
const rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3];
const trained = 0.1;

/** Also looked at by other experiments. */
export function decreaseTasks(scale: Scale): ProbeTask<DecreaseAlong>[] {
  const descent = { rate: trained, steps: scale === 'full' ? 100 : 20, refresh: 5 };
  return alignedRuns(scale).map((run) =>
    probeTask(
      decreaseAlong,
      { config: run.config, run: run.key, m, tolerance: 1e-4, rates, descent },
      { after: [run], seconds: scale === 'full' ? 60 : 4 },
    ),
  );
}

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

function measured(results: Results, scale: Scale, value: (found: DecreaseAlong) => number): Measurement {
  const found = decreaseTasks(scale).map((task) => results.of(task).result);
  const runs = alignedRuns(scale).map((run) => results.of(run).result.run);
  return {
    values: found.map(value),
    beside: {
      'f_top(10)': mean(found.map(({ topFraction }) => topFraction.lower)),
      'η λ₁': trained * mean(found.map(({ eigenvalues }) => eigenvalues[0]!)),
      'η λ₁₀': trained * mean(found.map(({ eigenvalues }) => eigenvalues[m - 1]!)),
    },
    settings: { ...trainSettings(runs), m, rates, from: 'the last weights', gradient: 'full' },
  };
}

const claim = (
  id: string,
  statement: string,
  target: Claim['target'],
  value: (found: DecreaseAlong) => number,
  note?: (found: readonly DecreaseAlong[]) => Partial<Measurement>,
): Claim => ({
  id,
  statement,
  target,
  tasks: (scale) => [...alignedRuns(scale), ...decreaseTasks(scale)],
  measure: (results, scale) => {
    const found = decreaseTasks(scale).map((task) => results.of(task).result);
    const more = note?.(found) ?? {};
    const { beside, ...rest } = measured(results, scale, value);
    return { ...rest, ...more, beside: { ...beside, ...more.beside } };
  },
});

const similar = { kind: 'at least', bound: 0.9, says: 'decreases the loss similarly' } as const;

/** From a random W(0), where the gradient does not lie in the top space from the beginning. */
const exact: Claim = {
  id: 'linear-decrease-exact',
  statement: 'exact model, k = 10, W(0) ~ N(0, 1), t = 30: share of g_top in −η‖g‖²',
  target: similar,
  tasks: () => [],
  measure: () => {
    const changes = seeds.map((seed) =>
      predictedChange(exactSnapshot(exactFlow(m, randomWeights(m, 1, seed)).at(30), m), m, trained),
    );
    const share = ({ top, all }: (typeof changes)[number]['firstOrder']): number => (top.lower + top.upper) / 2 / all;
    return {
      values: changes.map(({ firstOrder }) => share(firstOrder)),
      beside: { 'to second order': mean(changes.map(({ secondOrder }) => share(secondOrder))) },
      settings: { classes: m, noise: 0, weights: 'N(0, 1)', time: 30, rate: trained, seeds },
    };
  },
};

/** GRD18's argument that stepping along g_top alone is as good as the whole step. */
export const linearDecrease: Experiment = {
  id: 'linear-decrease',
  title: 'Does g_top alone decrease the loss as the whole gradient does?',
  source: 'Section 2, δL = −η‖g‖²; against it: Song, Ahn & Yun, arXiv:2405.16002',
  data: 'mnist',
  about:
    'From the last weights of FC 2×100 on 5000 images: the decrease of the full training loss along g_top = P₁₀ g over that along g, and the same along g_bulk = g − g_top. ' +
    'To first order the share of g_top is f_top. What curvature leaves of it is seen in single steps of growing η, and in gradient descent (η = 0.1) that follows one part for many steps, with the top space computed anew every 5 steps. The bound is ours.',
  claims: [
    claim('linear-decrease-predicted', 'share of g_top in −η‖g‖²', similar, atRate(trained, 'firstOrder')),
    claim('linear-decrease-small-step', 'one step of η = 0.001', similar, atRate(0.001, 'actual')),
    claim('linear-decrease-one-step', 'one step of η = 0.1', similar, atRate(trained, 'actual')),
    claim('linear-decrease-many-steps', 'many steps of η = 0.1 (full: 100)', similar, afterMany('top'), (found) => {
      const [top, bulk] = (['top', 'bulk'] as const).map((part) => mean(found.map(afterMany(part)))) as [
        number,
        number,
      ];
      return {
        beside: { 'g_bulk alone': bulk },
        reason:
          top < bulk
            ? `the loss falls along g_top until it reaches the floor of the valley, where the curvature of the top directions has used up g_top; along g_bulk it goes on (${bulk.toFixed(2)} of the whole decrease)`
            : 'within these steps the decrease along g_top is not used up',
      };
    }),
    exact,
  ],
  figures: [
    reproducedFigure({
      id: 'linear-decrease',
      tasks: (scale) => [alignedRuns(scale)[0]!, decreaseTasks(scale)[0]!],
      data: (results, scale) => ({
        network: trainedNetwork(results.of(alignedRuns(scale)[0]!).result.run),
        subspace: m,
        found: results.of(decreaseTasks(scale)[0]!).result,
      }),
      draw: linearDecreaseFigure,
    }),
  ],
};
