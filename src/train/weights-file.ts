import { readSafetensors, tensorsOf } from '../files/sharded-safetensors.js';
import { sha256Of } from '../files/sha256.js';
import { formatSealed, sealProblem } from '../files/sealed-tensors.js';
import type { StoredTensor } from '../files/stored-tensor.js';
import { DataError } from '../errors.js';
import { entriesOf, parts } from '../loss/parameters.js';
import { zeros, type FloatArray, type Precision } from '../numeric/kernels/float-array.js';
import { tensorNumbers } from './load-weights.js';
import { weightNames, type GivenMap, type NameMap, type WeightsShape } from './weights-map.js';
import { writeAtomically } from '../files/write-atomically.js';

/** θ and running statistics of a network, as they stand in a safetensors file. */
export interface SavedWeights {
  readonly parameters: FloatArray;
  readonly statistics: Readonly<Record<string, FloatArray>>;
}

/** Where the weights of a step are in a run folder that keeps all of them. */
export function weightsFile(step: number): string {
  return `weights/step-${String(step).padStart(8, '0')}.safetensors`;
}

/** Writes one tensor for each parameter and statistic, by its name, sealed; the SHA-256 of the file. Throws DataError if the disk refuses. */
export function saveWeights(
  path: string,
  { layout, statistics: specs }: WeightsShape,
  { parameters, statistics }: SavedWeights,
  metadata: ReadonlyMap<string, string>,
): string {
  const values = parts(layout, parameters);
  const tensors = new Map<string, StoredTensor>([
    ...layout.specs.map(({ name, shape }): [string, StoredTensor] => [name, { shape, data: values[name]! }]),
    ...specs.map(({ name, shape }): [string, StoredTensor] => [name, { shape, data: statistics[name]! }]),
  ]);
  const bytes = formatSealed(tensors, metadata);
  writeAtomically(path, bytes);
  return sha256Of(bytes);
}

/** θ as it was read, and from which tensors. */
export interface LoadedWeights extends SavedWeights {
  readonly names: NameMap;
}

/**
 * Reads θ of a network from the tensors that `weightNames` finds, in one file or in several with an index.json. Statistics that are missing keep their first values. Throws DataError where
 * a tensor is missing, of another shape, or holds what is no finite number, and where a file that a run wrote was altered since.
 */
export function readWeights(
  path: string,
  shape: WeightsShape,
  precision: Precision,
  given?: GivenMap | null,
): LoadedWeights {
  const files = readSafetensors(path);
  for (const file of files) refuseAltered(file.path, file.bytes, file.metadata, given ?? null);
  const tensors = tensorsOf(files);
  const names = weightNames(path, tensors, shape, given ?? null);
  const { layout, statistics: specs } = shape;
  const values = zeros(precision, layout.size);
  layout.specs.forEach(({ name, shape: extents }, i) => {
    const wanted = { name: names.get(name) ?? name, shape: extents, precision };
    values.set(tensorNumbers(path, tensors, wanted), layout.offsets[i]);
  });
  const statistics = specs.map(({ name, shape: extents, initial }): [string, FloatArray] => {
    const value = zeros(precision, entriesOf(extents)).fill(initial);
    const theirs = names.get(name);
    if (theirs !== undefined) value.set(tensorNumbers(path, tensors, { name: theirs, shape: extents, precision }));
    return [name, value];
  });
  return { parameters: values, statistics: Object.fromEntries(statistics), names };
}

/**
 * Throws DataError where a file says that a run wrote it, and is not as it was written. Who changed its names on purpose leaves `sha256` out of its metadata and gives a map; who
 * changed more leaves `config` out too.
 */
export function refuseAltered(
  path: string,
  bytes: Uint8Array,
  metadata: ReadonlyMap<string, string>,
  given: GivenMap | null,
): void {
  const [isOurs, isSealed] = [metadata.has('config'), metadata.has('sha256')];
  if (!isSealed && (!isOurs || given !== null)) return;
  const problem = sealProblem(bytes, metadata);
  if (problem === undefined) return;
  throw new DataError(
    `${path}: ${problem}; restore it or, if its names were changed on purpose, leave sha256 out of its metadata and give --init-map; ` +
      'if more was changed, leave out config too and begin from it with train --init-from',
  );
}
