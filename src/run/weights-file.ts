import { readFileSync } from 'node:fs';
import { formatSafetensors, parseSafetensors } from '../data/safetensors.js';
import type { NamedTensors, Tensor } from '../data/tensor.js';
import { DataError } from '../errors.js';
import { entriesOf, parts, type ParameterLayout } from '../network/parameters.js';
import type { StatisticSpec } from '../network/context.js';
import { zeros, type FloatArray, type Precision } from '../numeric/float-array.js';
import { writeAtomically } from './write-atomically.js';

/** θ and running statistics of a network, as they stand in a safetensors file. */
export interface SavedWeights {
  readonly parameters: FloatArray;
  readonly statistics: Readonly<Record<string, FloatArray>>;
}

/** What a file of weights must hold: parameters and statistics by name and shape. */
export interface WeightsShape {
  readonly layout: ParameterLayout;
  readonly statistics: readonly StatisticSpec[];
}

/** Where the weights of a step are in a run folder that keeps all of them. */
export function weightsFile(step: number): string {
  return `weights/step-${String(step).padStart(8, '0')}.safetensors`;
}

/** Writes one tensor for each parameter and statistic, by its name. Throws DataError if the disk refuses. */
export function saveWeights(
  path: string,
  { layout, statistics: specs }: WeightsShape,
  { parameters, statistics }: SavedWeights,
  metadata: ReadonlyMap<string, string>,
): void {
  const values = parts(layout, parameters);
  const tensors = new Map<string, Tensor>([
    ...layout.specs.map(({ name, shape }): [string, Tensor] => [name, { shape, data: values[name]! }]),
    ...specs.map(({ name, shape }): [string, Tensor] => [name, { shape, data: statistics[name]! }]),
  ]);
  writeAtomically(path, formatSafetensors(tensors, metadata));
}

/**
 * Reads θ of a network: tensors by our names, or, where the names are others, layer by layer: in the order of the numbers in their names,
 * as PyTorch's `nn.Sequential` gives them (`0.weight`, `0.bias`, `2.weight`, …). Statistics that are missing keep their first values.
 * Throws DataError where a tensor is missing or of another shape.
 */
export function loadWeights(
  path: string,
  { layout, statistics: specs }: WeightsShape,
  precision: Precision,
): SavedWeights {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw new DataError(`${path} could not be read: ${(cause as Error).message}; point to a safetensors file`, {
      cause,
    });
  }
  const { tensors } = parseSafetensors(bytes, path);
  const named = layout.specs.every(({ name }) => tensors.has(name)) ? tensors : renamed(tensors, layout);
  const values = zeros(precision, layout.size);
  layout.specs.forEach(({ name, shape }, i) => {
    values.set(numbersOf(path, named, name, shape, tensors), layout.offsets[i]);
  });
  const statistics = specs.map(({ name, shape, initial }): [string, FloatArray] => {
    const value = zeros(precision, entriesOf(shape)).fill(initial);
    if (named.has(name)) value.set(numbersOf(path, named, name, shape, tensors));
    return [name, value];
  });
  return { parameters: values, statistics: Object.fromEntries(statistics) };
}

function numbersOf(
  path: string,
  tensors: NamedTensors,
  name: string,
  shape: readonly number[],
  inFile: NamedTensors,
): Float32Array | Float64Array {
  const tensor = tensors.get(name);
  const isFloat = tensor?.data instanceof Float32Array || tensor?.data instanceof Float64Array;
  if (isFloat && String(tensor.shape) === String(shape)) return tensor.data;
  const held = Array.from(inFile, ([other, value]) => `${other} [${value.shape.join(', ')}]`).join(', ');
  throw new DataError(
    `${path} has no tensor '${name}' of shape [${shape.join(', ')}] in float32 or float64; it holds ${held || 'nothing'}; ` +
      'is it of another network?',
  );
}

/** The tensors under our names, matched layer by layer. */
function renamed(tensors: NamedTensors, { specs }: ParameterLayout): NamedTensors {
  const layerOf = (name: string): string => name.slice(0, name.lastIndexOf('.'));
  const distinct = (names: readonly string[]): string[] => [...new Set(names.map(layerOf))];
  const natural = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
  const theirs = distinct([...tensors.keys()]).sort(natural);
  const ours = distinct(specs.map(({ name }) => name));
  if (theirs.length !== ours.length) return tensors;
  return new Map(
    Array.from(tensors, ([name, tensor]) => {
      const layer = ours[theirs.indexOf(layerOf(name))]!;
      return [`${layer}.${name.slice(name.lastIndexOf('.') + 1)}`, tensor];
    }),
  );
}
