import { sha256Of } from '../../../files/sha256.js';

const mark = 'tiny-subspace sha256 ';
const unwritten = '0'.repeat(64);

/** The entry of a Parquet file's metadata that holds the SHA-256 of the file; the last of its entries. */
export const sealEntry = { key: 'seal', value: mark + unwritten } as const;

/** Writes into a file with `sealEntry` the SHA-256 of all its bytes, in which those 64 digits count as zeros. */
export function sealParquet(bytes: Uint8Array): Uint8Array {
  bytes.set(ascii(sha256Of(bytes)), markEnd(bytes));
  return bytes;
}

/** Whether a file is as it was sealed; true for one without a seal. */
export function parquetIsIntact(bytes: Uint8Array): boolean {
  const at = markEnd(bytes);
  if (at < 0) return true;
  const blank = bytes.slice();
  blank.set(ascii(unwritten).subarray(0, bytes.length - at), at);
  return sha256Of(blank) === new TextDecoder('latin1').decode(bytes.subarray(at, at + unwritten.length));
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Behind the last mark; −1 where there is none. */
function markEnd(bytes: Uint8Array): number {
  const wanted = ascii(mark);
  const first = wanted[0]!;
  for (let at = bytes.lastIndexOf(first); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(first, at - 1))
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at + wanted.length;
  return -1;
}
