import { DataError } from '../errors.js';
import { fromHalf } from '../numeric/kernels/half.js';
import { entryCount, placeOf, type Numbers, type NumberArray } from './number-array.js';

/** The element types that are read. */
const types = {
  b1: { view: Uint8Array, kind: 'boolean' },
  u1: { view: Uint8Array, kind: 'integer' },
  i1: { view: Int8Array, kind: 'integer' },
  u2: { view: Uint16Array, kind: 'integer' },
  i2: { view: Int16Array, kind: 'integer' },
  u4: { view: Uint32Array, kind: 'integer' },
  i4: { view: Int32Array, kind: 'integer' },
  u8: { view: BigUint64Array, kind: 'integer' },
  i8: { view: BigInt64Array, kind: 'integer' },
  f2: { view: Uint16Array, kind: 'float' },
  f4: { view: Float32Array, kind: 'float' },
  f8: { view: Float64Array, kind: 'float' },
} as const;

type NpyType = keyof typeof types;

/** What the beginning of an npy file says of the array behind it. */
export interface NpyHeader {
  readonly type: NpyType;
  readonly isBigEndian: boolean;
  /** The first index runs fastest. */
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Where the data begin, and bytes of an entry. */
  readonly start: number;
  readonly width: number;
}

/** Bytes in which a header must end: NumPy itself reads no more than 10,000 characters of one. */
export const longestHeader = 16384;

/**
 * Reads the header of an npy file of `size` bytes from its first `longestHeader` bytes: \x93NUMPY, the version 1, 2 or 3, the length of the
 * text in two or, from version 2 on, four bytes, little-endian, and the text, a Python dictionary of `descr`, `fortran_order` and `shape`
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). Nothing of it is evaluated.
 *
 * Throws DataError for everything that is not this format or is no array of numbers; Python objects, which are pickles, are never read.
 */
export function readNpyHeader(bytes: Uint8Array, size: number, name: string): NpyHeader {
  const fail = (problem: string): never => {
    throw new DataError(`${name} is not a usable npy file: ${problem}`);
  };
  if (bytes.length < 10 || latin(bytes.subarray(0, 6)) !== '\x93NUMPY') {
    return fail('it does not begin with \\x93NUMPY; write it with numpy.save');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6]!;
  if (version < 1 || version > 3)
    return fail(`its version is ${version}, read are 1 to 3; write it again with numpy.save`);
  const before = version === 1 ? 10 : 12;
  if (bytes.length < before) return fail('it ends inside its header');
  const start = before + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > longestHeader) return fail(`its header is said to have ${start} bytes, legal are ${longestHeader}`);
  if (start > bytes.length) return fail('it ends inside its header');
  const fields = dictionary(latin(bytes.subarray(before, start)));
  if (fields === undefined) return fail('its header is no dictionary of descr, fortran_order and shape');
  const [type, isBigEndian] = elementType(fields.descr, fail);
  const shape = extents(fields.shape) ?? fail(`its shape is ${short(fields.shape)}, no list of sizes`);
  if (fields.fortran !== 'True' && fields.fortran !== 'False') {
    return fail(`its fortran_order is ${short(fields.fortran)}, neither True nor False`);
  }
  const width = types[type].view.BYTES_PER_ELEMENT;
  const needed = entryCount(shape) * width;
  if (needed === 0) return fail(`its shape (${shape.join(', ')}) holds no numbers`);
  if (size - start !== needed) {
    return fail(
      `its shape (${shape.join(', ')}) needs ${needed} bytes of data, it has ${size - start}; write it again`,
    );
  }
  return { type, isBigEndian, isFortran: fields.fortran === 'True' && shape.length > 1, shape, start, width };
}

/** What of a header an array says of itself. */
export function aboutNpy(
  { type, shape }: NpyHeader,
  name: string,
): Pick<NumberArray, 'name' | 'kind' | 'isByte' | 'shape'> {
  return { name, kind: types[type].kind, isByte: type === 'u1', shape };
}

/** In which precision entries are exact: those of at most 24 bits in single. */
export function npyPrecision({ type }: NpyHeader): 'f32' | 'f64' {
  return ['u4', 'i4', 'u8', 'i8', 'f8'].includes(type) ? 'f64' : 'f32';
}

