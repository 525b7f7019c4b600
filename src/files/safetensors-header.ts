import { DataError } from '../errors.js';
import { isObject } from './json-object.js';
import { structuralProblem } from './json-structure.js';

/** The element types that are written, in the order they are laid out in: wider first, so that every tensor lies aligned. */
export const elementTypes = {
  I64: BigInt64Array,
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U8: Uint8Array,
} as const;

export type ElementType = keyof typeof elementTypes;

/** Bytes of an element of the types that are read: those that are written, and others, which are converted. */
const bytesOfElement = { I64: 8, F64: 8, F32: 4, I32: 4, F16: 2, BF16: 2, U8: 1, BOOL: 1 } as const;

export type ReadType = keyof typeof bytesOfElement;

/** One tensor of a header: its bytes are begin … end − 1 of the buffer behind it. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: ReadType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In the order of their bytes. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** A name no tensor can have: text about the file. */
export const METADATA = '__metadata__';

const LARGEST_HEADER = 100_000_000;

/** Throws DataError where a header would have more bytes than are legal. */
export function refuseLargeHeader(length: number): void {
  if (length <= LARGEST_HEADER) return;
  throw new DataError(`a safetensors header of ${length} bytes is larger than ${LARGEST_HEADER}; write fewer tensors`);
}

/** A `fail` that throws DataError: what is wrong with a file, and the way out. */
export function failSafetensors(name: string): (problem: string) => never {
  return (problem) => {
    throw new DataError(
      `${name} is not a usable safetensors file: ${problem}; fetch or write it again, or point to the right file`,
    );
  };
}

/** Where the data of a file of `size` bytes begin, from its first 8 bytes, the length of its header. Calls `fail` with what is wrong. */
export function headerEnd(first: Uint8Array, size: number, fail: (problem: string) => never): number {
  if (size < 8) return fail(`it holds ${size} bytes, less than the length of a header`);
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true);
  if (length > LARGEST_HEADER) return fail(`its header is said to have ${length} bytes, legal are ${LARGEST_HEADER}`);
  const end = 8 + Number(length);
  return end > size ? fail(`it ends inside its header, after ${size} of ${end} bytes`) : end;
}

/** The text of the bytes 8 … `headerEnd` − 1. Calls `fail` where it is none. */
export function headerText(bytes: Uint8Array, fail: (problem: string) => never): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fail('its header is not UTF-8');
  }
}

/**
 * The entries of a safetensors header in front of `size` bytes of data, checked: shapes fit their bytes, and the bytes follow one
 * another without a hole from 0 to `size`. Calls `fail` with what is wrong. Cost: O(header).
 */
export function readHeader(text: string, size: number, fail: (problem: string) => never): Header {
  if (!text.startsWith('{')) return fail("its header does not begin with '{'");
  const structure = structuralProblem(text, 3);
  if (structure !== undefined) return fail(`in its header, ${structure}`);
  const document = Object.entries(parseJson(text, fail) as object);
  const metadata = new Map(
    document.filter(([name]) => name === METADATA).flatMap(([, value]) => readMetadata(value, fail)),
  );
  const entries = document
    .filter(([name]) => name !== METADATA)
    .map(([name, value]) => readEntry(name, value, fail))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let next = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== next) {
      return fail(`${quoted(name)} begins at byte ${begin} of the data, where ${next} would follow the tensor before`);
    }
    next = end;
  }
  if (next !== size) return fail(`its tensors end at byte ${next} of the data, of which there are ${size}`);
  return { entries, metadata };
}

function readEntry(name: string, value: unknown, fail: (problem: string) => never): HeaderEntry {
  if (!isObject(value) || Object.keys(value).sort().join() !== 'data_offsets,dtype,shape') {
    return fail(`${quoted(name)} is not described by dtype, shape and data_offsets alone`);
  }
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isReadType(dtype)) {
    return fail(
      `${quoted(name)} has the element type ${quoted(dtype)}, read are ${Object.keys(bytesOfElement).join(', ')}`,
    );
  }
  if (!isListOfSizes(shape)) return fail(`${quoted(name)} has the shape ${quoted(shape)}, not a list of sizes`);
  if (!isListOfSizes(offsets) || offsets.length !== 2) {
    return fail(`${quoted(name)} has the data_offsets ${quoted(offsets)}, not a beginning and an end`);
  }
  const [begin, end] = offsets as [number, number];
  const needed = shape.reduce((product, extent) => product * extent, bytesOfElement[dtype]);
  if (end - begin !== needed) {
    return fail(
      `${quoted(name)}, ${dtype} of shape [${shape.join(', ')}], needs ${needed} bytes and has ${end - begin}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

function readMetadata(value: unknown, fail: (problem: string) => never): [string, string][] {
  const entries = isObject(value) ? Object.entries(value) : undefined;
  if (entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string') !== true) {
    return fail(`its ${METADATA} is not a map from text to text`);
  }
  return entries;
}

function parseJson(text: string, fail: (problem: string) => never): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail('its header is not JSON');
  }
}

function isReadType(value: unknown): value is ReadType {
  return typeof value === 'string' && Object.hasOwn(bytesOfElement, value);
}

function isListOfSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** A value for a message: as JSON, and not longer than a line. */
function quoted(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
