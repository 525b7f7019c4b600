import type { z } from 'zod';
import { DataError } from '../errors.js';
import { problemsOf } from './check-config.js';
import { observablesOf, type TrainRecord } from './observables/index.js';
import type { Observable } from './observables/observable.js';
import { recordSchema, withOwn } from './observables/record.js';
import type { TrainRun } from './train-run.js';

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
 * The records in the text of a records.jsonl; a last line without its end was still being written, and is left out. Throws DataError, naming line,
 * field, what is legal and what was received, for a line that is no record, or not of a later step than the one before.
 */
export function parseRecords(text: string, path: string, schema: z.ZodType<TrainRecord>): TrainRecord[] {
  const records: TrainRecord[] = [];
  for (const [i, line] of text.split('\n').slice(0, -1).entries()) {
    try {
      records.push(nextRecord(line, schema, records.at(-1)));
    } catch (cause) {
      throw new DataError(
        `${path}, line ${i + 1}: ${(cause as Error).message}; restore the file or, if another version wrote it, run it again in another folder`,
        { cause },
      );
    }
  }
  return records;
}

function nextRecord(line: string, schema: z.ZodType<TrainRecord>, before: TrainRecord | undefined): TrainRecord {
  const value: unknown = JSON.parse(line);
  const { data, error } = schema.safeParse(value);
  if (error !== undefined) throw new Error(problemsOf(error, value, 'record').join('; '));
  if (before === undefined || data.step > before.step) return data;
  throw new Error(`step: must be above ${before.step}, that of the line before (received ${data.step})`);
}
