import type { Measurement } from '../../engine/experiment.js';
import { probeTask, type ProbeTask } from '../../engine/task.js';
import { exactParts, type ExactParts } from '../../probes/exact-parts.js';

/** Two noises that lie before and beyond the edge of the phase diagram: α/α* = 0.045 and 0.405. */
export const [quiet, noisy] = [0.1, 0.3] as const;

const settingAt = (noise: number) => ({ classes: 5, dim: 8, noise, margin: 4.5, rate: 2, steps: 60 });

/** The exact model, at a noise. */
export function exactTasks(noise: number): ProbeTask<ExactParts>[] {
  return [probeTask(exactParts, settingAt(noise), { seconds: 3 })];
}

export const exactStatement = (noise: number): string =>
  `exact model, k = 5, σ = ${noise}: Dom-GD, decrease over that of GD`;

export const exactShare =
  (noise: number) =>
  ([found]: readonly ExactParts[]): Measurement => {
    const { topFraction, before, after } = found!;
    const share = (part: 'dominant' | 'bulk'): number => (before - after[part]) / (before - after.gradient);
    return {
      values: [share('dominant')],
      beside: { 'the same of Bulk-GD': share('bulk'), 'f_top(k) at first': topFraction },
      settings: settingAt(noise),
    };
  };
