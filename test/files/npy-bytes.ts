/** The bytes of an npy file with a header of these entries, as they are written in Python. */
export function npyBytes(
  data: ArrayBufferView,
  {
    descr,
    shape,
    fortran = 'False',
    version = 1,
  }: { descr: string; shape: string; fortran?: string; version?: number },
): Uint8Array {
  return withHeader(`{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }`, data, version);
}

/** The same with any text as its header. */
export function withHeader(text: string, data: ArrayBufferView, version = 1): Uint8Array {
  const before = version === 1 ? 10 : 12;
  const padded = `${text}${' '.repeat(63 - ((before + text.length) % 64))}\n`;
  const bytes = new Uint8Array(before + padded.length + data.byteLength);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, padded.length, true);
  else view.setUint32(8, padded.length, true);
  bytes.set(new TextEncoder().encode(padded), before);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), before + padded.length);
  return bytes;
}

const descrs = new Map<unknown, string>([
  [Float32Array, '<f4'],
  [Float64Array, '<f8'],
  [BigInt64Array, '<i8'],
  [Int32Array, '<i4'],
  [Uint8Array, '|u1'],
]);

/** What numpy.save writes of an array in C's order. */
export function npyOf(
  data: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array,
  shape: readonly number[],
): Uint8Array {
  return npyBytes(data, {
    descr: `'${descrs.get(data.constructor)}'`,
    shape: `(${shape.map((n) => `${n},`).join('')})`,
  });
}
