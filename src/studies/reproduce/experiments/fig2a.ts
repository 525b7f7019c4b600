import { trainedNetwork } from '../../../../figures/network-data.js';
import { isKnown, middle, overlapMapsFigure } from '../../../../figures/overlap-maps.js';
import { reproducedFigure, type Claim, type Experiment, type Scale } from '../experiment.js';
import { subspaceOverlaps, type Interval, type StepPair, type SubspaceOverlaps } from '../probes/subspace-overlaps.js';
import { probeTask, type ProbeTask } from '../task.js';
import { mean } from '../train-row.js';
import { trainSettings } from '../train-settings.js';
import { fig1aRuns, mapSteps } from './fig1a.js';
import { documentsOf } from './settings.js';

/** The subspace counts as formed from this step on: the paper's ≳ 100. In the quick run, which is short, earlier. */
const formed = { full: 100, quick: 10 } as const;

const m = 10;

/** Eigenvectors close enough to tell the eigenvalues at both cuts apart: λ₂₀ and λ₂₁ are as near as λ₁/4000. */
function mapTasks(scale: Scale): ProbeTask<SubspaceOverlaps>[] {
  const tolerance = scale === 'full' ? 3e-5 : 3e-3;
  return fig1aRuns(scale).map((run) =>
    probeTask(
      subspaceOverlaps,
      { config: run.config, run: run.key, steps: mapSteps[scale], m, tolerance },
      { after: [run], seconds: scale === 'full' ? 430 : 20 },
    ),
  );
}

/** The overlap of the first of the map's steps at which the subspaces are formed with the last one. */
function farPair({ steps, pairs }: SubspaceOverlaps, scale: Scale): StepPair {
  const from = firstFormed(steps, scale);
  return pairs.find(({ a, b }) => a === from && b === steps.length - 1)!;
}

function firstFormed(steps: readonly number[], scale: Scale): number {
  return steps.findIndex((step) => step >= formed[scale]);
}

function claimOf(
  id: string,
  statement: string,
  target: Claim['target'],
  intervalOf: (pair: StepPair) => Interval,
): Claim {
  return {
    id,
    statement,
    target,
    tasks: (scale) => [...fig1aRuns(scale), ...mapTasks(scale)],
    measure: (results, scale) => {
      const runs = documentsOf(results, fig1aRuns(scale));
      const maps = mapTasks(scale).map((task) => results.of(task).result);
      const far = maps.map((map) => farPair(map, scale));
      const close = maps.flatMap((map) => neighbours(map, intervalOf, scale));
      const { steps, parameters } = maps[0]!;
      return {
        values: far.map((pair) => middle(intervalOf(pair))),
        beside: {
          steps: `${steps[firstFormed(steps, scale)]} and ${steps.at(-1)}`,
          'known to ±': Math.max(...far.map((pair) => halfWidth(intervalOf(pair)))),
          ...(close.length === 0 ? {} : { 'half an octave apart': mean(close) }),
          'random subspace': m / parameters,
        },
        settings: { ...trainSettings(runs.map(({ run }) => run)), steps, formed: formed[scale] },
      };
    },
  };
}

/** A value at the pairs of steps that follow each other, from where the subspaces are formed, as far as these are known. */
function neighbours(
  { steps, pairs }: SubspaceOverlaps,
  intervalOf: (pair: StepPair) => Interval,
  scale: Scale,
): number[] {
  return pairs
    .filter(({ a, b }) => b === a + 1 && steps[a]! >= formed[scale])
    .map(intervalOf)
    .filter(isKnown)
    .map(middle);
}

const halfWidth = ([lower, upper]: Interval): number => (upper - lower) / 2;

/** Fig. 2a,b: which subspaces are preserved. */
export const fig2a: Experiment = {
  id: 'fig2a',
  title: 'The top 10 subspace is preserved, the next 10 is not, MNIST',
  source: 'Fig. 2a,b',
  data: 'mnist',
  about:
    'overlap(V, V′) = Tr(P P′)/10 of the spans of Hessian eigenvectors 1–10, and 11–20, at two steps of the runs of Fig. 1a,b. The rows show the first step of the map from 100 on and the last one; "half an octave apart" is the mean over the steps of the map that follow each other, a factor of √2 in the step, where the overlap is known to ± 0.05: single eigenvectors rotate quickly where theirs is small while that of the subspace is not. "known to" allows for the residuals of the eigenvectors over the gaps at the cuts. The paper shows the maps as pictures; the bounds are ours, set before the runs.',
  claims: [
    claimOf('fig2a-top', 'top 10 eigenvectors', { kind: 'at least', bound: 0.5, says: 'preserved' }, ({ top }) => top),
    claimOf(
      'fig2a-next',
      'eigenvectors 11–20',
      { kind: 'at most', bound: 0.25, says: 'not preserved' },
      ({ next }) => next,
    ),
    claimOf(
      'fig2a-single',
      'single eigenvectors, mean of (v_i · v_i′)² over the top 10',
      { kind: 'at most', bound: 0.25, says: 'not preserved' },
      ({ single }) => single,
    ),
  ],
  figures: [
    reproducedFigure({
      id: 'fig2a',
      tasks: (scale) => [...fig1aRuns(scale).slice(0, 1), ...mapTasks(scale).slice(0, 1)],
      data: (results, scale) => {
        const { run } = results.of(fig1aRuns(scale)[0]!).result;
        const maps = results.of(mapTasks(scale)[0]!).result;
        return { network: trainedNetwork(run), subspace: run.subspace, maps };
      },
      draw: overlapMapsFigure,
    }),
  ],
};
