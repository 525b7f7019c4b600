import { trainedNetwork } from '../../../../figures/network-data.js';
import { overlapMapsFigure } from '../../../../figures/overlap-maps.js';
import { subspaceOverlaps } from '../../../../src/studies/reproduce/probes/subspace-overlaps.js';
import { experiment } from '../../../../src/studies/reproduce/engine/declare.js';
import { overlapMeasurement } from '../../../../src/studies/reproduce/shared/train-row.js';
import { trainTask } from '../../../../src/studies/reproduce/engine/task.js';
import { probesAfter } from '../../../../src/studies/reproduce/shared/seeded.js';
import { trainDefaults, type TrainConfig } from '../../../../src/train/train-config.js';

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

/** Everything that experiments are made of, in a second: rows, a variation, a row and a figure from a probe that builds on a run. */
export const toy = experiment({
  id: 'toy',
  title: 'A toy',
  source: 'Nowhere',
  data: null,
  about: 'Three classes.',
  needs: () => {
    const plain = runs();
    const maps = probesAfter(
      plain.slice(0, 1),
      subspaceOverlaps,
      (weights) => ({ ...weights, steps, m: 3, tolerance: 1e-6 }),
      1,
    );
    return { plain, faster: runs({ schedule: { kind: 'constant', rate: 0.5 } }), maps };
  },
  claims: (claim) => [
    claim({
      id: 'toy-overlap',
      statement: 'overlap(g, Hg) | late',
      target: { kind: 'value', value: 0.5 },
      uses: ['plain'],
      measure: ({ plain }) => overlapMeasurement(plain),
    }),
    claim({
      id: 'toy-overlap-rate',
      statement: 'a larger rate',
      target: { kind: 'value', value: 0.5 },
      variationOf: 'toy-overlap',
      uses: ['faster'],
      measure: ({ faster }) => overlapMeasurement(faster),
    }),
    claim({
      id: 'toy-preserved',
      statement: 'preserved',
      target: { kind: 'at least', bound: 0.1, says: 'preserved' },
      uses: ['maps'],
      measure: ({ maps }) => ({ values: maps.map(({ pairs }) => pairs.at(-2)!.top[0]), settings: {} }),
    }),
  ],
  figures: (figure) => [
    figure({
      id: 'toy-maps',
      uses: ['plain', 'maps'],
      data: ({ plain, maps }) => ({ network: trainedNetwork(plain.run), subspace: 3, maps }),
      draw: overlapMapsFigure,
    }),
  ],
});
