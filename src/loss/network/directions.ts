import { zeros } from '../../numeric/kernels/float-array.js';
import { unitFactor } from '../../numeric/kernels/unit-scale.js';
import type { Precision, Reals } from '../../tensor/engine/index.js';
import { parts, type ParameterLayout } from '../parameters.js';
import { directionName } from './curvature-graphs.js';

/** Directions as inputs of a graph, each times its factor. */
export interface GivenDirections {
  readonly factors: readonly number[];
  readonly inputs: Readonly<Record<string, Reals>>;
}

/** Directions as inputs, at a length of order 1, whatever theirs: products with a gradient of 1e-35 are none of f32's numbers. */
export function directionsOf(
  vectors: Float64Array,
  columns: number,
  layout: ParameterLayout,
  precision: Precision,
): GivenDirections {
  const inputs: Record<string, Reals> = {};
  const factors = Array.from({ length: columns }, (_, j) => {
    const vector = vectors.subarray(j * layout.size, (j + 1) * layout.size);
    const factor = unitFactor(vector);
    const direction = zeros(precision, vector.length);
    for (let i = 0; i < vector.length; i++) direction[i] = factor * vector[i]!;
    Object.assign(
      inputs,
      parts(layout, direction, (name) => directionName(j, name)),
    );
    return factor;
  });
  return { factors, inputs };
}
