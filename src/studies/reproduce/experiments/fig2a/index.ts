import { trainedNetwork } from '../../../../../figures/network-data.js';
import { isKnown, middle, overlapMapsFigure } from '../../../../../figures/overlap-maps.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement, Scale } from '../../engine/experiment.js';
import type { ProbeTask } from '../../engine/task.js';
import {
  subspaceOverlaps,
  type OverlapInterval,
  type StepPair,
  type SubspaceOverlaps,
} from '../../probes/subspace-overlaps.js';
import { defaultRuns, mapSteps } from '../../shared/default-runs.js';
import { probesAfter } from '../../shared/seeded.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';

/** The subspace counts as formed from this step on: the paper's ≳ 100. In the quick run, which is short, earlier. */
const formed = { full: 100, quick: 10 } as const;

const m = 10;

/** Eigenvectors close enough to tell the eigenvalues at both cuts apart: λ₂₀ and λ₂₁ are as near as λ₁/4000. */
function overlapMaps(scale: Scale): ProbeTask<SubspaceOverlaps>[] {
  const tolerance = scale === 'full' ? 3e-5 : 3e-3;
  return probesAfter(
    defaultRuns(scale),
    subspaceOverlaps,
    (weights) => ({ ...weights, steps: mapSteps[scale], m, tolerance }),
    scale === 'full' ? 430 : 20,
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

/** One of the overlaps of a pair of steps. */
const between =
  (intervalOf: (pair: StepPair) => OverlapInterval) =>
  (
    { runs, maps }: { readonly runs: readonly TrainDocument[]; readonly maps: readonly SubspaceOverlaps[] },
    scale: Scale,
  ): Measurement => {
    const far = maps.map((map) => farPair(map, scale));
    const close = maps.flatMap((map) => neighbours(map, intervalOf, scale));
    const { steps, parameters } = maps[0]!;
    return {
      values: far.map((pair) => middle(intervalOf(pair))),
      beside: {
        steps: `${steps[firstFormed(steps, scale)]} and ${steps.at(-1)}`,
        'known to ±': Math.max(...far.map((pair) => halfWidth(intervalOf(pair)))),
        ...(close.length === 0 ? {} : { 'half an octave apart': meanOfValues(close) }),
        'random subspace': m / parameters,
      },
      settings: { ...trainSettings(runs.map(({ run }) => run)), steps, formed: formed[scale] },
    };
  };

/** A value at the pairs of steps that follow each other, from where the subspaces are formed, as far as these are known. */
function neighbours(
  { steps, pairs }: SubspaceOverlaps,
  intervalOf: (pair: StepPair) => OverlapInterval,
  scale: Scale,
): number[] {
  return pairs
    .filter(({ a, b }) => b === a + 1 && steps[a]! >= formed[scale])
    .map(intervalOf)
    .filter(isKnown)
    .map(middle);
}

const halfWidth = ([lower, upper]: OverlapInterval): number => (upper - lower) / 2;

/** Fig. 2a,b: which subspaces are preserved. */
export const fig2a = experiment({
  id: 'fig2a',
  title: 'The top 10 subspace is preserved, the next 10 is not, MNIST',
  source: 'Fig. 2a,b',
  data: 'mnist',
  about:
    'overlap(V, V′) = Tr(P P′)/10 of the spans of Hessian eigenvectors 1–10, and 11–20, at two steps of the runs of Fig. 1a,b. The rows show the first step of the map from 100 on and the last one; "half an octave apart" is the mean over the steps of the map that follow each other, a factor of √2 in the step, where the overlap is known to ± 0.05: single eigenvectors rotate quickly where theirs is small while that of the subspace is not. "known to" allows for the residuals of the eigenvectors over the gaps at the cuts. The paper shows the maps as pictures; the bounds are ours, set before the runs.',
  needs: (scale) => ({ runs: defaultRuns(scale), maps: overlapMaps(scale) }),
  claims: (claim) => [
    claim({
      id: 'fig2a-top',
      statement: 'top 10 eigenvectors',
      target: { kind: 'at least', bound: 0.5, says: 'preserved' },
      uses: ['runs', 'maps'],
      measure: between(({ top }) => top),
    }),
    claim({
      id: 'fig2a-next',
      statement: 'eigenvectors 11–20',
      target: { kind: 'at most', bound: 0.25, says: 'not preserved' },
      uses: ['runs', 'maps'],
      measure: between(({ next }) => next),
    }),
    claim({
      id: 'fig2a-single',
      statement: 'single eigenvectors, mean of (v_i · v_i′)² over the top 10',
      target: { kind: 'at most', bound: 0.25, says: 'not preserved' },
      uses: ['runs', 'maps'],
      measure: between(({ single }) => single),
    }),
  ],
  figures: (figure) => [
    figure({
      id: 'fig2a',
      uses: ['runs', 'maps'],
      data: ({ runs: { run }, maps }) => ({ network: trainedNetwork(run), subspace: run.subspace, maps }),
      draw: overlapMapsFigure,
    }),
  ],
});
