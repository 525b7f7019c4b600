import type { Origin } from '../data/dataset.js';
import { UsageError } from '../errors.js';
import { checkpointSha256 } from '../files/sharded-safetensors.js';
import { initialParameters } from '../loss/network/initial-weights.js';
import type { ParameterLayout } from '../loss/parameters.js';
import { parts } from '../loss/parameters.js';
import type { ModelFile, ModelNetwork } from '../models/model.js';
import type { Precision } from '../numeric/kernels/float-array.js';
import type { TrainConfig } from './train-config.js';
import { readWeights, type LoadedWeights } from './weights-file.js';
import type { GivenMap, NameMap, WeightsShape } from './weights-map.js';

/** θ with all parameters and statistics, from a file. */
export interface FirstWeights extends LoadedWeights {
  /** Of the file. */
  readonly sha256: string;
}

/** What first weights are wanted for: parameters and statistics by shape, the data and the file of the model, null for one with a name. */
export interface WantedWeights {
  readonly shape: WeightsShape;
  readonly precision: Precision;
  readonly data: Origin;
  readonly model: ModelFile | null;
}

/** Gets θ from a file. Throws DataError where there is none that fits. */
export type FirstWeightsOf = (wanted: WantedWeights) => FirstWeights;

/** θ of a safetensors file, renamed as the map says. */
export const weightsFrom =
  (path: string, map?: GivenMap | null): FirstWeightsOf =>
  ({ shape, precision }) => ({
    ...readWeights(path, shape, precision, map),
    sha256: checkpointSha256(path),
  });

/** θ before training as the configuration says: drawn, or as the model gives it. Throws UsageError where that has none. */
export function weightsAtStart(
  { model: text, initialisation, seed }: Pick<TrainConfig, 'model' | 'initialisation' | 'seed'>,
  { weights }: Pick<ModelNetwork, 'weights'>,
  layout: ParameterLayout,
): Float64Array {
  if (initialisation !== 'given') return initialParameters(layout, initialisation, seed);
  if (weights === undefined) {
    throw new UsageError(`${text} brings no weights of its own; choose an initialisation, or give a file of weights`);
  }
  const values = new Float64Array(layout.size);
  for (const [name, part] of Object.entries(parts(layout, values))) part.set(weights.get(name)!);
  return values;
}

/** The tensor of each parameter, for the record; null where all names are ours. */
export function renamed(names: NameMap): Readonly<Record<string, string>> | null {
  return Array.from(names).every(([ours, theirs]) => ours === theirs) ? null : Object.fromEntries(names);
}
