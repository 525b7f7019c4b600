import { DataError } from '../../errors.js';
import { bfloatToNumber, halfToNumber } from '../../numeric/kernels/half.js';
import { size } from '../autodiff/value.js';
import { elementFormat, type ElementFormat, type OnnxType } from './element-type.js';
import type { OnnxArray } from './graph.js';
import type { Message } from './wire.js';

/** The bytes of a file beside the model that holds arrays; who gives it decides which paths are legal. */
export type ExternalFile = (location: string) => Uint8Array;

/** The fields of a TensorProto that hold its entries, for each type the one that is legal besides raw data. */
const typedFields: Readonly<Record<OnnxType, string>> = {
  float32: 'floatData',
  float64: 'doubleData',
  float16: 'int32Data',
  bfloat16: 'int32Data',
  int8: 'int32Data',
  int16: 'int32Data',
  int32: 'int32Data',
  uint8: 'int32Data',
  uint16: 'int32Data',
  bool: 'int32Data',
  int64: 'int64Data',
  uint32: 'uint64Data',
  uint64: 'uint64Data',
};

const bitPatterns: Partial<Record<OnnxType, (bits: number) => number>> = {
  float16: halfToNumber,
  bfloat16: bfloatToNumber,
};

/**
 * The array of a TensorProto. Raw and external data stay views of their bytes until they are read. Throws DataError, with what it is called, where
 * type, shape and data do not agree; nothing is allocated before they do.
 */
export function arrayOf(tensor: Message, what: string, external: ExternalFile | undefined): OnnxArray {
  const fail = (reason: string): never => {
    throw new DataError(`${what}: ${reason}`);
  };
  const number = (tensor.dataType as number | undefined) ?? 0;
  const format = elementFormat(number);
  if (format === undefined) {
    return fail(
      `entries of ONNX's data type ${number} are not read; legal are floats of 16, 32 and 64 bits, integers and booleans; convert it before exporting`,
    );
  }
  const shape = (tensor.dims as number[] | undefined) ?? [];
  const entries = size(shape);
  if (!shape.every((dim) => Number.isSafeInteger(dim) && dim >= 0) || !Number.isSafeInteger(entries)) {
    fail(`the shape [${shape.join(', ')}] is not legal; lengths are integers from 0; the file is damaged`);
  }
  const { type, bytes, read } = format;
  const raw =
    tensor.dataLocation === 1 ? externalBytes(tensor, fail, external) : (tensor.rawData as Uint8Array | undefined);
  if (raw !== undefined) {
    if (raw.length !== entries * bytes) {
      fail(
        `shape [${shape.join(', ')}] of ${type} needs ${entries * bytes} bytes, the file holds ${raw.length}; it is damaged`,
      );
    }
    return { type, shape, read: once(() => realsOf(raw, entries, { type, bytes, read })) };
  }
  const data = (tensor[typedFields[type]] as number[] | undefined) ?? [];
  if (data.length !== entries) {
    fail(
      `shape [${shape.join(', ')}] of ${type} needs ${entries} entries, the file holds ${data.length}; it is damaged`,
    );
  }
  const pattern = bitPatterns[type];
  return { type, shape, read: once(() => Float64Array.from(data, pattern)) };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function realsOf(raw: Uint8Array, entries: number, { type, bytes, read }: Omit<ElementFormat, 'number'>): Float64Array {
  if (type === 'float32' || type === 'float64') {
    const { buffer, byteOffset } = raw.byteOffset % bytes === 0 ? raw : raw.slice();
    return type === 'float32'
      ? Float64Array.from(new Float32Array(buffer, byteOffset, entries))
      : new Float64Array(buffer, byteOffset, entries).slice();
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const values = new Float64Array(entries);
  for (let i = 0; i < entries; i++) values[i] = read(view, i * bytes);
  return values;
}

function externalBytes(
  tensor: Message,
  fail: (reason: string) => never,
  external: ExternalFile | undefined,
): Uint8Array {
  const pairs = (tensor.externalData as { readonly key?: string; readonly value?: string }[] | undefined) ?? [];
  const said = new Map(pairs.map(({ key = '', value = '' }) => [key, value]));
  const location = said.get('location');
  if (location === undefined)
    return fail('its data lie in another file, and the file does not say which; it is damaged');
  if (external === undefined) {
    return fail(
      `its data lie in the file '${location}', and only the model itself is read here; export it as one file`,
    );
  }
  const whole = external(location);
  const place = (key: string, otherwise: number): number => {
    const text = said.get(key);
    if (text === undefined) return otherwise;
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
      fail(`its ${key} '${text}' in '${location}' is no integer from 0`);
    return value;
  };
  const offset = place('offset', 0);
  const length = place('length', Math.max(0, whole.length - offset));
  if (offset + length > whole.length) {
    fail(
      `bytes ${offset} to ${offset + length} of '${location}' are its data, and that file has ${whole.length}; it is incomplete`,
    );
  }
  return whole.subarray(offset, offset + length);
}
