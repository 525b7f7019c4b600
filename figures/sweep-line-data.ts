import { UsageError } from '../src/errors.js';
import {
  quantityCalled,
  selectPoints,
  type PointMean,
  type Quantity,
  type Selection,
} from '../src/studies/sweep/plot/index.js';
import type { Cell, Table } from '../src/studies/sweep/table.js';
import { curvesOf, refuseNotPositive, type SweepCurve } from './sweep-curves.js';
import { printedCell } from './sweep-names.js';
import { groupingOf, isNumeric, toldApart, type SweepFigureOptions } from './sweep-options.js';
import { furtherColumns, otherSweep, type Overlay } from './sweep-overlays.js';

/** What a figure of lines draws. */
export interface SweepLines {
  readonly quantity: Quantity;
  readonly selection: Selection;
  readonly curves: readonly SweepCurve[];
  readonly overlays: readonly Overlay[];
  /** The means of all points of the curves. */
  readonly means: readonly PointMean[];
  /** All values along x, in order; `isOfNumbers`, or names. */
  readonly xs: readonly Cell[];
  readonly isOfNumbers: boolean;
  /** The values of colour and facet; one undefined where there is none. */
  readonly colors: readonly (Cell | undefined)[];
  readonly facets: readonly (Cell | undefined)[];
  /** Whether step or time 0 was left out of a logarithmic axis. */
  readonly isStartLeftOut: boolean;
}

/** The curves of a sweep and what is laid over them. Throws UsageError as `sweepFigure` does. */
export function sweepLineData(table: Table, options: SweepFigureOptions): SweepLines {
  const { x, y, color, facet, log = [] } = options;
  const grouping = groupingOf(options);
  const quantity = quantityCalled(table, y);
  const all = selectPoints(table, grouping);
  const selection = log.includes('x') ? withoutStart(x, all) : all;
  const curves = curvesOf(selection, grouping, options, quantity);
  if (curves.length === 0) {
    throw new UsageError(
      `no row that is left has a value of '${y}'; choose another column, or other rows with --where`,
    );
  }
  const overlays = [...furtherColumns(table, options, selection), ...otherSweep(options, curves, selection)];
  const drawn = [...curves, ...overlays.flatMap((overlay) => overlay.curves)].flatMap(({ points }) =>
    points.map((point) => point.x),
  );
  const isOfNumbers = isNumeric(table, x, drawn);
  const xs = toldApart(x, drawn, { most: isOfNumbers ? Infinity : 40, option: '--x' });
  const told = (name: string | undefined, of: 'color' | 'facet', most: number): (Cell | undefined)[] =>
    name === undefined
      ? [undefined]
      : toldApart(
          name,
          curves.map((one) => one[of]!),
          { most, option: `--${of}` },
        );
  const data = { quantity, selection, curves, overlays, xs, isOfNumbers, isStartLeftOut: selection !== all };
  refuseLogarithms(data, options);
  return {
    ...data,
    means: curves.flatMap(({ points }) => points.map(({ mean }) => mean)),
    colors: told(color, 'color', 12),
    facets: told(facet, 'facet', 8),
  };
}

/** Throws UsageError where a logarithmic axis would have to show names, 0 or less. */
function refuseLogarithms(
  { curves, overlays, xs, isOfNumbers }: Pick<SweepLines, 'curves' | 'overlays' | 'xs' | 'isOfNumbers'>,
  { x, y, log = [] }: SweepFigureOptions,
): void {
  if (log.includes('x')) {
    if (!isOfNumbers) {
      const some = xs
        .slice(0, 4)
        .map((cell) => printedCell(cell, x))
        .join(', ');
      throw new UsageError(
        `'${x}' is no column of numbers alone (${some}), and names have no logarithm; leave out --log x`,
      );
    }
    refuseNotPositive('x', x, xs as number[], `choose others with --where '${x}>0'`);
  }
  if (!log.includes('y')) return;
  for (const [name, some] of [
    [y, curves],
    ...overlays.map((one) => [one.quantity.name, one.curves] as const),
  ] as const) {
    const values = some.flatMap(({ points }) => points.map(({ mean }) => mean.middle.mean));
    refuseNotPositive('y', name, values, 'choose other rows with --where');
  }
}

/** Points without the start of a run, step or time 0, which a logarithmic axis has no place for. */
function withoutStart(x: string, selection: Selection): Selection {
  if (x !== 'step' && x !== 'time') return selection;
  const points = selection.points.filter(({ at }) => at[0] !== 0);
  return points.length < selection.points.length ? { ...selection, points } : selection;
}
