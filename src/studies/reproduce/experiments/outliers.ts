import { trainedNetwork } from '../../../../figures/network-data.js';
import { outliersFigure } from '../../../../figures/outliers.js';
import { trainDefaults, type TrainConfig } from '../../../train/train-config.js';
import {
  reproducedFigure,
  type Claim,
  type Entries,
  type Experiment,
  type Results,
  type Scale,
} from '../experiment.js';
import { classStructure, type ClassStructure } from '../probes/class-structure.js';
import { probeTask, trainTask, type ProbeTask, type TrainTask } from '../task.js';
import { trainSettings } from '../train-settings.js';
import { alignedRuns } from './aligned-runs.js';
import { besideExact, exactMultiplicities, exactWithBiases, k, miniBulk, time } from './outliers-exact.js';
import { byEdge, byGap, miniBulkGap, outlierGap, reasonOf, type Rule } from './outlier-rules.js';
import { seeds } from './settings.js';

const rate = 0.1;

type Case = (scale: Scale) => TrainTask[];

/** Softmax regression from zero on the model's own data, by gradient descent. */
const mixture: Case = (scale) => {
  const config: Omit<TrainConfig, 'seed'> = {
    ...trainDefaults,
    model: 'softmax',
    bias: false,
    initialisation: 'zeros',
    data: { ...trainDefaults.data, source: `mixture:${k},30,0.02,${scale === 'full' ? 20_000 : 4000}` },
    schedule: { kind: 'constant', rate },
    batch: null,
    steps: time / rate,
    measureEvery: time / rate,
    top: 11,
    accuracy: 1e-2,
    precision: 'f64',
    keepWeights: 'last',
  };
  return seeds.map((seed) => trainTask({ ...config, seed }, scale === 'full' ? 30 : 8));
};

function probeTasks(runs: readonly TrainTask[], scale: Scale): ProbeTask<ClassStructure>[] {
  return runs.map((run) =>
    probeTask(
      classStructure,
      { config: run.config, run: run.key, top: k + miniBulk + 15, tolerance: scale === 'full' ? 1e-4 : 3e-2 },
      { after: [run], seconds: scale === 'full' ? 90 : 15 },
    ),
  );
}

function claim(
  id: string,
  statement: string,
  runs: Case,
  expected: number,
  { of, unclear }: Rule,
  more: (found: readonly ClassStructure[]) => Entries = () => ({}),
): Claim {
  return {
    id,
    statement,
    target: { kind: 'exactly', value: expected },
    tasks: (scale) => [...runs(scale), ...probeTasks(runs(scale), scale)],
    measure: (results, scale) => {
      const found = probeTasks(runs(scale), scale).map((task) => results.of(task).result);
      const counts = found.map(of);
      return {
        values: counts.map(({ count }) => count),
        beside: {
          'ratio there': counts.map(({ ratio }) => ratio.toPrecision(3)).join(', '),
          'next largest': counts
            .map(({ next }) => (next === undefined ? '–' : `${next.ratio.toPrecision(3)} after ${next.count}`))
            .join(', '),
          'ratio after C': found.map(({ eigenvalues: l }) => (l[k - 1]! / l[k]!).toPrecision(3)).join(', '),
          ...more(found),
        },
        settings: trainSettings(runs(scale).map((run) => results.of(run).result.run)),
        ...reasonOf(counts, expected, unclear),
      };
    },
  };
}

/** Papyan's class structure of the spectrum, counted. */
export const outliers: Experiment = {
  id: 'outliers',
  title: 'C outliers and a mini-bulk of C(C − 2)',
  source: 'Papyan 2019, 2020, arXiv:1901.08244, arXiv:2008.11865; exact here: k and k(k − 2)',
  data: 'mnist',
  about:
    `The ${k + miniBulk + 15} largest Hessian eigenvalues, counted by rules set before: the number of outliers is the place of the largest ratio λ_i/λ_{i+1} with i ≤ 2C; outliers and mini-bulk together end at the largest such ratio behind 2C. With the class parts of the Gauss–Newton matrix at hand a second rule needs no gap: eigenvalues of G_class and of G_cross above the largest eigenvalue of what varies within pairs of classes. (Between the two stands G_{c=c}, the gradients of classes for themselves, which in the exact model lie where those of G_class do.) ` +
    'In the noiseless model the counts are exactly k and k(k − 2), from its multiplicities; with biases, k − 1 eigenvalues stand above the others.',
  claims: [
    {
      id: 'outliers-exact',
      statement: 'exact model, k = 10: multiplicity of λ₁',
      target: { kind: 'exactly', value: k },
      tasks: () => [],
      measure: () => ({
        values: [exactMultiplicities()[0]],
        beside: { 'of λ₂': exactMultiplicities()[1], 'with biases, by the gap': exactWithBiases().count },
        settings: { classes: k, time },
      }),
    },
    claim(
      'outliers-mixture',
      'mixture (σ = 0.02), softmax: outliers by the gap',
      mixture,
      k,
      byGap(outlierGap),
      besideExact,
    ),
    claim(
      'outliers-mixture-mini-bulk',
      'mixture: outliers and mini-bulk by the gap',
      mixture,
      k + miniBulk,
      byGap(miniBulkGap),
    ),
    claim(
      'outliers-mixture-class',
      'mixture: G_class above the rest of G',
      mixture,
      k,
      byEdge(({ between }) => between),
    ),
    claim(
      'outliers-mixture-cross',
      'mixture: G_cross above the rest of G',
      mixture,
      miniBulk,
      byEdge(({ cross }) => cross),
    ),
    claim('outliers-mnist', 'MNIST, FC 2×100: outliers by the gap', alignedRuns, k, byGap(outlierGap)),
    claim(
      'outliers-mnist-mini-bulk',
      'MNIST: outliers and mini-bulk by the gap',
      alignedRuns,
      k + miniBulk,
      byGap(miniBulkGap),
    ),
    claim(
      'outliers-mnist-class',
      'MNIST: G_class above the rest of G',
      alignedRuns,
      k,
      byEdge(({ between }) => between),
    ),
    claim(
      'outliers-mnist-cross',
      'MNIST: G_cross above the rest of G',
      alignedRuns,
      miniBulk,
      byEdge(({ cross }) => cross),
    ),
  ],
  figures: [
    reproducedFigure({
      id: 'outliers',
      tasks: (scale) => [mixture, alignedRuns].flatMap((runs) => [runs(scale)[0]!, probeTasks(runs(scale), scale)[0]!]),
      data: (results, scale) => ({
        cases: [mixture, alignedRuns].map((runs, i) =>
          caseOf(results, runs(scale)[0]!, probeTasks(runs(scale), scale)[0]!, i),
        ),
        classes: k,
      }),
      draw: outliersFigure,
    }),
  ],
};

function caseOf(results: Results, run: TrainTask, probe: ProbeTask<ClassStructure>, i: number) {
  const { result } = results.of(probe);
  return {
    name: i === 0 ? 'mixture, softmax' : 'MNIST, MLP',
    network: trainedNetwork(results.of(run).result.run),
    found: result,
    gaps: { outliers: outlierGap(result), miniBulk: miniBulkGap(result) },
  };
}
