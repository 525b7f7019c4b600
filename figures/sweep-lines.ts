import type { Cell, Table } from '../src/studies/sweep/table.js';
import { chart } from './chart.js';
import type { Figure, Series } from './figure.js';
import type { Legend } from './legend.js';
import { curve, palette } from './style.js';
import { namesAxis, valueAxis } from './sweep-axes.js';
import { described, meansText, missingText, rowsText, sentences } from './sweep-caption.js';
import { barOf, missingRows, type SweepCurve } from './sweep-curves.js';
import { sweepLineData, type SweepLines } from './sweep-line-data.js';
import {
  barSeries,
  curveStyle,
  dashedSeries,
  dashOf,
  isBand,
  meanSeries,
  type DrawnPlace,
} from './sweep-line-series.js';
import { columnTitle, columnValue, plainCell, printedCell } from './sweep-names.js';
import type { SweepFigureOptions } from './sweep-options.js';
import { headingLabels, panelGrid, panelTitle } from './sweep-panels.js';

/** A column of a sweep against another: means over seeds with error bars, a curve for each colour, a panel for each facet. */
export function sweepLines(table: Table, options: SweepFigureOptions): Figure {
  const { x, y, facet, log = [], error = 'se' } = options;
  const data = sweepLineData(table, options);
  const { curves, overlays, means, xs, isOfNumbers, facets } = data;
  const [isLogX, isLogY] = [log.includes('x'), log.includes('y')];
  const frame = {
    isTitled: facet !== undefined,
    entries: legendEntries(options, data),
    hasHeading: options.title !== undefined,
  };
  const seen = [
    ...[...curves, ...overlays.flatMap((one) => one.curves)].flatMap(({ points }) =>
      points.map(({ mean }) => mean.middle.mean),
    ),
    ...means.flatMap((mean) => barOf(mean, error)).filter((value) => !isLogY || value > 0),
  ];
  const vertical = valueAxis({
    title: columnTitle(y),
    side: 'left',
    values: seen,
    isLogarithmic: isLogY,
    length: panelGrid(facets.length, frame).panel.height,
  });
  const shape = { ...frame, ...(vertical.depth !== undefined && { leftDepth: vertical.depth + 2 }) };
  const { panel } = panelGrid(facets.length, shape);
  const horizontal = isOfNumbers
    ? valueAxis({
        title: columnTitle(x),
        side: 'bottom',
        values: xs as number[],
        isLogarithmic: isLogX,
        length: panel.width,
      })
    : namesAxis(
        xs.map((cell) => printedCell(cell, x)),
        { title: columnTitle(x), length: panel.width },
      );
  const grid = panelGrid(facets.length, { ...shape, depth: horizontal.depth });
  const isWide = means.some(({ lower, upper }) => vertical.pixels(lower.mean, upper.mean) > 1.5);
  return {
    id: options.id ?? 'sweep',
    title: options.title ?? `${columnTitle(y)} against ${columnTitle(x)}`,
    caption: linesCaption(options, data, isWide),
    columns: ['series', x, y],
    ...(!isOfNumbers && { names: { x: xs.map((cell) => plainCell(cell, x)) } }),
    width: grid.width,
    height: grid.height,
    chart: chart(
      lineSeries(options, data, { panels: grid.panels, isWide, lowest: isLogY ? vertical.min : -Infinity }),
      grid.axes({ x: horizontal.axis, y: vertical.axis }),
      {
        top: grid.top,
        panels: grid.panels.map((own, i) => ({
          ...own,
          ...(facet !== undefined && { title: panelTitle(columnValue(facet, facets[i]!), grid) }),
        })),
        legends: grid.legends,
        labels: headingLabels(options.title, grid, horizontal.min, vertical.max),
      },
    ),
  };
}

