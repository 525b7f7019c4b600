import { UsageError } from '../../../errors.js';
import type { Cell, Table } from '../table.js';
import type { Condition } from './condition.js';
import { cellList, cellText, distinct, findColumn } from './quantity.js';
import { rowGroups, runAxes } from './row-groups.js';

/** Throws UsageError for axes that would be averaged over. */
export function refuseFree(free: readonly string[], valuesOf: (name: string) => Cell[]): never {
  const [first] = free;
  throw new UsageError(
    `${free.length === 1 ? 'an axis has' : 'axes have'} several values and would be averaged over: ${free.map((name) => `${name} (${cellList(valuesOf(name))})`).join(', ')}; ` +
      `choose one with --where '${first!}=${cellText(valuesOf(first!)[0]!)}', or draw them apart with --color ${first!} or --facet ${first!}`,
  );
}

/** Throws UsageError for a column whose values belong to single runs. */
export function refuseMeasured(name: string, axes: readonly string[], along: readonly string[]): never {
  throw new UsageError(
    `'${name}' differs between seeds that are otherwise the same, so that there is no mean over seeds at one value of it; use ${[...axes, ...along].join(', ')}, or tell the seeds apart with --color seed`,
  );
}

/** Throws UsageError where a point has two runs of one seed, or several rows of a run that are not records that conditions chose. */
export function refuseMixed(
  table: Table,
  by: readonly string[],
  runs: readonly (readonly number[])[],
  where: readonly Condition[],
): void {
  const seeds = findColumn(table, 'seed')?.values;
  const ofSeed = rowGroups(
    runs.map(([row]) => row!),
    (row) => cellText(seeds?.[row] ?? null),
  );
  const twice = [...ofSeed.values()].find((rows) => rows.length > 1);
  if (twice !== undefined) refuseRows(table, by, twice);
  const chosen = runAxes.filter(
    (name) => !by.includes(name) && where.some(({ column, relation }) => column === name && relation !== '='),
  );
  for (const rows of runs) {
    if (rows.length === 1) continue;
    const areRecords =
      chosen.length > 0 &&
      runAxes.some((name) => {
        const values = findColumn(table, name)?.values;
        return values !== undefined && new Set(rows.map((row) => values[row])).size === rows.length;
      });
    if (!areRecords) refuseRows(table, by, rows);
  }
}

function refuseRows(table: Table, by: readonly string[], rows: readonly number[]): never {
  const where = by.map((name) => `${name} ${cellText(findColumn(table, name)!.values[rows[0]!]!)}`).join(', ');
  const differing = table.columns.flatMap(({ name, values }) => {
    const cells = distinct(rows.map((row) => values[row]!));
    return by.includes(name) || name === 'run' || cells.length === 1 ? [] : [{ name, cells }];
  });
  const [first] = differing;
  if (first === undefined)
    throw new UsageError(
      `${rows.length} rows at ${where} are the same, and count once: remove the others from the table`,
    );
  throw new UsageError(
    `${rows.length} rows are one point (${where}), and a mean over them would hide that they differ in ${differing
      .slice(0, 4)
      .map(({ name, cells }) => `${name} (${cellList(cells, 6)})`)
      .join(
        ', ',
      )}${differing.length > 4 ? ', …' : ''}; choose one with --where '${first.name}=${cellText(first.cells[0]!)}', or draw them apart with --color or --facet`,
  );
}
