import type { Claim, Experiment } from '../experiment.js';
import { lastPhase, mean, overlapMeasurement, topFractionsIn } from '../train-row.js';
import { overlapClaim, overlapRuns, variation, type OverlapRow } from './overlap-claim.js';
import { documentsOf, type Change } from './settings.js';

const sineOf = ({ data = {}, ...change }: Change): Change => ({
  loss: 'squared-error',
  batch: 100,
  steps: 3000,
  ...change,
  data: { source: 'sine:10000', ...data },
});

const sine: OverlapRow = {
  id: 'table1-sine',
  statement: 'FC 2×100 on one sine period + N(0, 0.1²), batch 100',
  change: sineOf({}),
  seconds: 15,
  quickSeconds: 4,
};

/** f_top(2) of a row with f_top(1): the same runs, measured with m = 2. */
function withTwo(row: OverlapRow, claim: Claim): Claim {
  const two = { ...row, change: { ...row.change, subspace: 2 } };
  return {
    ...claim,
    tasks: (scale) => [...overlapRuns(row, scale), ...overlapRuns(two, scale)],
    measure: (results, scale) => {
      const fractions = documentsOf(results, overlapRuns(two, scale)).map((run) => topFractionsIn(lastPhase(run)));
      return overlapMeasurement(documentsOf(results, overlapRuns(row, scale)), {
        'f_top(2)': mean(fractions.map(mean)),
      });
    },
  };
}

const claim = withTwo(sine, overlapClaim(sine, 0.99));

const variations = [
  { name: 'samples', statement: '1000 samples', change: { data: { source: 'sine:1000' } }, seconds: 5 },
  { name: 'longer', statement: '30,000 steps', change: { steps: 30_000 }, seconds: 30 },
  {
    name: 'rate',
    statement: 'the loss without ½ (η = 0.2 with it)',
    change: { schedule: { kind: 'constant', rate: 0.2 } },
    seconds: 15,
  },
  { name: 'start', statement: 'glorot-uniform, biases 0', change: { initialisation: 'glorot-uniform' }, seconds: 15 },
] as const;

/** Table 1, the regression. */
export const table1Sine: Experiment = {
  id: 'table1-sine',
  title: 'overlap(g, Hg) late in training, regression of a sine',
  source: 'Table 1',
  data: null,
  about:
    'As above, on 10,000 samples of sin x + noise, x uniform on one period; 3000 steps of ½(squared error) with η = 0.1, 30 epochs (the paper does not say how many samples and steps, nor whether its loss has the ½). The network has k = 1 output, and f_top(2) is shown beside f_top(1).',
  claims: [
    claim,
    ...variations.map(({ change, ...row }) => variation(claim, { ...row, change: sineOf(change), quickSeconds: 4 })),
  ],
};
