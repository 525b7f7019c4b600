import { gaussHermite } from '../../numeric/quadrature/gauss-hermite.js';
import { bestGenerator, normalLattice } from '../../numeric/quadrature/normal-lattice.js';
import type { RandomStream } from '../../numeric/random.js';

/** Points for averages over r independent standard normal variables; point i at `[i * dimension, (i + 1) * dimension)`. */
export interface NormalPoints {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/** A rule for averages over normal variables of any dimension. */
export type Quadrature = (dimension: number) => NormalPoints;

/** The tensor product of Gauss–Hermite rules of `nodes` points: nodes^r points, for r up to 3 or 4. */
export function tensorHermite(nodes: number): Quadrature {
  const rule = gaussHermite(nodes);
  return (dimension) => {
    const count = nodes ** dimension;
    const points = new Float64Array(count * dimension);
    const weights = new Float64Array(count).fill(1);
    for (let i = 0; i < count; i++) {
      for (let j = 0, rest = i; j < dimension; j++, rest = Math.floor(rest / nodes)) {
        points[i * dimension + j] = rule.nodes[rest % nodes]!;
        weights[i]! *= rule.weights[rest % nodes]!;
      }
    }
    return { points, weights };
  };
}

/** Randomly shifted lattice rules: one Quadrature for each of the `shifts`, whose results are independent and unbiased. */
export function shiftedLattices(points: number, shifts: number, stream: RandomStream): Quadrature[] {
  const generators = new Map<number, number>();
  return Array.from({ length: shifts }, (): Quadrature => (dimension) => {
    if (!generators.has(dimension)) generators.set(dimension, bestGenerator(dimension, points, stream));
    return {
      points: normalLattice(dimension, points, generators.get(dimension)!, stream),
      weights: new Float64Array(points).fill(1 / points),
    };
  });
}
