import { UsageError } from '../src/errors.js';
import { findColumn, pointMean, quantityCalled, selectPoints } from '../src/studies/sweep/plot/index.js';
import type { Table } from '../src/studies/sweep/table.js';
import { gap, linearAxis, nameAxis } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import { cellGrid, heatColour } from './heat-map.js';
import { logRatio, namesAxis, valueAxis } from './sweep-axes.js';
import { described, missingText, rowsText, sentences } from './sweep-caption.js';
import { missingRows, refuseNotPositive } from './sweep-curves.js';
import { columnTitle, columnValue, plainCell, printedCell } from './sweep-names.js';
import { groupingOf, toldApart, type SweepFigureOptions } from './sweep-options.js';
import { fittingText, headingLabels, panelGrid, panelTitle, smallTextWidth } from './sweep-panels.js';

/** A logarithmic key of colours spans at most so many. */
const mostDecades = 300;

/** Room for the key: a gap, and the colours. */
const [keyGap, keyWidth] = [12, 12];

/** A column over two axes of a sweep: means over seeds as colours, a cell for each pair of values, a panel for each facet. */
export function sweepHeatMap(table: Table, options: SweepFigureOptions): Figure {
  const { x, y, facet, value, log = [] } = options;
  if (value === undefined)
    throw new UsageError('a heat map needs --value COLUMN, which its colours show, for example --value topFraction');
  const axes = log.filter((axis) => axis !== 'value');
  if (axes.length > 0)
    throw new UsageError(
      `the cells of a heat map are one beside the other, whatever their values: leave out --log ${axes.join(',')}; --log value makes the colours logarithmic`,
    );
  const grouping = groupingOf(options);
  const quantity = quantityCalled(table, value);
  const selection = selectPoints(table, grouping);
  const cells = selection.points.flatMap(({ at, runs }) => {
    const mean = pointMean(runs, quantity);
    return mean === null ? [] : [{ x: at[0]!, y: at[1]!, facet: at[2], mean }];
  });
  if (cells.length === 0)
    throw new UsageError(
      `no row that is left has a value of '${value}'; choose another column, or other rows with --where`,
    );
  const xs = toldApart(
    x,
    cells.map((cell) => cell.x),
    { most: 100, option: '--x' },
  );
  const ys = toldApart(
    y,
    cells.map((cell) => cell.y),
    { most: 100, option: '--y' },
  );
  const facets =
    facet === undefined
      ? [undefined]
      : toldApart(
          facet,
          cells.map((cell) => cell.facet!),
          { most: 8, option: '--facet' },
        );
  const values = cells.map(({ mean }) => mean.middle.mean);
  const isLogarithmic = log.includes('value');
  if (isLogarithmic) {
    refuseNotPositive('value', value, values, 'choose other rows with --where');
    const [least, most] = [Math.min(...values), Math.max(...values)];
    if (logRatio(most, least) > mostDecades * Math.LN10)
      throw new UsageError(
        `'${value}' goes from ${least} to ${most}, and colours tell at most ${mostDecades} decades apart; choose other rows with --where`,
      );
  }

  const leftTexts = ys.map((cell) => fittingText(printedCell(cell, y), 104));
  const leftDepth = Math.max(50, 26 + Math.max(...leftTexts.map(smallTextWidth))) + 2;
  const frame = { isTitled: facet !== undefined, entries: [], hasHeading: options.title !== undefined, leftDepth };
  const key = valueAxis({
    title: columnTitle(value),
    side: 'right',
    values,
    isLogarithmic,
    length: panelGrid(facets.length, frame).rowsHeight,
  });
  const shape = { ...frame, right: keyGap + keyWidth + key.depth! };
  const { panel } = panelGrid(facets.length, shape);
  const horizontal = namesAxis(
    xs.map((cell) => printedCell(cell, x)),
    { title: columnTitle(x), length: panel.width },
  );
  const grid = panelGrid(facets.length, { ...shape, depth: horizontal.depth });
  const every = Math.ceil((13 * ys.length) / panel.height);
  const vertical = (share: number) =>
    nameAxis({
      title: columnTitle(y),
      side: 'left',
      names: leftTexts.map((text, i) => (i % every === 0 ? [text] : [])),
      depth: leftDepth - 2,
      share,
    });

  const shareOf = (v: number): number =>
    isLogarithmic ? logRatio(v, key.min) / logRatio(key.max, key.min) : (v - key.min) / (key.max - key.min);
  const valueAt = (share: number): number =>
    isLogarithmic ? key.min * Math.exp(share * logRatio(key.max, key.min)) : key.min + share * (key.max - key.min);
  const colour = (v: number): string => heatColour(shareOf(v));
  const keyCells = Array.from({ length: 64 }, (_, i) => valueAt((i + 0.5) / 64)).map((v) => ({ x: 0, y: v, v }));
  const maps = facets.map((facetValue, p) => {
    const own = cells
      .filter((cell) => cell.facet === facetValue)
      .map((cell): Required<DrawnPoint> => ({
        x: xs.indexOf(cell.x),
        y: ys.indexOf(cell.y),
        v: cell.mean.middle.mean,
      }));
    const label = [value, ...(facet === undefined ? [] : [`${facet} = ${plainCell(facetValue!, facet)}`])].join(', ');
    return cellGrid(label, own, [xs.length, ys.length], { ...grid.panels[p]!, colour });
  });
  const empty = xs.length * ys.length * facets.length - cells.length;
  const { missing, rows } = missingRows(selection, quantity);
  const caption = [
    `${described(quantity)} over ${columnTitle(x)} and ${columnTitle(y)}${facet === undefined ? '' : `, a panel for each value of ${columnTitle(facet)}`}.`,
    rowsText(selection),
    spreadText(
      cells.map(({ mean }) => mean),
      findColumn(table, 'seed') !== undefined,
    ),
    quantity.isInterval
      ? `Values are intervals, at most ${Math.max(...cells.map(({ mean: { lower, upper } }) => upper.mean - lower.mean)).toPrecision(2)} wide; ${quantity.isEstimated ? 'the estimates within them are' : 'their middle is'} shown.`
      : '',
    empty === 0 ? '' : `${empty} cells without a run or a value are left white.`,
    missingText(missing, rows),
  ];
  return {
    id: options.id ?? 'sweep',
    title: options.title ?? `${columnTitle(value)} over ${columnTitle(x)} and ${columnTitle(y)}`,
    caption: sentences(caption),
    columns: ['series', x, y, value],
    names: { x: xs.map((cell) => plainCell(cell, x)), y: ys.map((cell) => plainCell(cell, y)) },
    width: grid.width,
    height: grid.height,
    chart: chart(
      [...maps, cellGrid(undefined, keyCells, [1, keyCells.length], { x: 'key', y: 'value', colour })],
      {
        ...grid.axes({ x: horizontal.axis, y: vertical }),
        beside: gap('bottom', keyGap),
        key: linearAxis({ side: 'bottom', min: -1, max: 1, ticks: [], share: keyWidth, depth: horizontal.depth }),
        value: key.axis(),
      },
      {
        top: grid.top,
        labels: headingLabels(options.title, grid, horizontal.min, ys.length - 0.5),
        panels: grid.panels.map((own, i) => ({
          ...own,
          ...(facet !== undefined && { title: panelTitle(columnValue(facet, facets[i]!), grid) }),
        })),
      },
    ),
  };
}

/** Over how many seeds cells are means, and how far these are uncertain. */
function spreadText(
  means: readonly { readonly n: number; readonly middle: { readonly deviation: number | null } }[],
  hasSeeds: boolean,
): string {
  const counts = means.map(({ n }) => n);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (most === 1) return hasSeeds ? 'One run for each cell.' : '';
  const errors = means.flatMap(({ n, middle: { deviation } }) =>
    deviation === null ? [] : [deviation / Math.sqrt(n)],
  );
  return `Means over ${least === most ? most : `${least} to ${most}`} seeds, with standard errors s/√n up to ${Math.max(...errors).toPrecision(2)}.`;
}
