import { gap, panelAxis, type Axis } from './axes.js';
import type { Label } from './labels.js';
import type { Legend } from './legend.js';
import type { Panel } from './panels.js';
import { columnWidth } from './style.js';

/** Widths of figures with one, two and three panels in a row: up to two columns of a paper. */
const widths = [columnWidth, 500, 684] as const;
/** What the left axis and the right edge take, room between panels, and the height of a letter's line. */
const [left, edge, between, above] = [52, 12, 14, 24];
const lineHeight = 12.5;

/** Panels in rows, all with the same axes; the first row is the one that may be shorter. */
export interface PanelGrid {
  readonly width: number;
  readonly height: number;
  /** Where the first panel begins. */
  readonly left: number;
  /** Room above the first row. */
  readonly top: number;
  /** From the top of the first row to the end of the last one. */
  readonly rowsHeight: number;
  /** Of one panel, in pixels. */
  readonly panel: { readonly width: number; readonly height: number };
  /** The axes of each panel. */
  readonly panels: readonly Required<Pick<Panel, 'x' | 'y'>>[];
  /** The legends, one for each line above the panels. */
  readonly legends: readonly Legend[];
  /** All axes, each made by its maker with the share that it has of its side. */
  readonly axes: (make: {
    readonly x: (share: number) => Axis;
    readonly y: (share: number) => Axis;
  }) => Readonly<Record<string, Axis>>;
}

/** A grid for so many panels, titled or not, with entries of a legend in lines above them, below a heading or none. `depth` is what the axes below take, `right` the room for a key, `leftDepth` that of the left axis. */
export function panelGrid(
  count: number,
  {
    isTitled,
    entries,
    hasHeading,
    depth = 35,
    right = 0,
    leftDepth = left,
    panelHeight = count === 1 ? 165 : 140,
  }: {
    readonly isTitled: boolean;
    readonly entries: Legend['entries'];
    readonly hasHeading: boolean;
    readonly depth?: number | undefined;
    readonly right?: number;
    readonly leftDepth?: number;
    readonly panelHeight?: number;
  },
): PanelGrid {
  const columns = count === 4 ? 2 : Math.min(count, 3);
  const rows = Math.ceil(count / columns);
  const missing = rows * columns - count;
  const width = widths[columns - 1]!;
  const panelWidth = (width - leftDepth - edge - right - (columns - 1) * between) / columns;
  const lines = legendLines(entries, width - leftDepth - edge - legendSample);
  const first = hasHeading ? lineHeight + 3 : 0;
  const top = 8 + first + lines.length * lineHeight + (isTitled ? 14 : lines.length > 0 || hasHeading ? 3 : 0);
  const rowGap = isTitled ? above : 14;
  const rowsHeight = rows * panelHeight + (rows - 1) * rowGap;
  return {
    width,
    left: leftDepth,
    height: Math.round(top + rowsHeight + depth + 2),
    top,
    rowsHeight,
    panel: { width: panelWidth, height: panelHeight },
    panels: Array.from({ length: count }, (_, i) => {
      const place = i < columns - missing ? i : i + missing;
      return { x: panelAxis(place % columns), y: rowAxis(rows - 1 - Math.floor(place / columns)) };
    }),
    legends: lines.map((line, i) => ({ entries: line, row: 8 + first + i * lineHeight })),
    axes: ({ x, y }) => ({
      ...Object.fromEntries(
        Array.from({ length: columns }, (_, i): [string, Axis][] => [
          ...(i === 0 ? [] : [[`between${i}`, gap('bottom', between)] as [string, Axis]]),
          [panelAxis(i), x(panelWidth)],
        ]).flat(),
      ),
      ...Object.fromEntries(
        Array.from({ length: rows }, (_, i): [string, Axis][] => [
          ...(i === 0 ? [] : [[`above${i}`, gap('left', rowGap)] as [string, Axis]]),
          [rowAxis(i), y(panelHeight)],
        ]).flat(),
      ),
    }),
  };
}

/** A title that was asked for, at the left above the first panel, whose left upper corner is (x, y). */
export function headingLabels(title: string | undefined, grid: PanelGrid, x: number, y: number): Label[] {
  const { top, panels, left: start, width } = grid;
  const [{ x: xAxis, y: yAxis }] = panels as [PanelGrid['panels'][number]];
  return title === undefined
    ? []
    : [{ text: fittingText(title, width - start - edge), x, y, xAxis, yAxis, dy: 9 - top }];
}

/** A title of a panel, as far as there is room for it beside the letter of the panel. */
export const panelTitle = (text: string, { panel, panels }: Pick<PanelGrid, 'panel' | 'panels'>): string =>
  fittingText(text, panel.width - (panels.length === 1 ? 0 : 18));

/** The name of the vertical axis of a row, counted from below. */
const rowAxis = (i: number): string => (i === 0 ? 'y' : `y${i}`);

/** The width of small text, as an upper estimate: letters of this font are 4.9 wide on average. */
export function smallTextWidth(text: string): number {
  return 5.4 * Array.from(text).length;
}

/** Small text in one line of a width: what is too long loses its middle, since names often differ at their ends. */
export function fittingText(text: string, width: number): string {
  const letters = Array.from(text.replace(/\s+/gu, ' '));
  const most = Math.max(3, Math.floor(width / smallTextWidth('x')));
  if (letters.length <= most) return letters.join('');
  const head = Math.ceil((most - 1) / 2);
  return `${letters.slice(0, head).join('')}…${letters.slice(letters.length - (most - 1 - head)).join('')}`;
}

/** What the line of an entry takes beside its text. */
const legendSample = 33;

/** Entries in lines whose texts fit into a width. */
function legendLines(entries: Legend['entries'], width: number): Legend['entries'][] {
  const lines: { entries: Legend['entries'][number][]; used: number }[] = [];
  for (const { text, ...rest } of entries) {
    const entry = { ...rest, text: fittingText(text, width) };
    const own = legendSample + smallTextWidth(entry.text);
    const last = lines.at(-1);
    if (last !== undefined && last.used + own <= width + legendSample) {
      last.entries.push(entry);
      last.used += own;
    } else lines.push({ entries: [entry], used: own });
  }
  return lines.map((line) => line.entries);
}
