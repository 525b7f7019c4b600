/** What the digits count as in the SHA-256 that they are. */
export const blankDigits = '0'.repeat(64);

/** The name of the digits in the metadata. */
export const tensorSeal = 'sha256';

/** The SHA-256 in the metadata of a safetensors file, and where its digits begin. */
export interface TensorSeal {
  readonly digits: string;
  readonly at: number;
}

/** What is wrong where a file is not as it was sealed. */
export const alteredSince = 'it was altered since it was written: its SHA-256 is another';

/**
 * The seal of safetensors bytes, of which the header is enough, given their metadata; what is wrong where there is none, or it is not written as `formatSealed` writes it.
 * Cost: O(header).
 */
export function tensorSealOf(bytes: Uint8Array, metadata: ReadonlyMap<string, string>): TensorSeal | string {
  const digits = metadata.get(tensorSeal);
  if (digits === undefined) return `its metadata have no ${tensorSeal}`;
  const at = digitsAt(bytes, digits);
  return at >= 0 && digits.length === blankDigits.length ? { digits, at } : alteredSince;
}

/** Where the digits begin; −1 where they are not written as `formatSealed` writes them. */
export function digitsAt(bytes: Uint8Array, digits: string): number {
  const before = new TextEncoder().encode(`"${tensorSeal}":"`);
  const wanted = new TextEncoder().encode(`"${tensorSeal}":"${digits}"`);
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at + before.length;
  }
  return -1;
}
