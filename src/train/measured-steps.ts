/**
 * The steps at which everything is measured, ascending: multiples, log-spaced 0, 1, 2, 5, 10, 20, 50, …, or those of a list, as far as they are not below `from`; the last step
 * always, and the first unless `from` is above it.
 */
export function measuredSteps({
  steps,
  every,
  from = 0,
}: {
  readonly steps: number;
  readonly every: number | 'log' | readonly number[];
  readonly from?: number;
}): number[] {
  const result = new Set([0, steps]);
  if (typeof every === 'object') {
    for (const step of every) if (step < steps) result.add(step);
  } else if (every === 'log') {
    for (let decade = 1; decade <= steps; decade *= 10) {
      for (const digit of [1, 2, 5]) if (digit * decade < steps) result.add(digit * decade);
    }
  } else {
    for (let step = every; step < steps; step += every) result.add(step);
  }
  return [...result].filter((step) => step >= from || step === steps).sort((a, b) => a - b);
}

/** Is overlap(g, Hg) taken at this step for the average over the last steps? */
export function isInWindow(
  { steps, window }: { readonly steps: number; readonly window: { readonly length: number; readonly every: number } },
  step: number,
): boolean {
  return step > steps - window.length && step <= steps && (steps - step) % window.every === 0;
}
