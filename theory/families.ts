import { theorems } from './theorems.js';
import type { Theorem } from './theorem.js';

/** Theorems that belong together, in the order of the argument. */
export interface Family {
  readonly title: string;
  readonly theorems: readonly Theorem[];
}

/** Where each family begins in the list of theorems. */
const beginnings = [
  ['The flow without noise', 'logits-solve-the-flow'],
  ['The Hessian and its spectrum', 'positive-semidefinite'],
  ['The collapse into the top space', 'top-k-undefined-at-start'],
  ['From any start', 'spectrum-from-any-start'],
  ['Biases, and the paper’s equations for two classes', 'bias-splitting'],
  ['Null values and observables', 'null-of-f-top'],
  ['With noise: averages, the flow and seven levels', 'moment-identities'],
  ['With noise: where the gradient leaves the top space', 'small-noise-levels'],
  ['With noise: from small random weights', 'sector-response'],
  ['The noise of SGD', 'stationary-variance'],
  ['The noise of SGD in the model', 'gradient-covariance'],
  ['False claims, which must be refuted', 'false-rank-is-k'],
] as const;

/** All theorems by family. */
export const families: readonly Family[] = beginnings.map(([title, first], i) => ({
  title,
  theorems: theorems.slice(placeOf(first), placeOf(beginnings[i + 1]?.[1])),
}));

function placeOf(id: string | undefined): number {
  return id === undefined ? theorems.length : theorems.findIndex((theorem) => theorem.id === id);
}
