import type { Claim } from '../experiment.js';
import { exactParts } from '../probes/exact-parts.js';
import { probeTask } from '../task.js';

/** Exact, at two noises that lie before and beyond the edge of the phase diagram: α/α* = 0.045 and 0.405. */
export const exactClaim = (id: string, noise: number): Claim => {
  const setting = { classes: 5, dim: 8, noise, margin: 4.5, rate: 2, steps: 60 };
  const task = probeTask(exactParts, setting, { seconds: 3 });
  return {
    id,
    statement: `exact model, k = 5, σ = ${noise}: Dom-GD, decrease over that of GD`,
    target: { kind: 'none' },
    tasks: () => [task],
    measure: (results) => {
      const { topFraction, before, after } = results.of(task).result;
      const share = (part: 'dominant' | 'bulk'): number => (before - after[part]) / (before - after.gradient);
      return {
        values: [share('dominant')],
        beside: { 'the same of Bulk-GD': share('bulk'), 'f_top(k) at first': topFraction },
        settings: setting,
      };
    },
  };
};
