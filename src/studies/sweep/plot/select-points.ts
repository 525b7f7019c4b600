import { UsageError } from '../../../errors.js';
import type { Cell, Table } from '../table.js';
import { rowsWhere, type Condition } from './condition.js';
import { cellText, columnCalled, distinct, findColumn, listed } from './quantity.js';

/** What tells the points of a figure apart, and which rows they are made of. */
export interface Grouping {
  /** Columns: x, the colour, the facet. */
  readonly by: readonly string[];
  readonly where: readonly Condition[];
  /** The axes of the sweep, without the seed; the columns before `seed`, or before `step` where there is none, if left out. */
  readonly axes?: readonly string[];
}

/** One point: its cells in the columns of `by`, and its rows, a list for each run. */
export interface SelectedPoint {
  readonly at: readonly Cell[];
  readonly runs: readonly (readonly number[])[];
}

/** Points, and what a caption has to say of them. */
export interface Selection {
  /** In the order of their first rows. */
  readonly points: readonly SelectedPoint[];
  /** The conditions, and `step=last` where that is implied. */
  readonly where: readonly Condition[];
  /** Axes that have one value in all rows. */
  readonly fixed: readonly { readonly name: string; readonly value: Cell }[];
  /** Axes that differ, but never where the column `to` is the same. */
  readonly bound: readonly { readonly name: string; readonly to: string }[];
  /** How many rows of a run a point has, at least and at most. */
  readonly records: readonly [least: number, most: number];
  /** The steps of the rows, where there are some. */
  readonly steps: readonly Cell[];
}

/** Columns along which a run is recorded. */
const progress = ['step', 'time'];

/**
 * The rows of a table as the points of a figure. Runs of a point may differ in their seed and in nothing else that was set; their rows, if there are several, in step or time,
 * and only where conditions choose among these. Where the points are not told apart by step or time and no condition speaks of them, the last record of each run is meant.
 *
 * Throws UsageError for unknown columns, where no row is left, for axes of several values that are neither a column of `by` nor chosen, for a column of `by` that is measured and differs between
 * seeds, and for rows that would have to be averaged over anything else. Cost: O(cells of the columns used).
 */
export function selectPoints(table: Table, { by, where: given, axes: known }: Grouping): Selection {
  for (const name of by) columnCalled(table, name);
  const axes = known ?? axesOf(table);
  const cell = (name: string, row: number): Cell => findColumn(table, name)!.values[row]!;
  const keyed = (names: readonly string[]) => {
    const columns = names.map((name) => columnCalled(table, name).values);
    return (row: number): string => JSON.stringify(columns.map((values) => values[row]!));
  };
  const has = (name: string): boolean => findColumn(table, name) !== undefined;
  const runOf = has('run')
    ? keyed(['run'])
    : axes === undefined
      ? String
      : keyed([...axes, ...(has('seed') ? ['seed'] : [])]);

  const chosen = rowsWhere(table, given, runOf);
  const axis = impliedLast(chosen, { by, where: given, runOf, has, keyed });
  const where = axis === undefined ? given : [...given, { column: axis, relation: '=', value: 'last' } as const];
  const rows = axis === undefined ? chosen : rowsWhere(table, where, runOf);

  const differing = (axes ?? []).filter(
    (name) => !by.includes(name) && rows.some((row) => cell(name, row) !== cell(name, rows[0]!)),
  );
  const boundTo = (name: string): string | undefined =>
    by.find((other) => has(other) && isFunctionOf(rows, keyed([other]), (row) => cell(name, row)));
  const free = differing.filter((name) => boundTo(name) === undefined);
  if (free.length > 0) refuseFree(free, (name) => distinct(rows.map((row) => cell(name, row))));
  if (axes !== undefined) {
    const set = [...axes, ...(by.includes('seed') ? ['seed'] : [])];
    const key = keyed([...set, ...progress.filter(has)]);
    for (const name of by.filter((one) => ![...set, ...progress].includes(one)))
      if (!isFunctionOf(rows, key, (row) => cell(name, row))) refuseMeasured(name, axes, progress.filter(has));
  }

  const pointOf = keyed(by);
  const points = [...groups(rows, pointOf).values()].map((own): SelectedPoint => {
    const runs = [...groups(own, runOf).values()];
    refuseMixed(table, by, runs, where);
    return { at: by.map((name) => cell(name, own[0]!)), runs };
  });
  const counts = points.flatMap(({ runs }) => runs.map((run) => run.length));
  return {
    points,
    where,
    fixed: (axes ?? [])
      .filter((name) => !by.includes(name) && !differing.includes(name))
      .map((name) => ({ name, value: cell(name, rows[0]!) })),
    bound: differing.map((name) => ({ name, to: boundTo(name)! })),
    records: [Math.min(...counts), Math.max(...counts)],
    steps: has('step') ? distinct(rows.map((row) => cell('step', row))) : [],
  };
}

