import { bfloatToNumber, halfToNumber } from '../../numeric/kernels/half.js';

/** What the entries of an ONNX tensor are. */
export type OnnxType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'bfloat16'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'bool';

/** How entries of a type are stored. */
export interface ElementFormat {
  readonly type: OnnxType;
  /** Number of TensorProto.DataType. */
  readonly number: number;
  readonly bytes: number;
  /** Entry at a byte of little-endian data. */
  readonly read: (view: DataView, at: number) => number;
}

const formats: readonly ElementFormat[] = [
  { type: 'float32', number: 1, bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  { type: 'uint8', number: 2, bytes: 1, read: (view, at) => view.getUint8(at) },
  { type: 'int8', number: 3, bytes: 1, read: (view, at) => view.getInt8(at) },
  { type: 'uint16', number: 4, bytes: 2, read: (view, at) => view.getUint16(at, true) },
  { type: 'int16', number: 5, bytes: 2, read: (view, at) => view.getInt16(at, true) },
  { type: 'int32', number: 6, bytes: 4, read: (view, at) => view.getInt32(at, true) },
  { type: 'int64', number: 7, bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  { type: 'bool', number: 9, bytes: 1, read: (view, at) => Number(view.getUint8(at) !== 0) },
  { type: 'float16', number: 10, bytes: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)) },
  { type: 'float64', number: 11, bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  { type: 'uint32', number: 12, bytes: 4, read: (view, at) => view.getUint32(at, true) },
  { type: 'uint64', number: 13, bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  { type: 'bfloat16', number: 16, bytes: 2, read: (view, at) => bfloatToNumber(view.getUint16(at, true)) },
];

/** The format of a number of TensorProto.DataType; undefined for those that are not read: strings, complex numbers, packed and 8-bit floats. */
export const elementFormat = (number: number): ElementFormat | undefined =>
  formats.find((one) => one.number === number);

const floats: readonly OnnxType[] = ['float32', 'float64', 'float16', 'bfloat16'];

/** Are the entries real numbers, which can be trained? */
export const isFloat = (type: OnnxType): boolean => floats.includes(type);
export const isInteger = (type: OnnxType): boolean => !isFloat(type) && type !== 'bool';
