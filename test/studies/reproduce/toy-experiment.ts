import { trainedNetwork } from '../../../figures/network-data.js';
import { overlapMapsFigure } from '../../../figures/overlap-maps.js';
import { subspaceOverlaps } from '../../../src/studies/reproduce/probes/subspace-overlaps.js';
import { reproducedFigure, type Experiment } from '../../../src/studies/reproduce/experiment.js';
import { overlapMeasurement } from '../../../src/studies/reproduce/train-row.js';
import { probeTask, trainTask } from '../../../src/studies/reproduce/task.js';
import { trainDefaults, type TrainConfig } from '../../../src/train/train-config.js';

const steps = [5, 10, 20, 40];

const config = (change: Partial<TrainConfig>, seed: number): TrainConfig => ({
  ...trainDefaults,
  model: 'mlp:6',
  data: { ...trainDefaults.data, source: 'mixture:3,5,0.3,200' },
  batch: 20,
  steps: 40,
  measureEvery: steps,
  window: { length: 20, every: 5 },
  top: 8,
  tolerance: 1e-6,
  precision: 'f64',
  seed,
  ...change,
});

const runs = (change: Partial<TrainConfig> = {}) => [1, 2].map((seed) => trainTask(config(change, seed), 1));
const [first] = runs();
const maps = probeTask(
  subspaceOverlaps,
  { config: first!.config, run: first!.key, steps, m: 3, tolerance: 1e-6 },
  { after: [first!], seconds: 1 },
);

/** Everything that experiments are made of, in a second: rows, a variation, a row and a figure from a probe that builds on a run. */
export const toy: Experiment = {
  id: 'toy',
  title: 'A toy',
  source: 'Nowhere',
  data: null,
  about: 'Three classes.',
  claims: [
    {
      id: 'toy-overlap',
      statement: 'overlap(g, Hg) | late',
      target: { kind: 'value', value: 0.5 },
      tasks: () => runs(),
      measure: (results) => overlapMeasurement(runs().map((run) => results.of(run).result)),
    },
    {
      id: 'toy-overlap-rate',
      statement: 'a larger rate',
      target: { kind: 'value', value: 0.5 },
      variationOf: 'toy-overlap',
      tasks: () => runs({ schedule: { kind: 'constant', rate: 0.5 } }),
      measure: (results) =>
        overlapMeasurement(runs({ schedule: { kind: 'constant', rate: 0.5 } }).map((run) => results.of(run).result)),
    },
    {
      id: 'toy-preserved',
      statement: 'preserved',
      target: { kind: 'at least', bound: 0.1, says: 'preserved' },
      tasks: () => [maps],
      measure: (results) => ({ values: [results.of(maps).result.pairs.at(-2)!.top[0]], settings: {} }),
    },
  ],
  figures: [
    reproducedFigure({
      id: 'toy-maps',
      tasks: () => [first!, maps],
      data: (results) => ({
        network: trainedNetwork(results.of(first!).result.run),
        subspace: 3,
        maps: results.of(maps).result,
      }),
      draw: overlapMapsFigure,
    }),
  ],
};
