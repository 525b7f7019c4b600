import type { Entries } from '../../engine/experiment.js';
import { probeTask, type ProbeTask, type TrainTask } from '../../engine/task.js';
import { exactRecurrence, trainedRecurrence, type GradientRecurrence } from '../../probes/gradient-recurrence.js';
import { probesAfter, seeds } from '../../shared/seeded.js';
import { classes } from '../../shared/settings.js';
import { meanOfValues } from '../../shared/train-row.js';

export const rate = 0.1;
export const exactSettings = { classes, scale: 1, time: 30, relativeRate: 0.5, iterations: 100 };

/** From the last weights of runs. */
export function recurrences(runs: readonly TrainTask[], iterations: number): ProbeTask<GradientRecurrence>[] {
  return probesAfter(
    runs,
    trainedRecurrence,
    ({ config, run }) => ({
      config: { ...config, precision: 'f64' as const },
      run,
      m: classes,
      rate,
      iterations,
      tolerance: 1e-6,
    }),
    ({ config }) => (config.data.samples! / 5000) * (15 + iterations / 5),
  );
}

/** In the exact model. */
export function exactRecurrences(): ProbeTask<GradientRecurrence>[] {
  return seeds.map((seed) => probeTask(exactRecurrence, { ...exactSettings, seed }, { seconds: 2 }));
}

/** vᵀHv/vᵀv over λ_k: of the last iterate from g_top, and where the recurrence begins, with the gradient that training itself has come to. */
export const rayleighAtEnd = (found: GradientRecurrence): number =>
  found.insideRayleigh.at(-1)! / found.eigenvalues.at(-1)!;
export const rayleighAtStart = (found: GradientRecurrence): number =>
  found.wholeRayleigh[0]! / found.eigenvalues.at(-1)!;

/** f_top(k) of the last iterate from g. */
export const stayed = (found: GradientRecurrence): number => found.wholeTopFraction.at(-1)!;

/** What is shown beside a row. */
export function beside(found: readonly GradientRecurrence[]): Entries {
  const over = (of: (one: GradientRecurrence) => number): number => meanOfValues(found.map(of));
  return {
    'at first': over((one) => one.insideRayleigh[0]! / one.eigenvalues.at(-1)!),
    'λ₁/λ₁₀': over(({ eigenvalues }) => eigenvalues[0]! / eigenvalues.at(-1)!),
    'η λ₁': over((one) => one.rate * one.eigenvalues[0]!),
    iterations: found[0]!.insideRayleigh.length - 1,
  };
}
