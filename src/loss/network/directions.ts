import { precisionOf, zeros } from '../../numeric/kernels/float-array.js';
import { unitFactor } from '../../numeric/kernels/unit-scale.js';
import type { Precision, Reals } from '../../tensor/engine/index.js';
import { parts, type ParameterLayout } from '../parameters.js';
import { directionName } from './curvature-graphs.js';

/** Directions as inputs of a graph, each times its factor. */
export interface GivenDirections {
  readonly factors: readonly number[];
  readonly inputs: Readonly<Record<string, Reals>>;
}

/** The largest entry of a vector of length 1 lies here for up to 10⁹ parameters: nothing is gained by another length. */
const mostFactor = 2 ** 15;

/**
 * Directions as inputs, at a length of order 1, whatever theirs: products with a gradient of 1e-35 are none of f32's numbers. Those that have such a
 * length and the precision are no copies. The first is direction `from` of the graph.
 */
export function directionsOf(
  vectors: Reals,
  columns: number,
  layout: ParameterLayout,
  precision: Precision,
  from = 0,
): GivenDirections {
  const inputs: Record<string, Reals> = {};
  const factors = Array.from({ length: columns }, (_, j) => {
    const vector = vectors.subarray(j * layout.size, (j + 1) * layout.size);
    const unit = unitFactor(vector);
    const factor = unit >= 1 && unit <= mostFactor ? 1 : unit;
    const direction = factor === 1 && precisionOf(vector) === precision ? vector : scaled(vector, factor, precision);
    Object.assign(
      inputs,
      parts(layout, direction, (name) => directionName(from + j, name)),
    );
    return factor;
  });
  return { factors, inputs };
}

function scaled(vector: Reals, factor: number, precision: Precision): Reals {
  const result = zeros(precision, vector.length);
  for (let i = 0; i < vector.length; i++) result[i] = factor * vector[i]!;
  return result;
}
