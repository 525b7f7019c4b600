import { alteredWeights, lostWeights } from '../../../src/train/folder-problems.js';
import type { KeptRecord } from '../../../src/train/read-records.js';
import type { FileHandle } from './run-file.js';
import { checksumOf, sealProblemOf, tensorFileOf } from './tensor-file.js';

/** What became of the files of weights that records name. */
export interface CheckedWeights {
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Bytes of weights that are read at most. */
const most = 2 ** 29;

/**
 * Holds each file of weights against the SHA-256 in the last record that names it, as a run does before it goes on; `start` is the chain of the run: the file that each record replaces may be newer than the
 * last record, and then says so.
 */
export async function checkWeights(
  folder: string,
  files: ReadonlyMap<string, FileHandle>,
  kept: readonly KeptRecord[],
  start: string,
): Promise<CheckedWeights> {
  const last = new Map(
    kept.flatMap((one) => (one.record.weights === null ? [] : [[one.record.weights, one] as const])),
  );
  const problems: string[] = [];
  const missing: string[] = [];
  let [intact, unread, read] = [0, 0, 0];
  for (const [name, { record, weights }] of last) {
    const file = files.get(name);
    if (file === undefined) {
      missing.push(`${folder}/${name}`);
      continue;
    }
    read += file.bytes;
    const found = read > most ? null : await checksumOf(file);
    if (found === null) unread++;
    else if (found === weights || (await isNewer(file, start, record.step))) intact++;
    else problems.push(alteredWeights(`${folder}/${name}`, record.step).message);
  }
  return {
    problems,
    notes: [
      ...(intact > 0 ? [`${intact} ${intact === 1 ? 'file' : 'files'} of weights intact`] : []),
      ...(unread > 0 ? [`${unread} of weights too large to be held against their SHA-256 here`] : []),
      ...(missing.length > 0
        ? [
            missing.length === 1
              ? lostWeights(missing[0]!)
              : `${missing.length} files of weights are not among the files: ${missing[0]!}, …`,
          ]
        : []),
    ],
  };
}

async function isNewer(file: FileHandle, start: string, step: number): Promise<boolean> {
  try {
    const found = await tensorFileOf(file, file.path);
    return (
      found.metadata.get('run') === start &&
      Number(found.metadata.get('step')) > step &&
      (await sealProblemOf(file, found)) === undefined
    );
  } catch {
    return false;
  }
}
