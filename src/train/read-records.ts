import type { z } from 'zod';
import { DataError } from '../errors.js';
import { openLine } from '../files/line-chain.js';
import { isObject } from '../files/same-run.js';
import { problemsOf } from './check-config.js';
import { observablesOf, type TrainRecord } from './observables/index.js';
import type { Observable } from './observables/observable.js';
import { recordSchema, withOwn } from './observables/record.js';
import type { TrainRun } from './train-run.js';

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

/**
 * The records in the text of a records.jsonl whose chain begins with `start`; a last line without its end was still being written, and is left out. Throws DataError, naming
 * line, what is wrong and how much before it is intact, for a line that is no record, not of a later step than the one before, or not the line that was written there.
 */
export function parseRecords(text: string, path: string, schema: z.ZodType<TrainRecord>, start: string): KeptRecord[] {
  const kept: KeptRecord[] = [];
  let mark: RecordsMark = { count: 0, bytes: 0, chain: start };
  for (const line of text.split('\n').slice(0, -1)) {
    try {
      const next = nextRecord(line, schema, { before: kept.at(-1)?.record, mark });
      kept.push(next);
      mark = next.mark;
    } catch (cause) {
      throw new DataError(
        `${path}, line ${mark.count + 1}: ${(cause as Error).message}; ${intact(kept)}; restore the file or, if another version wrote it, run it again in another folder`,
        { cause },
      );
    }
  }
  return kept;
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
  const bytes = mark.bytes + Buffer.byteLength(line) + 1;
  return { record: data, weights: file, mark: { count: mark.count + 1, bytes, chain } };
}
