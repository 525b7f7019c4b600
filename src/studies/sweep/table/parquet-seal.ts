import { sha256Of } from '../../../files/sealed-json.js';

const mark = 'tiny-subspace sha256 ';
const unwritten = '0'.repeat(64);

/** The entry of a Parquet file's metadata that holds the SHA-256 of the file; the last of its entries. */
export const sealEntry = { key: 'seal', value: mark + unwritten } as const;

/** Writes into a file with `sealEntry` the SHA-256 of all its bytes, in which those 64 digits count as zeros. */
export function sealParquet(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  file.write(sha256Of(bytes), file.lastIndexOf(mark) + mark.length, 'latin1');
  return bytes;
}

/** Whether a file is as it was sealed; true for one without a seal. */
export function parquetIsIntact(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes);
  const at = file.lastIndexOf(mark);
  if (at < 0) return true;
  const [from, to] = [at + mark.length, at + mark.length + unwritten.length];
  const written = file.toString('latin1', from, to);
  file.write(unwritten, from, 'latin1');
  return sha256Of(file) === written;
}
