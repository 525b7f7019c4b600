import { DataError } from '../errors.js';
import { fromBfloat, fromHalf } from '../numeric/kernels/half.js';
import {
  elementTypes,
  failSafetensors,
  headerEnd,
  headerText,
  METADATA,
  readHeader,
  refuseLargeHeader,
  type ElementType,
  type HeaderEntry,
  type ReadType,
} from './safetensors-header.js';
import type { NamedTensors, StoredTensor, TensorData } from './stored-tensor.js';

/** The contents of a safetensors file: named tensors, and text about them. */
export interface Safetensors {
  readonly tensors: NamedTensors;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads safetensors bytes: the length N of the header in 8 bytes, little-endian; N bytes of JSON,
 * {name: {dtype, shape, data_offsets: [begin, end]}, __metadata__?: {text: text}}, from '{' on and perhaps padded with spaces; then
 * the data, which the tensors share without hole or overlap (https://github.com/huggingface/safetensors, "Format").
 *
 * Read are I64, F64, F32, I32, U8 and, converted exactly, F16 and BF16 (to F32) and BOOL (to U8), on little-endian machines. Each tensor gets a copy of its bytes, so that alignment does not
 * matter; names come in the order of the data. `name` is used in messages. Throws DataError for everything that is not this
 * format, before anything is allocated on the word of the header. Cost: O(bytes).
 */
export function parseSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const fail = failSafetensors(name);
  const start = headerEnd(bytes, bytes.length, fail);
  const text = headerText(bytes.subarray(8, start), fail);
  const { entries, metadata } = readHeader(text, bytes.length - start, fail);
  const tensors = new Map(
    entries.map(({ name: tensor, dtype, shape, begin, end }) => {
      const { buffer } = new Uint8Array(bytes.subarray(start + begin, start + end));
      return [tensor, { shape, data: dataOf(dtype, buffer) }];
    }),
  );
  return { tensors, metadata };
}

function dataOf(dtype: ReadType, buffer: ArrayBuffer): TensorData {
  if (dtype === 'F16') return fromHalf(new Uint16Array(buffer));
  if (dtype === 'BF16') return fromBfloat(new Uint16Array(buffer));
  return new elementTypes[dtype === 'BOOL' ? 'U8' : dtype](buffer);
}

/**
 * The safetensors bytes of named tensors: the inverse of parseSafetensors. As in the reference implementation, wider elements come
 * first and then the order of names, and the header is padded with spaces to a multiple of 8, so that every tensor lies aligned; the
 * same tensors give the same bytes in whatever order they are given.
 *
 * Throws DataError if a shape does not fit its data, a tensor is named __metadata__, or the header grows beyond 100 MB.
 * Cost: O(bytes).
 */
export function formatSafetensors(
  tensors: NamedTensors,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const entries = layOut(tensors);
  const fields = entries.map(({ name, dtype, shape, begin, end }) =>
    field(name, { dtype, shape, data_offsets: [begin, end] }),
  );
  const texts = [...metadata].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => field(key, value));
  const about = texts.length > 0 ? [`${JSON.stringify(METADATA)}:{${texts.join(',')}}`] : [];
  const header = new TextEncoder().encode(`{${[...about, ...fields].join(',')}}`);
  const length = Math.ceil(header.length / 8) * 8;
  refuseLargeHeader(length);
  const start = 8 + length;
  const bytes = new Uint8Array(start + (entries.at(-1)?.end ?? 0));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, 8, start).set(header, 8);
  for (const { name, begin } of entries) {
    const { buffer, byteOffset, byteLength } = tensors.get(name)!.data;
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), start + begin);
  }
  return bytes;
}

/** Where each tensor goes. */
function layOut(tensors: NamedTensors): (HeaderEntry & { readonly dtype: ElementType })[] {
  const order = Object.keys(elementTypes);
  const typed = Array.from(tensors, ([name, tensor]) => ({ name, dtype: checkedType(name, tensor), ...tensor }));
  typed.sort((a, b) => order.indexOf(a.dtype) - order.indexOf(b.dtype) || (a.name < b.name ? -1 : 1));
  let next = 0;
  return typed.map(({ name, dtype, shape, data }) => {
    const begin = next;
    next += data.byteLength;
    return { name, dtype, shape, begin, end: next };
  });
}

function checkedType(name: string, { shape, data }: StoredTensor): ElementType {
  const expected = shape.reduce((product, extent) => product * extent, 1);
  if (expected !== data.length || !shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    throw new DataError(
      `the tensor '${name}' of shape [${shape.join(', ')}] needs ${expected} numbers, received ${data.length}`,
    );
  }
  if (name === METADATA) throw new DataError(`no tensor can be named ${METADATA}; choose another name`);
  return elementTypeOf(data);
}

function elementTypeOf(data: TensorData): ElementType {
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Int32Array) return 'I32';
  return data instanceof BigInt64Array ? 'I64' : 'U8';
}

function field(key: string, value: unknown): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}
