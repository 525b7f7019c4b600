import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../errors.js';
import { readBytes } from '../files/read-bytes.js';
import { parseSafetensors } from '../files/safetensors.js';
import { sha256Of } from '../files/sha256.js';
import { formatSealed, sealProblem } from '../files/sealed-tensors.js';
import { alteredWeights } from './folder-problems.js';
import type { KeptRecord } from './read-records.js';
import { keptRecords } from './records-file.js';
import { recordsStart } from './read-records.js';
import { checkpointMark } from './train-checkpoint.js';
import { refuseFolderOfAnother } from './train-manifest.js';
import type { TrainRun } from './train-run.js';

/** Where the last weights are in a run folder that keeps no others. */
export const lastWeights = 'weights/last.safetensors';

/** What files of weights say of their run: configuration and data to be read, and the start of its chain, which stands for all of it. */
export function aboutWeights(run: TrainRun, step: number): ReadonlyMap<string, string> {
  return new Map([
    ['step', String(step)],
    ['config', JSON.stringify(run.config)],
    ['data', JSON.stringify(run.data.origin)],
    ...(run.model === undefined ? [] : [['model', JSON.stringify(run.model)] as const]),
    ['run', recordsStart(run).chain],
  ]);
}

/**
 * Throws DataError where a file of weights that a record names was altered; returns the names of those that are missing. The file that each record
 * replaces may be newer than the last record, but must be of this run. Cost: reads all of them.
 */
export function missingWeights(folder: string, run: TrainRun, kept: readonly KeptRecord[]): string[] {
  const last = new Map(
    kept.flatMap((one) => (one.record.weights === null ? [] : [[one.record.weights, one] as const])),
  );
  return [...last].flatMap(([name, { record, weights }]) => {
    const path = join(folder, name);
    if (!existsSync(path)) return [name];
    const bytes = readBytes(path, 'restore it');
    if (sha256Of(bytes) === weights || (name === lastWeights && isOfRun(bytes, path, run, record.step + 1))) return [];
    throw alteredWeights(path, record.step);
  });
}

/**
 * The path of the weights that a run recorded last under a name, held against the SHA-256 in their record. Throws UsageError where the folder holds another run, DataError where the
 * file is missing or is not the one recorded.
 */
export function recordedWeights(folder: string, run: TrainRun, name: string): string {
  refuseFolderOfAnother(folder, run);
  const path = join(folder, name);
  const recorded = keptRecords(folder, run, checkpointMark(folder), []).findLast(
    ({ record }) => record.weights === name,
  );
  const wayOut = `restore it, or remove ${folder} and its result to repeat the run`;
  if (sha256Of(readBytes(path, wayOut)) === recorded?.weights) return path;
  throw new DataError(`${path} is not the file of weights that its run recorded; ${wayOut}`);
}

/** Throws DataError where a file that is about to be replaced is not one of this run. */
export function refuseForeignWeights(path: string, run: TrainRun): void {
  if (!existsSync(path)) return;
  const wayOut = 'move it away, or choose another folder';
  if (isOfRun(readBytes(path, wayOut), path, run, 0)) return;
  throw new DataError(`${path} would be replaced, and was not written by this run; ${wayOut}`);
}

/** A file of weights of one run as that of another that has the same; undefined where it is no intact one of the first. */
export function weightsOfOther(bytes: Uint8Array, path: string, from: TrainRun, to: TrainRun): Uint8Array | undefined {
  if (!isOfRun(bytes, path, from, 0)) return undefined;
  const { tensors, metadata } = parseSafetensors(bytes, path);
  return formatSealed(tensors, new Map([...metadata, ...aboutWeights(to, Number(metadata.get('step')))]));
}

/** Is it an intact file of this run, of this step or a later one? */
function isOfRun(bytes: Uint8Array, path: string, run: TrainRun, from: number): boolean {
  try {
    const { metadata } = parseSafetensors(bytes, path);
    const about = aboutWeights(run, Number(metadata.get('step')));
    return (
      Number(metadata.get('step')) >= from &&
      [...about].every(([key, value]) => metadata.get(key) === value) &&
      sealProblem(bytes, metadata) === undefined
    );
  } catch (error) {
    if (error instanceof DataError) return false;
    throw error;
  }
}
