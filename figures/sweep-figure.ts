import { UsageError } from '../src/errors.js';
import type { Table } from '../src/studies/sweep/table.js';
import type { Figure } from './figure.js';
import { sweepHeatMap } from './sweep-heat-map.js';
import { sweepLines } from './sweep-lines.js';
import type { SweepFigureOptions } from './sweep-options.js';

/**
 * The figure of a sweep's table: x̄ over seeds with error bars, x̄ ± s/√n, against an axis, a curve for each colour and a panel for each facet; or a heat map over two axes.
 *
 * Points are made of rows that differ in their seed alone; of runs that were recorded along the way the last record counts, unless points are told apart by step or time, or conditions choose other
 * records, whose mean is taken in each run first. Intervals are drawn at their estimates, or in their middle, bars reach beyond both ends.
 *
 * Throws UsageError for unknown columns, columns of other things than numbers, no rows, axes of several values that are neither drawn nor fixed, more than 12 colours or 8 panels, and values that a
 * logarithmic axis has no place for. Cost: O(cells of the columns used).
 */
export function sweepFigure(table: Table, options: SweepFigureOptions): Figure {
  const isMap = options.kind === 'heatmap';
  const unused = (isMap ? (['color', 'with', 'over', 'error'] as const) : (['value'] as const)).filter(
    (name) => options[name] !== undefined,
  );
  if (unused.length > 0)
    throw new UsageError(
      `${isMap ? 'a heat map shows one value at x and y' : '--value is what a heat map shows'}: leave out ${unused.map((name) => `--${name}`).join(', ')}${isMap ? '' : ', or add --kind heatmap'}`,
    );
  return isMap ? sweepHeatMap(table, options) : sweepLines(table, options);
}
