import { UsageError } from '../src/errors.js';
import {
  columnCalled,
  distinct,
  cellList,
  parseCondition,
  type ErrorKind,
  type Grouping,
} from '../src/studies/sweep/plot/index.js';
import type { Cell, Table } from '../src/studies/sweep/table.js';

/** What is drawn of the table of a sweep. Columns by name; an interval `name.lower`, `name.upper` by `name`. */
export interface SweepFigureOptions {
  readonly x: string;
  /** What the curves show; of a heat map the vertical axis. */
  readonly y: string;
  /** One curve for each of its values, at most 12. */
  readonly color?: string;
  /** One panel for each of its values, at most 8. */
  readonly facet?: string;
  /** 'lines' if left out. */
  readonly kind?: 'lines' | 'heatmap';
  /** What the cells of a heat map show. */
  readonly value?: string;
  /** Logarithmic axes; 'value' is the colour of a heat map. */
  readonly log?: readonly ('x' | 'y' | 'value')[];
  /** Conditions on rows: `lr=0.1`, `step>=500`, `step=last`. */
  readonly where?: readonly string[];
  /** Further columns, dashed in the colours of the curves. `exact.<y>` is drawn without being asked for where it has values. */
  readonly with?: readonly string[];
  /** Another table, whose `y`, the same if left out, is laid over the curves, matched on the columns that both have. */
  readonly over?: { readonly table: Table; readonly y?: string };
  /** What error bars are; 'se' if left out. */
  readonly error?: ErrorKind;
  /** The axes of the sweep, without the seed; the columns before `seed`, or before `step` where there is none, if left out. */
  readonly axes?: readonly string[];
  readonly title?: string;
  /** How its files are called; 'sweep' if left out. */
  readonly id?: string;
}

/** The columns that tell points apart, and the conditions, as a grouping of rows. Throws UsageError for a column that is meant to do two things, and for a condition that is none. */
export function groupingOf({ x, y, color, facet, kind, where = [], axes }: SweepFigureOptions): Grouping {
  const by = [x, ...(kind === 'heatmap' ? [y] : []), color, facet].flatMap((name) => name ?? []);
  const twice = by.find((name, i) => by.indexOf(name) < i);
  if (twice !== undefined)
    throw new UsageError(
      `'${twice}' can tell points apart in one way only; give --x, --color and --facet columns of their own`,
    );
  return { by, where: where.map(parseCondition), ...(axes && { axes }) };
}

/** The values of a column among points, at most so many. Throws UsageError where there are more. */
export function toldApart(
  name: string,
  cells: readonly Cell[],
  { most, option }: { readonly most: number; readonly option: string },
): Cell[] {
  const values = distinct(cells);
  if (values.length <= most) return values;
  throw new UsageError(
    `${option} ${name} has ${values.length} values (${cellList(values)}), at most ${most} can be told apart; choose some with --where, or draw ${name} along x`,
  );
}

/** Whether a column holds numbers and nothing else in the cells that are drawn, so that it has an axis of numbers. */
export function isNumeric(table: Table, name: string, cells: readonly Cell[]): boolean {
  return ['number', 'integer'].includes(columnCalled(table, name).type) && cells.every((cell) => Number.isFinite(cell));
}
