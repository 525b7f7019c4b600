import { experiment } from '../../engine/declare.js';
import { overlapRow, overlapTable, variation } from '../../shared/overlap-rows.js';
import type { Change } from '../../shared/settings.js';
import { lastPhase, meanOfValues, overlapMeasurement, topFractionsIn } from '../../shared/train-row.js';

const sineOf = ({ data = {}, ...change }: Change): Change => ({
  loss: 'squared-error',
  batch: 100,
  steps: 3000,
  ...change,
  data: { source: 'sine:10000', ...data },
});

const sine = {
  id: 'table1-sine',
  statement: 'FC 2×100 on one sine period + N(0, 0.1²), batch 100',
  target: { kind: 'value', value: 0.99 },
  seconds: 15,
  quickSeconds: 4,
} as const;

const one = overlapRow({ ...sine, change: sineOf({}) });
/** The same runs, measured with m = 2. */
const two = overlapRow({ ...sine, change: sineOf({ subspace: 2 }) });

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

const varied = overlapTable(
  variations.map(({ change, ...row }) => variation(one, { ...row, change: sineOf(change), quickSeconds: 4 })),
);

/** Table 1, the regression. */
export const table1Sine = experiment({
  id: 'table1-sine',
  title: 'overlap(g, Hg) late in training, regression of a sine',
  source: 'Table 1',
  data: null,
  about:
    'As above, on 10,000 samples of sin x + noise, x uniform on one period; 3000 steps of ½(squared error) with η = 0.1, 30 epochs (the paper does not say how many samples and steps, nor whether its loss has the ½). The network has k = 1 output, and f_top(2) is shown beside f_top(1).',
  needs: (scale) => ({ ...varied.needs(scale), one: one.runs(scale), two: two.runs(scale) }),
  claims: (claim) => [
    claim({
      ...sine,
      uses: ['one', 'two'],
      measure: (found) => {
        const fractions = found.two.map((run) => meanOfValues(topFractionsIn(lastPhase(run))));
        return overlapMeasurement(found.one, { 'f_top(2)': meanOfValues(fractions) });
      },
    }),
    ...varied.claims(claim),
  ],
});
