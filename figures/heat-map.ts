import type { Chart } from 'chart.js';
import type { DrawnPoint, Series } from './figure.js';

/** Five colours of viridis (van der Walt & Smith 2015), even in lightness and readable without colour vision. */
const stops = [
  [0x44, 0x01, 0x54],
  [0x3b, 0x52, 0x8b],
  [0x21, 0x91, 0x8c],
  [0x5e, 0xc9, 0x62],
  [0xfd, 0xe7, 0x25],
] as const;

/** What Chart.js tells of the cell it asks about. */
interface CellContext {
  readonly chart: Chart;
  readonly dataIndex: number;
}

/** The colour of a value in [0, 1]. */
export function heatColour(value: number): string {
  const position = Math.min(1, Math.max(0, value)) * (stops.length - 1);
  const below = Math.min(Math.floor(position), stops.length - 2);
  const channels = [0, 1, 2].map((i) => {
    const [low, high] = [stops[below]![i]!, stops[below + 1]![i]!];
    return Math.round(low + (high - low) * (position - below));
  });
  return `rgb(${channels.join(', ')})`;
}

/** The same, from white to a light blue: lines and text stand out from it. */
export function paleColour(value: number): string {
  const share = Math.min(1, Math.max(0, value));
  const channels = [0x4f, 0x97, 0xc9].map((full) => Math.round(255 + share * (full - 255)));
  return `rgb(${channels.join(', ')})`;
}

/** A grid of `columns` × `rows` cells of values in [0, 1] that fills the panel of the axes `x` and `y`. Without a label: a key. */
export function heatMap(
  label: string | undefined,
  cells: readonly Required<DrawnPoint>[],
  [columns, rows]: readonly [number, number],
  { x = 'x', y = 'y' } = {},
): Series {
  return cellGrid(label, cells, [columns, rows], { x, y, colour: heatColour });
}

/** The same for any values, in the colours of `colour`. */
export function cellGrid(
  label: string | undefined,
  cells: readonly Required<DrawnPoint>[],
  [columns, rows]: readonly [number, number],
  { x = 'x', y = 'y', colour }: { readonly x?: string; readonly y?: string; readonly colour: (v: number) => string },
): Series {
  const overlap = 0.3; // so that no seam shows between neighbours
  const extent = (context: CellContext, axis: string, side: 'width' | 'height'): number =>
    context.chart.scales[axis]?.[side] ?? 0;
  return {
    type: 'matrix',
    ...(label === undefined ? {} : { label }),
    data: cells,
    xAxisID: x,
    yAxisID: y,
    borderWidth: 0,
    width: (context: CellContext) => extent(context, x, 'width') / columns + overlap,
    height: (context: CellContext) => extent(context, y, 'height') / rows + overlap,
    backgroundColor: (context: CellContext) => colour(cells[context.dataIndex]?.v ?? 0),
  };
}
