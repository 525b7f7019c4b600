import { chiSquareTail } from '../../numeric/statistics/chi-square-tail.js';

/** Whether g_i² along one direction has the mean that the law predicts. */
export interface DirectionTest {
  /** Mean of x = g_i²/E g_i² over the measurements. */
  readonly mean: number;
  /** How many independent measurements these are worth, T/(1 + 2 Σ_k (1 − k/T) ρ^{2k}) of T. */
  readonly effective: number;
  /** Two-sided, of effective · mean against χ² with as many degrees of freedom. */
  readonly p: number;
  readonly isRejected: boolean;
}

/** The energies of several directions against the law, each χ²₁ about its prediction. */
export interface EnergyTest {
  readonly directions: readonly DirectionTest[];
  /** Over all directions and measurements: the mean of x, and its standard error, by the spread of the means of the measurements and their effective number. */
  readonly mean: number;
  readonly standardError: number;
  /** Variance of x over its squared mean: 2 for χ²₁. */
  readonly relativeVariance: number;
  /** How many directions are rejected, at the level of all of them together. */
  readonly rejected: number;
  readonly level: number;
}

/**
 * The test of g_i²/E g_i² ~ χ²₁ for directions i: ratios[t][i] at T measurements, correlations[i] = ρ_i that of g_i from one to the next. A direction is rejected by Holm's
 * step-down rule (1979): of d directions the one with the j-th smallest p-value where that and all smaller ones obey p_(j) ≤ level/(d − j + 1). Right directions are all kept
 * with a probability of at least 1 − level, whatever their dependence.
 */
export function energyTest(
  ratios: readonly (readonly number[])[],
  correlations: readonly number[],
  level = 0.05,
): EnergyTest {
  const count = ratios.length;
  const found = correlations.map((rho, i) => {
    const average = mean(ratios.map((of) => of[i]!));
    const effective = effectiveCount(count, rho ** 2);
    const above = chiSquareTail(effective * average, effective);
    return { mean: average, effective, p: Math.min(1, 2 * Math.min(above, 1 - above)) };
  });
  const order = found.map(({ p }, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  const kept = order.findIndex(({ p }, j) => p > level / (found.length - j));
  const rejected = new Set(order.slice(0, kept < 0 ? order.length : kept).map(({ i }) => i));
  const all = ratios.flat();
  const overall = mean(all);
  const perStep = ratios.map(mean);
  const slowest = effectiveCount(count, Math.max(...correlations.map((rho) => rho ** 2)));
  return {
    directions: found.map((direction, i) => ({ ...direction, isRejected: rejected.has(i) })),
    mean: overall,
    standardError: Math.sqrt(mean(perStep.map((x) => (x - overall) ** 2)) / Math.max(1, slowest - 1)),
    relativeVariance: mean(all.map((x) => (x - overall) ** 2)) / overall ** 2,
    rejected: rejected.size,
    level,
  };
}

/** T/(1 + 2 Σ_{k<T} (1 − k/T) r^k) of T values with correlations r^k. */
export function effectiveCount(count: number, r: number): number {
  let sum = 1;
  for (let k = 1, power = r; k < count && power > 1e-9; k++, power *= r) sum += 2 * (1 - k / count) * power;
  return count / sum;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
