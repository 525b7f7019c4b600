import { createHash } from 'node:crypto';
import { formatSafetensors } from './safetensors.js';
import type { NamedTensors } from './stored-tensor.js';
import { alteredSince, blankDigits, digitsAt, tensorSeal, tensorSealOf } from './tensor-seal.js';

/** Safetensors bytes whose metadata hold, as `sha256`, the SHA-256 of the whole file with these 64 digits as zeros. Throws as formatSafetensors does. */
export function formatSealed(tensors: NamedTensors, metadata: ReadonlyMap<string, string>): Uint8Array {
  const bytes = formatSafetensors(tensors, new Map([...metadata, [tensorSeal, blankDigits]]));
  const at = digitsAt(bytes, blankDigits);
  bytes.set(new TextEncoder().encode(sha256Around(bytes, at)), at);
  return bytes;
}

/** What is wrong with the seal of a safetensors file, given its metadata; undefined where it is as `formatSealed` made it. Cost: O(bytes). */
export function sealProblem(bytes: Uint8Array, metadata: ReadonlyMap<string, string>): string | undefined {
  const seal = tensorSealOf(bytes, metadata);
  if (typeof seal === 'string') return seal;
  return sha256Around(bytes, seal.at) === seal.digits ? undefined : alteredSince;
}

function sha256Around(bytes: Uint8Array, at: number): string {
  const hash = createHash('sha256').update(bytes.subarray(0, at)).update(blankDigits);
  return hash.update(bytes.subarray(at + blankDigits.length)).digest('hex');
}
