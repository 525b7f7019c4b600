import { UsageError } from '../../errors.js';
import type { FloatArray } from '../../numeric/kernels/float-array.js';
import { entriesOf, parameterLayout, type ParameterLayout } from '../parameters.js';

/**
 * The exact reduction of a network whose first layer is dense and some of whose inputs are zero in every sample: the weights on
 * them have neither gradient nor curvature. They are left out of θ, keep their first values, and come back when weights are saved.
 */
export interface InputReduction {
  readonly full: ParameterLayout;
  readonly reduced: ParameterLayout;
  /** θ without the weights on inputs that are zero. */
  readonly reduce: (full: FloatArray) => Float64Array;
  /** θ with them, as they are in `frozen`. */
  readonly expand: (reduced: FloatArray, frozen: FloatArray) => Float64Array;
}

/** Keeps the columns `active` of the weights named `first`, [units, features]. Throws UsageError if there are none of this name. */
export function inputReduction(full: ParameterLayout, first: string, active: Uint32Array): InputReduction {
  const index = full.specs.findIndex(({ name }) => name === first);
  const spec = full.specs[index];
  if (spec?.shape.length !== 2) throw new UsageError(`there are no dense weights '${first}' to reduce`);
  const [units, features] = spec.shape as readonly [number, number];
  const reduced = parameterLayout(
    full.specs.map((other, i) => (i === index ? { ...spec, shape: [units, active.length] } : other)),
  );
  /** Where each entry of the reduced θ lies in the full one. */
  const places = new Uint32Array(reduced.size);
  full.specs.forEach(({ shape }, i) => {
    const [from, to] = [full.offsets[i]!, reduced.offsets[i]!];
    if (i !== index) for (let j = 0; j < entriesOf(shape); j++) places[to + j] = from + j;
    else
      for (let j = 0; j < units * active.length; j++)
        places[to + j] = from + Math.floor(j / active.length) * features + active[j % active.length]!;
  });
  return {
    full,
    reduced,
    reduce: (values) => Float64Array.from(places, (place) => values[place]!),
    expand: (values, frozen) => {
      const result = Float64Array.from(frozen);
      places.forEach((place, i) => (result[place] = values[i]!));
      return result;
    },
  };
}
