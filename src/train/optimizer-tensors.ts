import type { NamedTensors, StoredTensor } from '../files/stored-tensor.js';
import { DataError } from '../errors.js';
import { precisionOf, type FloatArray } from '../numeric/kernels/float-array.js';
import { optimizerRule, type Optimizer, type OptimizerState } from './optimizer.js';

const PREFIX = 'optimizer.';

/** A state as tensors for a checkpoint: optimizer.step, a whole number, and one vector optimizer.NAME each. Nothing is copied. */
export function optimizerTensors({ step, vectors }: OptimizerState): NamedTensors {
  return new Map<string, StoredTensor>([
    [`${PREFIX}step`, { shape: [], data: BigInt64Array.of(BigInt(step)) }],
    ...Array.from(vectors, ([name, data]): [string, StoredTensor] => [
      `${PREFIX}${name}`,
      { shape: [data.length], data },
    ]),
  ]);
}

/**
 * The state that tensors hold, among others: the inverse of optimizerTensors. A run goes on from it with the same bytes.
 *
 * Throws DataError if a tensor is missing, or has not the length and the precision of the parameters, or the optimizer would not know
 * it.
 */
export function optimizerFromTensors(
  optimizer: Optimizer,
  tensors: NamedTensors,
  parameters: FloatArray,
): OptimizerState {
  const names = optimizerRule(optimizer.kind).vectors;
  const foreign = [...tensors.keys()].find(
    (name) => name.startsWith(PREFIX) && ![...names, 'step'].includes(name.slice(PREFIX.length)),
  );
  if (foreign !== undefined) {
    throw new DataError(
      `the tensor '${foreign}' is of another optimizer than '${optimizer.kind}'; resume with the optimizer of the checkpoint`,
    );
  }
  const steps = tensors.get(`${PREFIX}step`)?.data;
  const step = steps instanceof BigInt64Array && steps.length === 1 ? Number(steps[0]) : -1;
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new DataError(`the tensor '${PREFIX}step' must be one whole number from 0 on; the checkpoint is not usable`);
  }
  return { step, vectors: new Map(names.map((name) => [name, vectorOf(name, tensors, parameters)])) };
}

function vectorOf(name: string, tensors: NamedTensors, parameters: FloatArray): FloatArray {
  const data = tensors.get(`${PREFIX}${name}`)?.data;
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  if (isFloat && data.length === parameters.length && precisionOf(data) === precisionOf(parameters)) return data;
  const received = data === undefined ? 'none' : `${data.length} numbers in a ${data.constructor.name}`;
  throw new DataError(
    `the tensor '${PREFIX}${name}' must hold ${parameters.length} numbers in ${precisionOf(parameters)}, as the parameters do; ` +
      `received ${received}; the checkpoint belongs to another network or is damaged`,
  );
}
