import { z } from 'zod';
import { UsageError } from '../../errors.js';
import { problemsOf } from '../../train/check-config.js';

const listValue = z.array(z.union([z.number(), z.string()])).min(1);
const value = z.union(
  [z.number(), z.string(), z.boolean(), z.null(), listValue],
  'a value is a number, a text, true, false, null, or a list of numbers or texts',
);
const values = z.array(value).min(1, 'an axis has at least one value');
const axisName = z.string().min(1);

const zip = z
  .strictObject({ zip: z.record(axisName, values) })
  .describe('axes that go together, of equally many values');
const list = z
  .strictObject({ list: z.array(z.record(axisName, value)).min(1, 'a list has at least one point') })
  .describe('points one by one; a setting that one of them leaves out is there as the base has it');
const axis = z.record(axisName, values).describe('one axis with its values');

/** What a sweep is of: a base configuration, axes that vary it, and seeds. */
export const sweepSchema = z.strictObject({
  $schema: z.string().exactOptional(),
  command: z.string().default('train').describe('what each run does'),
  base: z
    .record(z.string(), z.json())
    .default({})
    .describe('what all runs have in common; the rest is as the command has it by default'),
  grid: z
    .array(
      z.union(
        [zip, list, axis],
        'an entry is {"AXIS": [VALUE, …]}, {"zip": {"AXIS": [VALUE, …], …}} or {"list": [{"AXIS": VALUE, …}, …]}',
      ),
    )
    .default([])
    .describe('the product over these entries'),
  seeds: z
    .union(
      [
        z.array(z.int().min(0)).min(1),
        z.string().regex(/^\d+\.\.\d+$/, 'a range of seeds is FIRST..LAST, such as 1..3'),
      ],
      'seeds are a list of at least one integer from 0 on, or a text FIRST..LAST such as 1..3',
    )
    .exactOptional()
    .describe('each point is run with each: a list, or FIRST..LAST'),
});

/** What a sweep is of, as it is written. */
export type SweepDescription = z.input<typeof sweepSchema>;

/** The same, checked, with what is left out put in. */
export type CheckedDescription = z.output<typeof sweepSchema>;

/** A description that the schema accepts. Throws UsageError naming everything that is wrong. */
export function checkedDescription(description: unknown): CheckedDescription {
  if (namesPrototype(description)) {
    throw new UsageError(
      "the description of the sweep has a key '__proto__', which no setting is called; leave it out",
    );
  }
  const { data, error } = sweepSchema.safeParse(description);
  if (error === undefined) return data;
  throw new UsageError(
    `the description of the sweep is not legal: ${problemsOf(error, description, 'description').join('; ')}`,
  );
}

/** Whether a key of a value, however deep, is `__proto__`, which schemas pass over. */
function namesPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(namesPrototype);
}
