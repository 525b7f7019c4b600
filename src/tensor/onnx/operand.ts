import type { Tensor } from '../autodiff/tensor.js';
import type { OnnxType } from './element-type.js';
import type { OnnxArray } from './graph.js';

/**
 * A value that is known when the file is read, up to the number n of samples: entry i is data[i] + samples[i]·n. `samples` is left out where all
 * are 0.
 */
export interface Known {
  readonly kind: 'known';
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly data: Float64Array;
  readonly samples?: Float64Array;
}

/** A float initialiser that may be trained. */
export interface Stored {
  readonly kind: 'stored';
  readonly type: OnnxType;
  readonly name: string;
  readonly array: OnnxArray;
}

/** A value that depends on inputs or parameters. Integers and booleans are real tensors of such entries. */
export interface Computed {
  readonly kind: 'computed';
  readonly type: OnnxType;
  readonly tensor: Tensor;
}

export type Operand = Known | Stored | Computed;

export const known = (type: OnnxType, shape: readonly number[], data: Float64Array, samples?: Float64Array): Known => ({
  kind: 'known',
  type,
  shape,
  data,
  ...(samples?.some((factor) => factor !== 0) && { samples }),
});

export const computed = (type: OnnxType, tensor: Tensor): Computed => ({ kind: 'computed', type, tensor });

/** Does every entry of an array equal the first? */
export const isUniform = (data: Float64Array): boolean => data.every((entry) => Object.is(entry, data[0]));
