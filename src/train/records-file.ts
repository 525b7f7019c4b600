import { existsSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../errors.js';
import { appendDurably } from '../files/append-durably.js';
import { chainedLine, openLine } from '../files/line-chain.js';
import { readBytes } from '../files/read-bytes.js';
import { writeAtomically } from '../files/write-atomically.js';
import { noCheckpoint } from './folder-problems.js';
import type { TrainRecord } from './observables/index.js';
import type { Observable } from './observables/observable.js';
import { recordsAtMark, recordsStart, type KeptRecord, type RecordsMark } from './read-records.js';
import type { TrainRun } from './train-run.js';

const newline = 0x0a;

const pathIn = (folder: string): string => join(folder, 'records.jsonl');

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

/**
 * The records of a folder as far as its checkpoint counts them, `own` observables included; what is behind the mark was never finished, and is not looked at. Throws DataError for what is
 * not as it was written, and where there are records without a checkpoint.
 */
export function keptRecords(
  folder: string,
  run: TrainRun,
  mark: RecordsMark | undefined,
  own: readonly Observable[],
): KeptRecord[] {
  const path = pathIn(folder);
  const wayOut = 'restore it, or choose another folder';
  const bytes = existsSync(path) ? readBytes(path, wayOut) : new Uint8Array(0);
  if (mark === undefined) {
    if (bytes.length === 0) return [];
    throw noCheckpoint(path, bytes.filter((byte) => byte === newline).length);
  }
  const text = Buffer.from(bytes.subarray(0, mark.bytes)).toString('utf8');
  const { kept, problem } = recordsAtMark({ text, bytes: bytes.length, path }, run, mark, own);
  if (problem !== undefined) throw problem;
  return kept;
}

/**
 * The lines of a file of records, which are intact, as far as a mark, as another run has them that has the same records; `weights` are the SHA-256 of files of weights there by those here. A
 * file that is not among them, since another has taken its place, keeps its own.
 */
export function recordsOfOther(
  folder: string,
  { bytes }: RecordsMark,
  {
    from,
    to,
    weights,
  }: { readonly from: TrainRun; readonly to: TrainRun; readonly weights: ReadonlyMap<string, string> },
): { readonly text: string; readonly mark: RecordsMark } {
  let [before, mark, text] = [recordsStart(from).chain, recordsStart(to), ''];
  const lines =
    bytes === 0 ? '' : Buffer.from(readBytes(pathIn(folder), 'restore it').subarray(0, bytes)).toString('utf8');
  for (const line of lines.split('\n').slice(0, -1)) {
    const opened = openLine(line, before)!;
    before = opened.chain;
    const file = weights.get(opened.file ?? '') ?? opened.file;
    const next = chainedLine({ text: opened.text, file }, mark.chain);
    text += next.line;
    mark = { count: mark.count + 1, bytes: mark.bytes + Buffer.byteLength(next.line), chain: next.chain };
  }
  return { text, mark };
}

/** Cuts off what was written after the last checkpoint; in a file of its own, where the file has a second name elsewhere. Throws DataError if the disk refuses. */
export function cutRecords(folder: string, { bytes }: RecordsMark): void {
  const path = pathIn(folder);
  if (!existsSync(path)) return;
  try {
    const { size, nlink } = statSync(path);
    if (nlink > 1) writeAtomically(path, readBytes(path, 'restore it').subarray(0, bytes));
    else if (size > bytes) truncateSync(path, bytes);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(`${path} could not be written: ${(cause as Error).message}; nothing was changed`, { cause });
  }
}