/**
 * Numbers from bytes of data, in the order of the file, whose first is entry `first`; the bytes are the caller's own and may be changed and kept.
 * Throws DataError for integers beyond 2⁵³, which no float holds.
 */
export function decodeNpy(header: NpyHeader, bytes: Uint8Array, name: string, first = 0): Numbers {
  const { type, isBigEndian, width } = header;
  const own = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  if (isBigEndian) reverseBytes(own, width);
  const raw = new types[type].view(own.buffer as ArrayBuffer, own.byteOffset, own.byteLength / width);
  if (raw instanceof Float32Array || raw instanceof Float64Array) return raw;
  if (raw instanceof BigInt64Array || raw instanceof BigUint64Array) return fromIntegers(raw, header, name, first);
  if (type === 'f2') return fromHalf(raw as Uint16Array);
  if (type === 'b1') return Float32Array.from(raw, (byte) => (byte === 0 ? 0 : 1));
  return npyPrecision(header) === 'f32' ? Float32Array.from(raw) : Float64Array.from(raw);
}

/** Entries of an array in Fortran's order, in C's. Cost: O(entries · rank). */
export function toRowMajor(values: Numbers, shape: readonly number[]): Numbers {
  const strides = shape.map((_, axis) => entryCount(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  let from = 0;
  return values.map(() => {
    const value = values[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
    return value;
  });
}

/** Where entry `entry` of the file lies in the array. */
export function npyPlace({ shape, isFortran }: NpyHeader, entry: number): string {
  if (!isFortran) return placeOf(entry, shape);
  return `[${placeOf(entry, shape.toReversed()).slice(1, -1).split(', ').reverse().join(', ')}]`;
}

function fromIntegers(raw: BigInt64Array | BigUint64Array, header: NpyHeader, name: string, first: number): Numbers {
  const values = new Float64Array(raw.length);
  for (let i = 0; i < raw.length; i++) {
    values[i] = Number(raw[i]);
    if (!Number.isSafeInteger(values[i])) {
      throw new DataError(
        `${name} holds ${raw[i]} at ${npyPlace(header, first + i)}; integers are read up to ±(2^53 − 1)`,
      );
    }
  }
  return values;
}

function reverseBytes(bytes: Uint8Array, width: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 2) buffer.swap16();
  if (width === 4) buffer.swap32();
  if (width === 8) buffer.swap64();
}

interface Dictionary {
  readonly descr: string;
  readonly fortran: string;
  readonly shape: string;
}

/** The three entries of the text of a header, in any order, as they are written. */
function dictionary(text: string): Dictionary | undefined {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const found = new Map<string, string>();
  const entry = /\s*(['"])(descr|fortran_order|shape)\1\s*:\s*(\([^()]*\)|\[.*\]|'[^']*'|"[^"]*"|\w+)\s*(,|$)\s*/sy;
  while (entry.lastIndex < inner.length) {
    const match = entry.exec(inner);
    if (match === null || found.has(match[2]!)) return undefined;
    found.set(match[2]!, match[3]!);
  }
  const [descr, fortran, shape] = ['descr', 'fortran_order', 'shape'].map((key) => found.get(key));
  return descr === undefined || fortran === undefined || shape === undefined ? undefined : { descr, fortran, shape };
}

function elementType(descr: string, fail: (problem: string) => never): [type: NpyType, isBigEndian: boolean] {
  const [, order, type] = /^['"]([<>=|])?(.+)['"]$/s.exec(descr) ?? [];
  if (type === 'O') {
    return fail(
      'it holds Python objects, which are pickles: reading them can run any code, so they are never read; save numbers, for example array.astype(float)',
    );
  }
  if (type === undefined || !Object.hasOwn(types, type)) {
    const read = Object.keys(types).join(', ');
    return fail(
      `its element type is ${short(descr)}, read are ${read}; convert it, for example with array.astype('float32')`,
    );
  }
  return [type as NpyType, order === '>'];
}

function extents(text: string): number[] | undefined {
  if (!/^\(\s*(\d+L?\s*(,\s*\d+L?\s*)*,?\s*)?\)$/.test(text)) return undefined;
  const shape = [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  return shape.length <= 32 && Number.isSafeInteger(entryCount(shape) * 8) ? shape : undefined;
}

/** Text for a message. */
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
