import { DataError } from '../errors.js';
import type { Safetensors } from '../files/safetensors.js';
import type { NamedTensors, TensorData } from '../files/stored-tensor.js';
import { inPrecision, type ParameterLayout } from '../loss/parameters.js';
import type { FloatArray, Precision } from '../numeric/kernels/float-array.js';

/** The name a file has for a parameter of ours: a function of our name, or a map in which names that are missing stay as they are. */
export type Rename = ((name: string) => string) | Readonly<Record<string, string>>;

/**
 * θ [layout.size] from the tensors of a file, `parseSafetensors(bytes, name)`: each parameter is the tensor of its name, or of the name that `rename`
 * gives it; half precision and integers are converted, exactly. Other tensors are left alone.
 *
 * Throws DataError, naming the tensor, where one is missing, of another shape, or holds what is no finite number. Cost: O(parameters).
 */
export function loadWeights(
  { specs, offsets, size }: ParameterLayout,
  { tensors }: Pick<Safetensors, 'tensors'>,
  rename: Rename = {},
): Float64Array {
  const theirs = typeof rename === 'function' ? rename : (name: string) => rename[name] ?? name;
  const values = new Float64Array(size);
  specs.forEach(({ name, shape }, i) => {
    values.set(tensorNumbers('the file', tensors, { name: theirs(name), shape, precision: 'f64' }), offsets[i]);
  });
  return values;
}

/** The numbers of one tensor in a precision; `where` is what holds the tensors, in messages. Throws DataError as `loadWeights` does. */
export function tensorNumbers(
  where: string,
  tensors: NamedTensors,
  {
    name,
    shape,
    precision,
  }: { readonly name: string; readonly shape: readonly number[]; readonly precision: Precision },
): FloatArray {
  const tensor = tensors.get(name);
  if (tensor === undefined || String(tensor.shape) !== String(shape)) {
    throw new DataError(
      `${where} has no tensor '${name}' of shape [${shape.join(', ')}]; it holds ${listed(tensors)}; is it of another network?`,
    );
  }
  const values = inPrecision(realNumbers(tensor.data), precision);
  const wrong = values.filter((x) => !Number.isFinite(x)).length;
  if (wrong > 0) {
    throw new DataError(
      `${where}: the tensor '${name}' holds ${wrong} entries of ${values.length} that are NaN or infinite in ${precision}; ` +
        'was the training that wrote it diverging? Take weights of an earlier step',
    );
  }
  return values;
}

/** Integers as real numbers; those that no double holds are NaN. */
function realNumbers(data: TensorData): FloatArray {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (!(data instanceof BigInt64Array)) return Float64Array.from(data);
  return Float64Array.from(data, (entry) => (Number.isSafeInteger(Number(entry)) ? Number(entry) : NaN));
}

/** What a file holds, for messages. */
export function listed(tensors: Iterable<readonly [string, { readonly shape: readonly number[] }]>): string {
  return Array.from(tensors, ([name, { shape }]) => `${name} [${shape.join(', ')}]`).join(', ') || 'nothing';
}
