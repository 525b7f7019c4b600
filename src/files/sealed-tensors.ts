import { createHash } from 'node:crypto';
import { formatSafetensors } from './safetensors.js';
import type { NamedTensors } from './stored-tensor.js';

const key = 'sha256';
const blank = '0'.repeat(64);

/** Safetensors bytes whose metadata hold, as `sha256`, the SHA-256 of the whole file with these 64 digits as zeros. Throws as formatSafetensors does. */
export function formatSealed(tensors: NamedTensors, metadata: ReadonlyMap<string, string>): Uint8Array {
  const bytes = formatSafetensors(tensors, new Map([...metadata, [key, blank]]));
  const at = digitsAt(bytes, blank);
  bytes.set(new TextEncoder().encode(sha256Around(bytes, at)), at);
  return bytes;
}

/** What is wrong with the seal of a safetensors file, given its metadata; undefined where it is as `formatSealed` made it. Cost: O(bytes). */
export function sealProblem(bytes: Uint8Array, metadata: ReadonlyMap<string, string>): string | undefined {
  const digits = metadata.get(key);
  if (digits === undefined) return `its metadata have no ${key}`;
  const at = digitsAt(bytes, digits);
  if (at >= 0 && digits.length === blank.length && sha256Around(bytes, at) === digits) return undefined;
  return 'it was altered since it was written: its SHA-256 is another';
}

/** Where the digits begin; −1 where they are not written as `formatSealed` writes them. */
function digitsAt({ buffer, byteOffset, byteLength }: Uint8Array, digits: string): number {
  const before = `"${key}":"`;
  const found = Buffer.from(buffer, byteOffset, byteLength).indexOf(`${before}${digits}"`);
  return found < 0 ? found : found + before.length;
}

function sha256Around(bytes: Uint8Array, at: number): string {
  const hash = createHash('sha256').update(bytes.subarray(0, at)).update(blank);
  return hash.update(bytes.subarray(at + blank.length)).digest('hex');
}
