import { z } from 'zod';
import { NumericalError, UsageError } from '../../errors.js';
import { withPauses } from '../../numeric/kernels/pausing.js';
import { problemsOf } from '../check-config.js';
import type { Measured } from './measured.js';
import type { Frozen, Observable } from './observable.js';

/** The record that a list of observables makes. */
export type RecordOf<List extends readonly Observable[]> = {
  readonly [O in List[number] as O['id']]: Frozen<z.output<O['schema']>>;
};

/** The schema of a record: all fields of the list, and of `others`, of which no more than the names is known; no field besides. */
export function recordSchema<List extends readonly Observable[]>(
  list: List,
  others: readonly string[] = [],
): z.ZodType<RecordOf<List>> {
  const fields = list.map(({ id, schema, meaning, unit }) => [id, schema.describe(`${meaning} [${unit}]`)] as const);
  const unknown = others.map((id) => [id, z.json()] as const);
  return z.strictObject(Object.fromEntries<z.ZodType>([...fields, ...unknown])) as unknown as z.ZodType<RecordOf<List>>;
}

const digits = z.string().regex(/^[0-9a-f]{64}$/);

/** What a line of records.jsonl has besides. */
const seal = z
  .strictObject({ file: digits.nullable(), chain: digits })
  .describe('in records.jsonl only: SHA-256 of the file of weights, and of the chain before it, the record and this');

/** For editors and readers of records.jsonl; those that are `asked` for may be missing, and `seal`, which only lines of that file have. */
export function recordJsonSchema(list: readonly Observable[], asked: readonly Observable[] = []): object {
  const { required, properties, ...schema } = z.toJSONSchema(recordSchema([...list, ...asked]), {
    unrepresentable: 'any',
  });
  return {
    ...schema,
    properties: { ...properties, seal: { ...z.toJSONSchema(seal), $schema: undefined } },
    required: required?.filter((id) => !asked.some((one) => one.id === id)),
  };
}

/** What the observables say of a measurement; `giveWay` is awaited on the way. Rejects where that does. Throws NumericalError, naming the field, where a value is not what its schema allows: no such record could be read. */
export async function measuredRecord<List extends readonly Observable[]>(
  list: List,
  measured: Measured,
  giveWay?: () => Promise<void>,
): Promise<RecordOf<List>> {
  const record: Record<string, unknown> = {};
  for (const { id, needs, compute, program } of list) {
    await giveWay?.();
    const given = Object.fromEntries(needs.map((need) => [need, measured[need]])) as unknown as Measured;
    record[id] = program === undefined ? compute(given) : await withPauses(program(given), giveWay);
  }
  const { error } = recordSchema(list).safeParse(record);
  if (error === undefined) return record as RecordOf<List>;
  throw new NumericalError(
    `a measurement at step ${measured.step} gave what cannot be recorded: ${problemsOf(error, record, 'record').join('; ')}`,
  );
}

/** A list with observables of the caller's own behind it. Throws UsageError where two have the same id, or two columns, or one is called `seal`, as what lines of records.jsonl add. */
export function withOwn(list: readonly Observable[], own: readonly Observable[]): readonly Observable[] {
  const all = [...list, ...own];
  for (const [what, ids] of [
    ['observables', ['seal', ...all.map(({ id }) => id)]],
    ['columns', all.flatMap(({ columns = {} }) => Object.keys(columns))],
  ] as const) {
    const twice = ids.find((id, i) => ids.indexOf(id) < i);
    if (twice !== undefined) throw new UsageError(`two ${what} are named '${twice}'; choose a name that is not taken`);
  }
  return all;
}
