import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import {
  failSafetensors,
  headerEnd,
  headerText,
  readHeader,
  type Header,
} from '../../../src/files/safetensors-header.js';
import { alteredSince, blankDigits, tensorSealOf } from '../../../src/files/tensor-seal.js';
import { bytesOf, type FileHandle } from './run-file.js';

/** A header that this page reads. */
const largestHeader = 2 ** 24;
/** A file that is held against its SHA-256 here, at some 100 MB a second. */
const largestHashed = 2 ** 28;
const slice = 2 ** 22;

/** What the header of a safetensors file says, and its bytes up to the data. */
export interface TensorFile extends Header {
  readonly head: Uint8Array;
}

/** The header of a safetensors file, of which nothing else is read. Rejects with DataError for what is none. */
export async function tensorFileOf(file: FileHandle, name: string): Promise<TensorFile> {
  const fail = failSafetensors(name);
  const end = headerEnd(await bytesOf(file, 0, Math.min(8, file.bytes)), file.bytes, fail);
  if (end > largestHeader) return fail(`its header has ${end} bytes, and this page reads ${largestHeader} at most`);
  const head = await bytesOf(file, 0, end);
  return { ...readHeader(headerText(head.subarray(8), fail), file.bytes - end, fail), head };
}

/** What is wrong with the seal of a safetensors file; null where it is too large to be held against it here, undefined where it is intact. */
export async function sealProblemOf(
  file: FileHandle,
  { head, metadata }: TensorFile,
): Promise<string | null | undefined> {
  const seal = tensorSealOf(head, metadata);
  if (typeof seal === 'string') return seal;
  const found = await checksumOf(file, seal.at);
  return found === null ? null : found === seal.digits ? undefined : alteredSince;
}

/** The SHA-256 of a file, read slice by slice, with the 64 digits from a place on as zeros; null where it is too large for that. */
export async function checksumOf(file: FileHandle, blankAt?: number): Promise<string | null> {
  if (file.bytes > largestHashed) return null;
  const hash = sha256.create();
  const blank = new TextEncoder().encode(blankDigits);
  for (let at = 0; at < file.bytes; at += slice) {
    const part = await bytesOf(file, at, Math.min(file.bytes, at + slice));
    if (blankAt !== undefined) {
      blank.forEach((zero, i) => {
        const place = blankAt + i - at;
        if (place >= 0 && place < part.length) part[place] = zero;
      });
    }
    hash.update(part);
  }
  return bytesToHex(hash.digest());
}
