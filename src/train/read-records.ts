import type { z } from 'zod';
import { DataError } from '../errors.js';
import { isObject } from '../files/json-object.js';
import { chainStart, openLine } from '../files/line-chain.js';
import { problemsOf } from './check-config.js';
import { observablesOf, type TrainRecord } from './observables/index.js';
import type { Observable } from './observables/observable.js';
import { recordSchema, withOwn } from './observables/record.js';
import { identityOf } from './run-format.js';
import type { TrainRun } from './train-run.js';

const utf8 = new TextEncoder();

/** How far a file of records goes: records, bytes, and the chain after the last. */
export interface RecordsMark {
  readonly count: number;
  readonly bytes: number;
  readonly chain: string;
}

/** One record of a file, the SHA-256 of its file of weights as it was written, and the mark behind it. */
export interface KeptRecord {
  readonly record: TrainRecord;
  readonly weights: string | null;
  readonly mark: RecordsMark;
}

/** The schema of the records of a run, with observables of the caller's own; of those that the run names and the caller does not know, anything goes. */
export function schemaOfRun(
  { config, observables: named = [] }: Pick<TrainRun, 'config' | 'observables'>,
  own: readonly Observable[] = [],
): z.ZodType<TrainRecord> {
  const known = own.filter(({ id }) => named.includes(id));
  const others = named.filter((id) => !known.some((one) => one.id === id));
  return recordSchema(withOwn(observablesOf(config), known), others) as unknown as z.ZodType<TrainRecord>;
}

/** Where the records of a run begin. */
export function recordsStart(run: TrainRun): RecordsMark {
  return { count: 0, bytes: 0, chain: chainStart(identityOf(run)) };
}

/** Records that are intact, and what is wrong with what follows; undefined where nothing is. */
export interface ReadRecords {
  readonly kept: KeptRecord[];
  readonly problem: DataError | undefined;
}

/**
 * The records in the text of a records.jsonl whose chain begins with `start`; a last line without its end was still being written, and is left out. The problem, a DataError, names
 * line, what is wrong and how much before it is intact, for a line that is no record, not of a later step than the one before, or not the line that was written there.
 */
export function readRecords(text: string, path: string, schema: z.ZodType<TrainRecord>, start: string): ReadRecords {
  const kept: KeptRecord[] = [];
  let mark: RecordsMark = { count: 0, bytes: 0, chain: start };
  for (const line of text.split('\n').slice(0, -1)) {
    try {
      const next = nextRecord(line, schema, { before: kept.at(-1)?.record, mark });
      kept.push(next);
      mark = next.mark;
    } catch (cause) {
      const problem = new DataError(
        `${path}, line ${mark.count + 1}: ${(cause as Error).message}; ${intact(kept)}; restore the file or, if another version wrote it, run it again in another folder`,
        { cause },
      );
      return { kept, problem };
    }
  }
  return { kept, problem: undefined };
}

/**
 * The records of a run in the text of a records.jsonl of so many `bytes`, cut off at the mark of its checkpoint, `own` observables included. The problem is that of `readRecords`, or that
 * the file is not as long as the mark says.
 */
export function recordsAtMark(
  { text, bytes, path }: { readonly text: string; readonly bytes: number; readonly path: string },
  run: TrainRun,
  mark: RecordsMark,
  own: readonly Observable[] = [],
): ReadRecords {
  const start = recordsStart(run);
  const { kept, problem } = readRecords(text, path, schemaOfRun(run, own), start.chain);
  if (problem !== undefined) return { kept, problem };
  const last = kept.at(-1)?.mark ?? start;
  if (last.count === mark.count && last.bytes === mark.bytes && last.chain === mark.chain) return { kept, problem };
  return {
    kept,
    problem: new DataError(
      `${path} does not belong to its checkpoint, which counts ${mark.count} records in ${mark.bytes} bytes; it holds ${kept.length} of this run in ${bytes}: ` +
        'lines were cut off, or it is of another time; restore it, or choose another folder',
    ),
  };
}

function intact(kept: readonly KeptRecord[]): string {
  const last = kept.at(-1)?.record;
  return last === undefined ? 'it is the first line' : `what is before it is intact, to step ${last.step}`;
}

function nextRecord(
  line: string,
  schema: z.ZodType<TrainRecord>,
  { before, mark }: { readonly before: TrainRecord | undefined; readonly mark: RecordsMark },
): KeptRecord {
  const value: unknown = JSON.parse(line);
  const fields = isObject(value) ? { ...value } : {};
  delete fields.seal;
  const { data, error } = schema.safeParse(fields);
  if (error !== undefined) throw new Error(problemsOf(error, fields, 'record').join('; '));
  if (before !== undefined && data.step <= before.step) {
    throw new Error(`step: must be above ${before.step}, that of the line before (received ${data.step})`);
  }
  const opened = openLine(line, mark.chain);
  if (opened === undefined) {
    throw new Error(
      'seal: it does not follow from this line and those before it, one of which was altered, left out or put in',
    );
  }
  const { file, chain } = opened;
  const bytes = mark.bytes + utf8.encode(line).length + 1;
  return { record: data, weights: file, mark: { count: mark.count + 1, bytes, chain } };
}