/** The curves of all panels, those drawn on top first: means, what is laid over them, bars. */
function lineSeries(
  { y, color, facet, error = 'se' }: SweepFigureOptions,
  { curves, overlays, means, xs, isOfNumbers, colors, facets }: SweepLines,
  {
    panels,
    isWide,
    lowest,
  }: { readonly panels: readonly DrawnPlace['panel'][]; readonly isWide: boolean; readonly lowest: number },
): Series[] {
  const slot = 0.7 / colors.length;
  const place = (p: number, i: number): DrawnPlace => ({
    panel: panels[p]!,
    at: (cell) => (isOfNumbers ? (cell as number) : xs.indexOf(cell)),
    ...(!isOfNumbers && {
      names: {
        shift: (i - (colors.length - 1) / 2) * Math.min(0.15, slot),
        half: 0.45 * Math.min(colors.length === 1 ? 0.4 : 0.15, slot),
      },
    }),
  });
  /** Of each panel the curves with a place in it, in the order of the colours; without a colour of their own they have −1 where there are some. */
  const each = <T>(some: readonly SweepCurve[], draw: (own: SweepCurve, i: number, at: DrawnPlace) => T[]): T[] =>
    facets.flatMap((value, p) =>
      some
        .filter(
          (own) =>
            (own.facet === undefined || own.facet === value) && (own.color === undefined || colors.includes(own.color)),
        )
        .map((own) => ({ own, i: colors.indexOf(own.color) }))
        .sort((a, b) => a.i - b.i)
        .flatMap(({ own, i }) => draw(own, i, place(p, Math.max(0, i)))),
    );
  const label = (name: string, own: SweepCurve): string =>
    [name, ...said(color, own.color), ...said(facet, own.facet)].join(', ');
  const bars = { se: '± standard error', sd: '± standard deviation', ci: '95 % interval', none: 'ends' }[error];
  const hasBars = isWide || (error !== 'none' && means.some(({ n }) => n > 1));
  return [
    ...each(curves, (own, i, at) => [meanSeries(label(y, own), own, i, at)]),
    ...overlays.flatMap(({ quantity: { name }, curves: some }, o) =>
      each(some, (own, i, at) =>
        dashedSeries(label(name, own), own, i < 0 ? palette.ink : curveStyle(i).colour, dashOf(o), at),
      ),
    ),
    ...(hasBars
      ? each(curves, (own, i, at) => barSeries(`${label(y, own)}, ${bars}`, own, i, at, { error, lowest }))
      : []),
  ];
}

const said = (name: string | undefined, cell: Cell | undefined): string[] =>
  name === undefined || cell === undefined ? [] : [`${name} = ${plainCell(cell, name)}`];

function linesCaption(
  { x, color, facet, log = [], error = 'se' }: SweepFigureOptions,
  { quantity, selection, curves, overlays, means, isOfNumbers, isStartLeftOut }: SweepLines,
  isWide: boolean,
): string {
  const bars = isOfNumbers && curves.every(({ points }) => isBand(points.length)) ? 'bands' : 'bars';
  const isClipped = log.includes('y') && means.some((mean) => barOf(mean, error)[0] <= 0);
  const { missing, rows } = missingRows(selection, quantity);
  return sentences([
    `${described(quantity)} against ${columnTitle(x)}${color === undefined ? '' : `, a curve for each value of ${columnTitle(color)}`}${facet === undefined ? '' : `, a panel for each value of ${columnTitle(facet)}`}.`,
    rowsText(selection),
    meansText(means, { error, bars, quantity, isWide }),
    isClipped && `Those ${bars} that reach 0 or less end at the edge of the logarithmic axis.`,
    ...overlays.map(({ about }) => about),
    missingText(missing, rows),
    isStartLeftOut && `On the logarithmic axis there is no place for ${x} 0, which is left out.`,
  ]);
}

/** The colours, and what is dashed. */
function legendEntries({ y, color }: SweepFigureOptions, { colors, overlays }: SweepLines): Legend['entries'] {
  const sample = (i: number) => curve('', [], curveStyle(i).colour, curveStyle(i).style);
  const curves =
    color === undefined
      ? overlays.length === 0
        ? []
        : [{ text: columnTitle(y), like: sample(0) }]
      : colors.map((value, i) => ({ text: columnValue(color, value!), like: sample(i) }));
  return [
    ...curves,
    ...overlays.map(({ title }, i) => ({
      text: title,
      like: curve('', [], color === undefined ? curveStyle(0).colour : palette.ink, dashOf(i)),
    })),
  ];
}
