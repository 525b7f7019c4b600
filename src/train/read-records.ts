import type { z } from 'zod';
import { DataError } from '../errors.js';
import { problemsOf } from './check-config.js';
import { observables, type TrainRecord } from './observables/index.js';
import type { Observable } from './observables/observable.js';
import { recordSchema, withOwn } from './observables/record.js';
import type { TrainRun } from './train-run.js';

/** The schema of the records of a run, with observables of the caller's own; of those that the run names and the caller does not know, anything goes. */
export function schemaOfRun(
  { observables: named = [] }: Pick<TrainRun, 'observables'>,
  own: readonly Observable[] = [],
): z.ZodType<TrainRecord> {
  const known = own.filter(({ id }) => named.includes(id));
  const others = named.filter((id) => !known.some((one) => one.id === id));
  return recordSchema(withOwn(observables, known), others) as unknown as z.ZodType<TrainRecord>;
}

/**
 * The records in the text of a records.jsonl; a last line without its end was still being written, and is left out. Throws DataError, naming line,
 * field, what is legal and what was received, for a line that is no record, or not of a later step than the one before.
 */
export function parseRecords(text: string, path: string, schema: z.ZodType<TrainRecord>): TrainRecord[] {
  const records: TrainRecord[] = [];
  for (const [i, line] of text.split('\n').slice(0, -1).entries()) {
    const found = recordIn(line, schema);
    const last = records.at(-1);
    const problem =
      typeof found === 'string'
        ? found
        : last !== undefined && found.step <= last.step
          ? `step: must be above ${last.step}, that of the line before (received ${found.step})`
          : undefined;
    if (problem !== undefined) {
      throw new DataError(`${path}, line ${i + 1}: ${problem}; restore the file, or run it again in another folder`);
    }
    records.push(found as TrainRecord);
  }
  return records;
}

/** The record that a line holds, or what is wrong with it. */
function recordIn(line: string, schema: z.ZodType<TrainRecord>): TrainRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `it is no JSON: ${(error as Error).message}`;
  }
  const { data, error } = schema.safeParse(value);
  return error === undefined ? data! : problemsOf(error, value, 'record').join('; ');
}
