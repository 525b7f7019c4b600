import type { Reals } from '../../tensor/engine/index.js';
import type { Statistics } from '../objective.js';

/** What all products of the Hessian at one θ share, chunk by chunk. */
export type Pass = readonly Readonly<Record<string, Reals>>[];

/** The pass at one θ: an evaluation leaves it to the products there. */
export interface LastPass {
  /** That of θ and statistics of the same numbers as those it was kept for. */
  readonly at: (weights: Reals, statistics: Statistics) => Pass | undefined;
  /** Keeps it in the place of the one before. */
  readonly keep: (weights: Reals, statistics: Statistics, pass: Pass) => void;
  readonly forget: () => void;
}

/** Memory: the pass and a copy of θ. */
export function lastPass(): LastPass {
  let last: { readonly weights: Reals; readonly statistics: Statistics; readonly pass: Pass } | undefined;
  return {
    at: (weights, statistics) =>
      last !== undefined && isSame(last.weights, weights) && areSame(last.statistics, statistics)
        ? last.pass
        : undefined,
    keep(weights, statistics, pass) {
      const copies = Object.entries(statistics).map(([name, values]) => [name, values.slice()]);
      last = { weights: weights.slice(), statistics: Object.fromEntries(copies) as Statistics, pass };
    },
    forget: () => (last = undefined),
  };
}

function areSame(a: Statistics, b: Statistics): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => isSame(a[name]!, b[name]));
}

function isSame(a: Reals, b: Reals | undefined): boolean {
  if (a.length !== b?.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
