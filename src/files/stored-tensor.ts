/** Numbers in an array of the precision they have in a file. */
export type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** An array with its extents, row-major; shape [] is a scalar. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Tensors by name: parameters, the state of an optimizer, data. */
export type NamedTensors = ReadonlyMap<string, StoredTensor>;
