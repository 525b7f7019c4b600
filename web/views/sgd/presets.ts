import type { DescentMethod } from '../../../src/studies/simulate/descent-config.js';
import type { SgdSettings } from './controls.js';

/** Settings with a name. `then`: methods that are run afterwards, one after the other. */
export interface Preset {
  readonly name: string;
  readonly help: string;
  readonly settings: Partial<SgdSettings>;
  readonly then?: readonly DescentMethod[];
}

const small = { classes: 3, dim: 6, runs: 8, seed: 1 } as const;
const flip = { ...small, runs: 4, method: 'dom-sgd', margin: 2.5, lr: 1, batch: 64, steps: 100 } as const;

export const presets: readonly Preset[] = [
  {
    name: 'three regimes',
    help: 'Three classes from W = 0: the claim is true, false, and true again.',
    settings: { ...small, method: 'sgd', noise: 0.4, margin: 0, lr: 0.5, batch: 16, steps: 1500 },
  },
  {
    name: 'ten classes in 50 dimensions',
    help: 'The same with 500 weights, from α = 1; a point takes about a quarter of a second.',
    settings: { classes: 10, dim: 50, runs: 3, seed: 1, method: 'sgd', noise: 0.3, margin: 1, lr: 1, batch: 16, steps: 1500 }, // prettier-ignore
  },
  {
    name: 'before the boundary: Dom learns',
    help: 'Little noise in the data: the flow lies in the top space. Dom-SGD first, then Bulk-SGD.',
    settings: { ...flip, noise: 0.2 },
    then: ['bulk-sgd'],
  },
  {
    name: 'beyond it: Bulk learns',
    help: 'The same start with more noise in the data: the flow has left the top space. Dom-SGD first, then Bulk-SGD.',
    settings: { ...flip, noise: 0.4 },
    then: ['bulk-sgd'],
  },
];