/** The columns before `seed`, or before `step`; undefined where a table has neither, so that nothing says which were set. */
function axesOf({ columns }: Table): string[] | undefined {
  const names = columns.map(({ name }) => name);
  const end = ['seed', 'step'].map((name) => names.indexOf(name)).find((at) => at >= 0);
  return end === undefined ? undefined : names.slice(0, end).filter((name) => name !== 'run');
}

function groups(rows: readonly number[], key: (row: number) => string): Map<string, number[]> {
  const all = new Map<string, number[]>();
  for (const row of rows) {
    const own = all.get(key(row));
    if (own === undefined) all.set(key(row), [row]);
    else own.push(row);
  }
  return all;
}

/** Step or time, if runs have several of them, no condition speaks of these, and no column that tells points apart changes along with them. */
function impliedLast(
  rows: readonly number[],
  {
    by,
    where,
    runOf,
    has,
    keyed,
  }: Pick<Grouping, 'by' | 'where'> & {
    readonly runOf: (row: number) => string;
    readonly has: (name: string) => boolean;
    readonly keyed: (names: readonly string[]) => (row: number) => string;
  },
): string | undefined {
  const axis = progress.find(has);
  if (axis === undefined || where.some(({ column }) => progress.includes(column))) return undefined;
  const at = keyed([axis]);
  if (isFunctionOf(rows, runOf, at)) return undefined;
  const alongRun = (name: string): boolean =>
    !isFunctionOf(rows, runOf, keyed([name])) && isFunctionOf(rows, (row) => `${runOf(row)} ${at(row)}`, keyed([name]));
  return by.some(alongRun) ? undefined : axis;
}

/** Whether rows of one key have one value. */
function isFunctionOf(rows: readonly number[], key: (row: number) => string, value: (row: number) => Cell): boolean {
  const found = new Map<string, Cell>();
  return rows.every((row) => {
    const [at, own] = [key(row), value(row)];
    if (!found.has(at)) found.set(at, own);
    return found.get(at) === own;
  });
}

function refuseFree(free: readonly string[], valuesOf: (name: string) => Cell[]): never {
  const [first] = free;
  throw new UsageError(
    `${free.length === 1 ? 'an axis has' : 'axes have'} several values and would be averaged over: ${free.map((name) => `${name} (${listed(valuesOf(name))})`).join(', ')}; ` +
      `choose one with --where '${first!}=${cellText(valuesOf(first!)[0]!)}', or draw them apart with --color ${first!} or --facet ${first!}`,
  );
}

function refuseMeasured(name: string, axes: readonly string[], along: readonly string[]): never {
  throw new UsageError(
    `'${name}' differs between seeds that are otherwise the same, so that there is no mean over seeds at one value of it; use ${[...axes, ...along].join(', ')}, or tell the seeds apart with --color seed`,
  );
}

/** Throws where a point has two runs of one seed, or several rows of a run that are not records that conditions chose. */
function refuseMixed(
  table: Table,
  by: readonly string[],
  runs: readonly (readonly number[])[],
  where: readonly Condition[],
): void {
  const seeds = findColumn(table, 'seed')?.values;
  const ofSeed = groups(
    runs.map(([row]) => row!),
    (row) => cellText(seeds?.[row] ?? null),
  );
  const twice = [...ofSeed.values()].find((rows) => rows.length > 1);
  if (twice !== undefined) refuseRows(table, by, twice);
  const chosen = progress.filter(
    (name) => !by.includes(name) && where.some(({ column, relation }) => column === name && relation !== '='),
  );
  for (const rows of runs) {
    if (rows.length === 1) continue;
    const areRecords =
      chosen.length > 0 &&
      progress.some((name) => {
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
      .map(({ name, cells }) => `${name} (${listed(cells, 6)})`)
      .join(
        ', ',
      )}${differing.length > 4 ? ', …' : ''}; choose one with --where '${first.name}=${cellText(first.cells[0]!)}', or draw them apart with --color or --facet`,
  );
}
