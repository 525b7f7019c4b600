import { trainedNetwork } from '../../../../../figures/network-data.js';
import { outliersFigure } from '../../../../../figures/outliers.js';
import { trainDefaults } from '../../../../train/train-config.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { experiment } from '../../engine/declare.js';
import type { Entries, Measurement, Scale } from '../../engine/experiment.js';
import type { ProbeTask, TrainTask } from '../../engine/task.js';
import { classStructure, type ClassStructure } from '../../probes/class-structure.js';
import { alignedRuns } from '../../shared/aligned-runs.js';
import { probesAfter, seededRuns } from '../../shared/seeded.js';
import { trainSettings } from '../../shared/train-settings.js';
import { besideExact, exactMultiplicities, exactWithBiases, exactTime, miniBulk } from './exact.js';
import { byEdge, byGap, miniBulkGap, outlierGap, reasonOf, type Rule } from './rules.js';
import { classes } from '../../shared/settings.js';

const rate = 0.1;

/** Softmax regression from zero on the model's own data, by gradient descent. */
function mixtureRuns(scale: Scale): TrainTask[] {
  const config = {
    ...trainDefaults,
    model: 'softmax',
    bias: false,
    initialisation: 'zeros',
    data: { ...trainDefaults.data, source: `mixture:${classes},30,0.02,${scale === 'full' ? 20_000 : 4000}` },
    schedule: { kind: 'constant', rate },
    batch: null,
    steps: exactTime / rate,
    measureEvery: exactTime / rate,
    top: 11,
    accuracy: 1e-2,
    precision: 'f64',
    keepWeights: 'last',
  } as const;
  return seededRuns(config, scale === 'full' ? 30 : 8);
}

function structures(runs: readonly TrainTask[], scale: Scale): ProbeTask<ClassStructure>[] {
  const search = { top: classes + miniBulk + 15, tolerance: scale === 'full' ? 1e-4 : 3e-2 };
  return probesAfter(runs, classStructure, (weights) => ({ ...weights, ...search }), scale === 'full' ? 90 : 15);
}

/** Counts by a rule, which should be `expected`. */
function counted(
  runs: readonly TrainDocument[],
  found: readonly ClassStructure[],
  expected: number,
  { of, unclear }: Rule,
  more: (found: readonly ClassStructure[]) => Entries = () => ({}),
): Measurement {
  const counts = found.map(of);
  return {
    values: counts.map(({ count }) => count),
    beside: {
      'ratio there': counts.map(({ ratio }) => ratio.toPrecision(3)).join(', '),
      'next largest': counts
        .map(({ next }) => (next === undefined ? '–' : `${next.ratio.toPrecision(3)} after ${next.count}`))
        .join(', '),
      'ratio after C': found.map(({ eigenvalues: l }) => (l[classes - 1]! / l[classes]!).toPrecision(3)).join(', '),
      ...more(found),
    },
    settings: trainSettings(runs.map(({ run }) => run)),
    ...reasonOf(counts, expected, unclear),
  };
}

/** The rows of a case: where its runs and probes are, and what they begin with. */
const cases = [
  { id: 'outliers-mixture', first: 'mixture (σ = 0.02), softmax', name: 'mixture', uses: ['mixture', 'inMixture'] },
  { id: 'outliers-mnist', first: 'MNIST, FC 2×100', name: 'MNIST', uses: ['network', 'inNetwork'] },
] as const;

/** What is counted in each case. */
const rows = [
  { id: '', says: 'outliers by the gap', expected: classes, rule: byGap(outlierGap) },
  {
    id: '-mini-bulk',
    says: 'outliers and mini-bulk by the gap',
    expected: classes + miniBulk,
    rule: byGap(miniBulkGap),
  },
  { id: '-class', says: 'G_class above the rest of G', expected: classes, rule: byEdge(({ between }) => between) },
  { id: '-cross', says: 'G_cross above the rest of G', expected: miniBulk, rule: byEdge(({ cross }) => cross) },
];

function drawn(name: string, { run }: TrainDocument, found: ClassStructure) {
  const gaps = { outliers: outlierGap(found), miniBulk: miniBulkGap(found) };
  return { name, network: trainedNetwork(run), found, gaps };
}

/** Papyan's class structure of the spectrum, counted. */
export const outliers = experiment({
  id: 'outliers',
  title: 'C outliers and a mini-bulk of C(C − 2)',
  source: 'Papyan 2019, 2020, arXiv:1901.08244, arXiv:2008.11865; exact here: k and k(k − 2)',
  data: 'mnist',
  about:
    `The ${classes + miniBulk + 15} largest Hessian eigenvalues, counted by rules set before: the number of outliers is the place of the largest ratio λ_i/λ_{i+1} with i ≤ 2C; outliers and mini-bulk together end at the largest such ratio behind 2C. With the class parts of the Gauss–Newton matrix at hand a second rule needs no gap: eigenvalues of G_class and of G_cross above the largest eigenvalue of what varies within pairs of classes. (Between the two stands G_{c=c}, the gradients of classes for themselves, which in the exact model lie where those of G_class do.) ` +
    'In the noiseless model the counts are exactly k and k(k − 2), from its multiplicities; with biases, k − 1 eigenvalues stand above the others.',
  needs: (scale) => {
    const [mixture, network] = [mixtureRuns(scale), alignedRuns(scale)];
    return { mixture, inMixture: structures(mixture, scale), network, inNetwork: structures(network, scale) };
  },
  claims: (claim) => [
    claim({
      id: 'outliers-exact',
      statement: 'exact model, k = 10: multiplicity of λ₁',
      target: { kind: 'exactly', value: classes },
      uses: [],
      measure: () => ({
        values: [exactMultiplicities()[0]],
        beside: { 'of λ₂': exactMultiplicities()[1], 'with biases, by the gap': exactWithBiases().count },
        settings: { classes, time: exactTime },
      }),
    }),
    ...cases.flatMap(({ id, first, name, uses }) =>
      rows.map((row, i) =>
        claim({
          id: `${id}${row.id}`,
          statement: `${i === 0 ? first : name}: ${row.says}`,
          target: { kind: 'exactly', value: row.expected },
          uses,
          measure: (found) => {
            const more = name === 'mixture' && i === 0 ? besideExact : undefined;
            return counted(found[uses[0]], found[uses[1]], row.expected, row.rule, more);
          },
        }),
      ),
    ),
  ],
  figures: (figure) => [
    figure({
      id: 'outliers',
      uses: ['mixture', 'inMixture', 'network', 'inNetwork'],
      data: ({ mixture, inMixture, network, inNetwork }) => ({
        cases: [drawn('mixture, softmax', mixture, inMixture), drawn('MNIST, MLP', network, inNetwork)],
        classes,
      }),
      draw: outliersFigure,
    }),
  ],
});
