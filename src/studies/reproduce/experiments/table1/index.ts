import { experiment } from '../../engine/declare.js';
import { defaultRuns } from '../../shared/default-runs.js';
import { overlapRow, overlapTable, variation, type OverlapRow } from '../../shared/overlap-rows.js';
import type { Change } from '../../shared/settings.js';

const slowly: Change = { schedule: { kind: 'constant', rate: 0.01 } };
const tenEpochs = 9380;

/** A number of the table. */
const printed = (value: number) => ({ kind: 'value', value }) as const;

const softmax = overlapRow({
  id: 'table1-softmax',
  statement: 'softmax regression',
  target: printed(0.96),
  change: { model: 'softmax' },
  seconds: 27,
});
const softplus = overlapRow({
  id: 'table1-softplus',
  statement: 'FC 2×100, softplus',
  target: printed(0.96),
  change: { activation: 'softplus' },
  seconds: 270,
});
const slow = overlapRow({
  id: 'table1-eta',
  statement: 'FC 2×100, η = 0.01',
  target: printed(0.96),
  change: slowly,
  seconds: 230,
});
const large = overlapRow({
  id: 'table1-batch',
  statement: 'FC 2×100, batch 256',
  target: printed(0.97),
  change: { batch: 256 },
  seconds: 240,
});
const random = overlapRow({
  id: 'table1-random',
  statement: 'FC 2×100, random labels',
  target: printed(0.86),
  change: { data: { randomLabels: true } },
  seconds: 220,
});
const relu: OverlapRow = {
  id: 'table1-relu',
  statement: 'FC 2×100, ReLU (Fig. 1; not in the table)',
  target: { kind: 'none' },
  runs: defaultRuns,
};

type Variation = Parameters<typeof variation>[1];

const standardised = { pixels: 'standardised' } as const;
const tenThousand = { samples: 10_000 } as const;
const drawn = 'glorot-uniform, biases 0';

const ofSoftmax: readonly Variation[] = [
  { name: 'standardised', statement: 'softmax, pixels standardised', change: { data: standardised }, seconds: 55 },
  { name: 'epochs', statement: 'softmax, 10 epochs', change: { steps: tenEpochs }, seconds: 24 },
  { name: 'images', statement: 'softmax, 10,000 images', change: { data: tenThousand }, seconds: 6 },
  { name: 'start', statement: `softmax, ${drawn}`, change: { initialisation: 'glorot-uniform' }, seconds: 20 },
  {
    name: 'both',
    statement: 'softmax, pixels standardised and 10 epochs',
    change: { data: standardised, steps: tenEpochs },
    seconds: 80,
  },
].map((row) => ({ ...row, change: { model: 'softmax', ...row.change }, quickSeconds: 2 }));

const ofSlow: readonly Variation[] = [
  { name: 'epochs', statement: 'η = 0.01, 10 epochs', change: { ...slowly, steps: tenEpochs }, seconds: 165 },
  {
    name: 'standardised',
    statement: 'η = 0.01, pixels standardised',
    change: { ...slowly, data: standardised },
    seconds: 500,
  },
];

const ofLarge: readonly Variation[] = [
  {
    name: 'standardised',
    statement: 'batch 256, pixels standardised',
    change: { batch: 256, data: standardised },
    seconds: 120,
  },
  { name: 'images', statement: 'batch 256, 10,000 images', change: { batch: 256, data: tenThousand }, seconds: 30 },
  {
    name: 'start',
    statement: `batch 256, ${drawn}`,
    change: { batch: 256, initialisation: 'glorot-uniform' },
    seconds: 120,
  },
];

/** Table 1, the rows on MNIST. */
export const table1 = experiment({
  id: 'table1',
  title: 'overlap(g, Hg) late in training, MNIST',
  source: 'Table 1',
  data: 'mnist',
  about:
    'Mean of overlap(g, Hg), taken every 10 of the last 1000 of 2814 steps: three epochs of batch 64, twelve of batch 256 ("a few epochs" in the paper). All 60,000 images, pixels in [0, 1], η = 0.1 and batch 64 unless said, initial weights and biases uniform on ±1/√fan-in. ' +
    'overlap(g, Hg) is a proxy, 1 for a gradient along any single eigenvector; so beside it stand f_top(k) for k = 10, its value for a random direction, and the gap at the cut, all averaged over six or seven measurements in those steps. In the rows that vary something, overlap(g, Hg) is taken every 20 steps and the rest three times.',
  ...overlapTable([
    softmax,
    softplus,
    slow,
    large,
    random,
    relu,
    ...ofSoftmax.map((row) => variation(softmax, row)),
    ...ofSlow.map((row) => variation(slow, row)),
    ...ofLarge.map((row) => variation(large, row)),
  ]),
});
