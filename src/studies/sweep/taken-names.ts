import { UsageError } from '../../errors.js';
import type { SweepPlan } from './sweep-plan.js';
import { tablesOf } from './write-tables.js';

/**
 * Throws UsageError for a variable that is called as what tells the rows of a run apart, and for an axis that is called as another column of one of the tables, before there is anything to write. Cost: O(runs).
 */
export function refuseTakenNames(plan: SweepPlan): void {
  const { command, axes } = plan;
  const key = axes.find((axis) => command.by.includes(axis) && !command.settings.has(axis));
  if (key !== undefined) throw taken(key, `'${key}' tells the rows of a run of ${command.name} apart`);
  for (const [file, { columns }] of tablesOf(plan, { find: () => undefined }).files) {
    const names = columns.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined) throw taken(twice, `${file} has a column '${twice}' of its own`);
  }
}

const taken = (name: string, why: string): UsageError =>
  new UsageError(`no axis can be called '${name}': ${why}; use another name in the braces`);
