import { activeFeatures, keepFeatures } from '../data/active-features.js';
import { featureCount, type Dataset } from '../data/dataset.js';
import type { Rows } from '../data/rows.js';
import { inputReduction, type InputReduction } from '../loss/network/input-reduction.js';
import {
  entriesOf,
  parameterLayout,
  parametersOf,
  parts,
  restricted,
  type ParameterLayout,
} from '../loss/parameters.js';
import type { Model } from '../models/model.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import type { TrainConfig } from './train-config.js';

/**
 * The part of θ that is trained: the parameters that are chosen, without the weights of a dense first layer on inputs that are always zero, which have
 * neither gradient nor curvature. Everything else keeps its first values.
 */
export interface TrainedPart {
  /** Of what is trained, and how many numbers that is before inputs are left out. */
  readonly layout: ParameterLayout;
  readonly parameters: number;
  /** The data without the inputs that are left out. */
  readonly data: Dataset<FloatArray | Rows>;
  /** What is trained of θ with all parameters. */
  readonly reduce: (full: FloatArray) => FloatArray;
  /** θ with all parameters, those that are not trained as they are in `full`. */
  readonly expand: (reduced: FloatArray, full: FloatArray) => FloatArray;
  /** The parameters that are not trained, with their values in a θ; undefined where there are none. */
  readonly frozen: (full: FloatArray) => ReadonlyMap<string, Float64Array> | undefined;
}

/** Throws UsageError for patterns that name no parameter, or leave none. */
export function trainedPart(
  { parameters: patterns }: Pick<TrainConfig, 'parameters'>,
  { denseInput }: Pick<Model, 'denseInput'>,
  full: ParameterLayout,
  data: Dataset<FloatArray | Rows>,
): TrainedPart {
  const places = parametersOf(full, patterns);
  const chosen = places.length === full.specs.length ? full : parameterLayout(places.map((i) => full.specs[i]!));
  const isTrained = chosen.specs.some(({ name }) => name === denseInput);
  const active = isTrained ? activeFeatures(data) : undefined;
  const isReduced = active !== undefined && active.length > 0 && active.length < featureCount(data);
  const reduction: InputReduction | undefined = isReduced ? inputReduction(chosen, denseInput!, active) : undefined;
  const select = (values: FloatArray): FloatArray => restricted(full, places, values);
  return {
    layout: reduction?.reduced ?? chosen,
    parameters: chosen.size,
    data: isReduced ? keepFeatures(data, active) : data,
    reduce: (values) => reduction?.reduce(select(values)) ?? select(values),
    expand(values, all) {
      const selected = reduction?.expand(values, select(all)) ?? values;
      return chosen === full ? selected : inserted(full, places, selected, all);
    },
    frozen(all) {
      if (chosen === full) return undefined;
      const trained = new Set(chosen.specs.map(({ name }) => name));
      const rest = Object.entries(parts(full, all)).filter(([name]) => !trained.has(name));
      return new Map(rest.map(([name, values]) => [name, Float64Array.from(values)]));
    },
  };
}

/** A copy of θ in which the parameters at some places are others. */
function inserted(
  { specs, offsets }: ParameterLayout,
  places: readonly number[],
  part: FloatArray,
  all: FloatArray,
): FloatArray {
  const result = all.slice();
  let at = 0;
  for (const place of places) {
    const length = entriesOf(specs[place]!.shape);
    result.set(part.subarray(at, at + length), offsets[place]);
    at += length;
  }
  return result;
}
