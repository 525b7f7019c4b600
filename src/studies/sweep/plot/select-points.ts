import type { Cell, Table } from '../table.js';
import { rowsWhere, type Condition } from './condition.js';
import { columnCalled, distinct, findColumn } from './quantity.js';
import { refuseFree, refuseMeasured, refuseMixed } from './refused-points.js';
import { rowGroups, isFunctionOf, runAxes } from './row-groups.js';

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
    const along = runAxes.filter(has);
    const [ofSetting, ofProgress] = [keyed([...set, ...along]), keyed(along)];
    for (const name of by.filter((one) => ![...set, ...along].includes(one))) {
      const value = keyed([name]);
      const isOfRecord = isFunctionOf(rows, (row) => `${runOf(row)} ${ofProgress(row)}`, value);
      if (isOfRecord && !isFunctionOf(rows, ofSetting, value)) refuseMeasured(name, axes, along);
    }
  }

  const pointOf = keyed(by);
  const points = [...rowGroups(rows, pointOf).values()].map((own): SelectedPoint => {
    const runs = [...rowGroups(own, runOf).values()];
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
  const axis = runAxes.find(has);
  if (axis === undefined || where.some(({ column }) => runAxes.includes(column))) return undefined;
  const at = keyed([axis]);
  if (isFunctionOf(rows, runOf, at)) return undefined;
  const alongRun = (name: string): boolean =>
    !isFunctionOf(rows, runOf, keyed([name])) && isFunctionOf(rows, (row) => `${runOf(row)} ${at(row)}`, keyed([name]));
  return by.some(alongRun) ? undefined : axis;
}
