import { UsageError } from '../src/errors.js';
import {
  findColumn,
  findQuantity,
  parseCondition,
  quantityCalled,
  selectPoints,
  type Quantity,
  type Selection,
} from '../src/studies/sweep/plot/index.js';
import type { Table } from '../src/studies/sweep/table.js';
import { described, rowsText } from './sweep-caption.js';
import { curvesOf, type SweepCurve } from './sweep-curves.js';
import { columnTitle } from './sweep-names.js';
import { groupingOf, type SweepFigureOptions } from './sweep-options.js';

/** A further column or another sweep: its curves, and what is said of it. */
export interface Overlay {
  readonly quantity: Quantity;
  readonly title: string;
  readonly about: string;
  readonly curves: readonly SweepCurve[];
}

/** The columns of `with`, and the exact counterpart of y where it has values. */
export function furtherColumns(table: Table, options: SweepFigureOptions, selection: Selection): Overlay[] {
  const grouping = groupingOf(options);
  const overlay = (quantity: Quantity): Overlay => ({
    quantity,
    title: columnTitle(quantity.name),
    about: `Dashed: ${described(quantity)}.`,
    curves: curvesOf(selection, grouping, options, quantity),
  });
  const asked = (options.with ?? []).map((name) => overlay(quantityCalled(table, name)));
  const empty = asked.find(({ curves }) => curves.length === 0);
  if (empty !== undefined)
    throw new UsageError(`no row that is left has a value of '${empty.quantity.name}'; leave it out of --with`);
  const name = `exact.${options.y}`;
  const exact = options.with?.includes(name) ? undefined : findQuantity(table, name);
  return [...(exact === undefined ? [] : [overlay(exact)].filter(({ curves }) => curves.length > 0)), ...asked];
}

/** The curves of another sweep in the colours and panels that it shares. Throws UsageError where there are none. */
export function otherSweep(
  options: SweepFigureOptions,
  curves: readonly SweepCurve[],
  { fixed }: Selection,
): Overlay[] {
  const { over, x, color, facet, where = [] } = options;
  if (over === undefined) return [];
  const { table, y = options.y } = over;
  const has = (name: string): boolean => findColumn(table, name) !== undefined;
  if (!has(x))
    throw new UsageError(
      `the table of --over has no column '${x}' to be laid over; it has ${table.columns.map(({ name }) => name).join(', ')}`,
    );
  const shared = fixed.filter(({ name }) => has(name) && !where.some((text) => parseCondition(text).column === name));
  const own: SweepFigureOptions = {
    x,
    y,
    ...(color !== undefined && has(color) && { color }),
    ...(facet !== undefined && has(facet) && { facet }),
    where: [
      ...where.filter((text) => has(parseCondition(text).column)),
      ...shared.map(({ name, value }) => `${name}=${value === null ? 'none' : String(value)}`),
    ],
  };
  const grouping = groupingOf(own);
  const quantity = quantityCalled(table, y);
  const selection = selectPoints(table, grouping);
  const matched = curvesOf(selection, grouping, own, quantity).filter((one) =>
    curves.some(
      (drawn) =>
        (one.color === undefined || one.color === drawn.color) &&
        (one.facet === undefined || one.facet === drawn.facet),
    ),
  );
  if (matched.length === 0)
    throw new UsageError(
      `the table of --over has no curve for the same ${[own.color, own.facet].flatMap((name) => name ?? []).join(', ') || x}; sweep it over the values of this one`,
    );
  return [
    {
      quantity,
      title: `${columnTitle(y)}, laid over`,
      about: `Laid over, dashed: ${described(quantity)} of another sweep. ${rowsText(selection)}`.trim(),
      curves: matched,
    },
  ];
}
