import type { PopulationPoint } from '../../exact/population/index.js';
import type { SymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import type { SimulatedModel } from './fresh-gradient.js';
import { denseHessian } from './population-loss.js';
import { standardDirections, type StandardDirections } from './sector-energies.js';

/** Gradient descent on the population from W(0) = αB, which stays on that line: what SGD does without its noise. */
export interface LinePath {
  readonly margin: (step: number) => number;
  readonly weights: (step: number) => Float64Array;
  readonly gradient: (step: number) => Float64Array;
  readonly hessian: (step: number) => SymmetricOperator;
  readonly standard: (step: number) => StandardDirections;
}

/** The path, made as far as it is asked for; what was computed is kept. Cost: one quadrature a step, and k d Hessian products where the Hessian is asked for. */
export function linePath(
  config: SimulatedModel & { readonly margin: number; readonly learningRate: number },
  population: (weights: Float64Array) => PopulationPoint,
): LinePath {
  const { classes: k, dim, margin, learningRate } = config;
  const start = Float64Array.from({ length: k * dim }, (_, i) => {
    const [c, f] = [Math.floor(i / dim), i % dim];
    return f < k ? margin * ((c === f ? 1 : 0) - 1 / k) : 0;
  });
  const path = [{ weights: start, point: population(start) }];
  const at = (step: number) => {
    while (path.length <= step) {
      const { weights, point } = path.at(-1)!;
      const next = weights.map((w, i) => w - learningRate * point.gradient[i]!);
      path.push({ weights: next, point: population(next) });
    }
    return path[step]!;
  };
  const hessians = new Map<number, SymmetricOperator>();
  const hessian = (step: number): SymmetricOperator => {
    const known = hessians.get(step) ?? denseHessian(at(step).point.hessian);
    hessians.set(step, known);
    return known;
  };
  return {
    margin: (step) => at(step).weights[0]! / (1 - 1 / k),
    weights: (step) => at(step).weights,
    gradient: (step) => at(step).point.gradient,
    hessian,
    standard: (step) => standardDirections(hessian(step), { classes: k, dim }),
  };
}
