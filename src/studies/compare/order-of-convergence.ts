import type { OrderOfConvergence } from './document.js';
import { observableNames, type Values } from './observables.js';
import type { CompareMethod } from './settings.js';
import type { TimeGrid } from './time-grid.js';

/** What a training run measured on every rung: by rung, then time. */
export interface NoiselessRun {
  readonly method: CompareMethod;
  readonly start: 'zero' | number;
  readonly exact: readonly Values[];
  readonly rungs: readonly (readonly Values[])[];
  readonly steps: number;
}

/** Rounding of s steps, each of relative size eps in W, through an extrapolation whose coefficients sum to less than 10 in size. */
export const roundingOfSteps = (steps: number, scale: number): number =>
  10 * (steps + 100) * Number.EPSILON * (1 + Math.abs(scale));

/** Least squares of log error on log h, per observable; the errors of one h in root mean square over all times and starts. */
export function ordersOfConvergence(
  method: CompareMethod,
  runs: readonly NoiselessRun[],
  grid: TimeGrid,
): OrderOfConvergence[] {
  return observableNames.flatMap((name): OrderOfConvergence[] => {
    const cases = runs.flatMap(({ exact, rungs: measured, steps }) =>
      exact.flatMap((values, at) => {
        const expected = values[name];
        if (expected === undefined) return [];
        return [{ expected, rungs: measured.map((rung) => rung[at]![name]!), floor: roundingOfSteps(steps, expected) }];
      }),
    );
    if (cases.length === 0) return [];
    const steps = runs[0]!.rungs.map((_, rung) => grid.rate(rung, 0));
    const rms = (errors: readonly number[]): number =>
      Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    const errors = steps.map((_, rung) => rms(cases.map((c) => c.rungs[rung]! - c.expected)));
    const extrapolated = steps
      .slice(1)
      .map((_, rung) => rms(cases.map((c) => 2 * c.rungs[rung]! - c.rungs[rung + 1]! - c.expected)));
    const floor = rms(cases.map((c) => c.floor));
    const slope = errors.every((error) => error <= floor) ? null : slopeOf(steps, errors);
    const extrapolatedSlope = extrapolated.every((error) => error <= 10 * floor)
      ? null
      : slopeOf(steps.slice(0, -1), extrapolated);
    const near = (measured: number | null, order: number): boolean =>
      measured === null || Math.abs(measured - order) <= 0.05 * order;
    const ok = near(slope, 1) && near(extrapolatedSlope, 2);
    return [{ name, method, steps, errors, slope, extrapolatedSlope, ok }];
  });
}

function slopeOf(steps: readonly number[], errors: readonly number[]): number {
  const [x, y] = [steps.map(Math.log), errors.map(Math.log)];
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  return x.reduce((sum, v, i) => sum + (v - mx) * (y[i]! - my), 0) / x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
}
