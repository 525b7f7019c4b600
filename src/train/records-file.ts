import { existsSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../errors.js';
import { appendDurably } from '../files/append-durably.js';
import { chainedLine, chainStart } from '../files/line-chain.js';
import { readText } from '../files/read-bytes.js';
import type { TrainRecord } from './observables/index.js';
import type { Observable } from './observables/observable.js';
import { parseRecords, schemaOfRun, type KeptRecord, type RecordsMark } from './read-records.js';
import { identityOf } from './train-manifest.js';
import type { TrainRun } from './train-run.js';

const pathIn = (folder: string): string => join(folder, 'records.jsonl');

/** Where the records of a run begin. */
export function recordsStart(run: TrainRun): RecordsMark {
  return { count: 0, bytes: 0, chain: chainStart(identityOf(run)) };
}

/**
 * Appends records behind a mark, each with the SHA-256 that `weights` knows of its file; the mark behind them. They count only once the state that names them is saved. Throws
 * DataError, the earlier records as they were, where the disk refuses, or the file is not as long as the mark says.
 */
export function appendRecords(
  folder: string,
  records: readonly TrainRecord[],
  mark: RecordsMark,
  weights: ReadonlyMap<string, string>,
): RecordsMark {
  if (records.length === 0) return mark;
  const path = pathIn(folder);
  const size = existsSync(path) ? statSync(path).size : 0;
  if (size !== mark.bytes) {
    throw new DataError(
      `${path} has ${size} bytes, and ${mark.bytes} were written: somebody else changed it; restore it`,
    );
  }
  let [text, chain] = ['', mark.chain];
  for (const record of records) {
    const file = weights.get(record.weights ?? '') ?? null;
    const next = chainedLine({ text: JSON.stringify(record), file }, chain);
    text += next.line;
    chain = next.chain;
  }
  appendDurably(path, text);
  return { count: mark.count + records.length, bytes: mark.bytes + Buffer.byteLength(text), chain };
}

/** The records of a folder, `own` observables included. Throws DataError for what is not as it was written. */
export function keptRecords(folder: string, run: TrainRun, own: readonly Observable[]): KeptRecord[] {
  const path = pathIn(folder);
  if (!existsSync(path)) return [];
  const text = readText(path, 'restore it');
  return parseRecords(text, path, schemaOfRun(run, own), recordsStart(run).chain);
}

/** Those that a checkpoint counts. Throws DataError, saying what is left, where there are fewer or they are others, or there are records and no checkpoint. */
export function throughMark(folder: string, kept: readonly KeptRecord[], mark: RecordsMark | undefined): KeptRecord[] {
  const path = pathIn(folder);
  const found = kept.slice(0, mark?.count ?? 0);
  const last = found.at(-1)?.mark;
  if (mark === undefined && kept.length > 0) {
    throw new DataError(
      `${path} holds ${kept.length} intact records, and the checkpoint they belong to is missing: restore checkpoint.safetensors, or choose another folder`,
    );
  }
  if (mark !== undefined && (found.length < mark.count || (last !== undefined && last.chain !== mark.chain))) {
    throw new DataError(
      `${path} does not belong to its checkpoint, which counts ${mark.count} records, and it holds ${kept.length} of this run: ` +
        'lines were cut off, or it is of another time; restore it, or choose another folder',
    );
  }
  return found;
}

/** Cuts off what was written after the last checkpoint. Throws DataError if the disk refuses. */
export function cutRecords(folder: string, { bytes }: RecordsMark): void {
  const path = pathIn(folder);
  try {
    if (existsSync(path) && statSync(path).size > bytes) truncateSync(path, bytes);
  } catch (cause) {
    throw new DataError(`${path} could not be written: ${(cause as Error).message}; nothing was changed`, { cause });
  }
}
