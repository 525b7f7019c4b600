import { checkedTotal } from '../kernels/checked-total.js';
import type { Estimate } from '../statistics/confidence-interval.js';
import { spectralDensity } from './spectral-average.js';
import type { SpectralQuadrature } from './stochastic-lanczos-quadrature.js';

/** A density of eigenvalues on an even grid that holds all of it: its sum times the step is 1. */
export interface DensityCurve {
  /** Standard deviation of the Gaussian that each node is replaced by. */
  readonly width: number;
  readonly points: readonly ({ readonly eigenvalue: number } & Estimate)[];
}

/** Points of the grid, widths that the spread of the nodes is long, and widths that the grid goes beyond the outermost nodes. */
const points = 401;
const resolution = 200;
const margin = 5;

/**
 * The density on a grid from 5 widths below the smallest node to 5 above the largest, the width a 200th of their spread, but no less than what nodes and grid are
 * known to: 8 `rounding` of the largest |node|, `rounding` the unit roundoff of the products, and 2²⁰ that of float64, so that points of the grid, a 40th to half of a width
 * apart, are where they are said to be. For A = 0 the width is 1. The sum over the grid is the integral to e^(−2π²/0.53²), and what lies beyond its ends is 6·10⁻⁷.
 *
 * Throws NumericalError if the density does not integrate to 1 within 10⁻⁵. Cost: points · nodes.
 */
export function densityCurve(
  quadrature: SpectralQuadrature,
  { rounding = Number.EPSILON }: { readonly rounding?: number } = {},
): DensityCurve {
  const nodes = quadrature.probes.flatMap((probe) => [...probe.nodes]);
  const [low, high] = [Math.min(...nodes), Math.max(...nodes)];
  const size = Math.max(Math.abs(low), Math.abs(high));
  const width = Math.max((high - low) / resolution, Math.max(8 * rounding, 2 ** 20 * Number.EPSILON) * size) || 1;
  const step = (high - low + 2 * margin * width) / (points - 1);
  const grid = Array.from({ length: points }, (_, i) => low - margin * width + step * i);
  const estimates = spectralDensity(quadrature, grid, width);
  const shares = estimates.map(({ value }) => value * step);
  checkedTotal('the shares of eigenvalues on the grid', shares, { total: 1, tolerance: 1e-5 });
  return { width, points: estimates.map((estimate, i) => ({ eigenvalue: grid[i]!, ...estimate })) };
}
