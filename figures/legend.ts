import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Chart } from 'chart.js';
import type { Series } from './figure.js';
import type { Box } from './labels.js';
import { fontSize, palette } from './style.js';
import { drawText, textWidth } from './text.js';

/**
 * Names of series, each with a sample of how it is drawn. In a panel it is put where it covers the least of the data; with
 * `row`, the height in the picture, it is a line of its own above the panels.
 */
export interface Legend {
  readonly entries: readonly { readonly text: string; readonly like: Series }[];
  readonly xAxis?: string;
  readonly yAxis?: string;
  readonly row?: number;
  /** In a panel; 1 if left out. */
  readonly columns?: number;
}

const [sample, space, lineHeight, margin] = [17, 5, 12.5, 6];

/** Of the room between two sides of a panel: the places that are tried. */
const shares = [1, 0, 0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875];

export function drawLegend(context: SKRSContext2D, chart: Chart, legend: Legend, taken: readonly Box[]): void {
  if (legend.row !== undefined) {
    drawRow(context, chart, legend, legend.row);
    return;
  }
  const { left, top, right } = placeOf(context, chart, legend, taken);
  const { rows, columns } = shapeOf(legend);
  legend.entries.forEach((entry, i) => {
    const column = Math.floor(i / rows);
    drawEntry(context, entry, left + (column * (right - left)) / columns, top + ((i % rows) + 0.5) * lineHeight);
  });
}

function shapeOf({ entries, columns = 1 }: Legend): { readonly rows: number; readonly columns: number } {
  return { rows: Math.ceil(entries.length / columns), columns };
}

function drawRow(context: SKRSContext2D, chart: Chart, { entries }: Legend, y: number): void {
  let x = chart.chartArea.left;
  for (const entry of entries) {
    drawEntry(context, entry, x, y);
    x += sample + space + textWidth(context, entry.text, fontSize.small) + 2.2 * space;
  }
}

/** The place in the panel that covers the fewest points of drawn lines, and no label if that can be; corners first. */
function placeOf(context: SKRSContext2D, chart: Chart, legend: Legend, taken: readonly Box[]): Box {
  const { entries, xAxis = 'x', yAxis = 'y' } = legend;
  const [x, y] = [chart.scales[xAxis]!, chart.scales[yAxis]!];
  const { rows, columns } = shapeOf(legend);
  const widest = Math.max(...entries.map(({ text }) => textWidth(context, text, fontSize.small)));
  const width = columns * (sample + space + widest) + (columns - 1) * 2 * space;
  const height = rows * lineHeight;
  const along = (low: number, high: number): number[] => shares.map((share) => low + share * (high - low));
  const places = along(x.left + margin, x.right - width - margin).flatMap((left) =>
    along(y.top + margin, y.bottom - height - margin).map((top) => {
      return { left, top, right: left + width, bottom: top + height };
    }),
  );
  const ink = inkOf(chart, xAxis, yAxis);
  const cost = (box: Box): number =>
    ink.filter(([px, py]) => isInside(px, py, box, 4)).length +
    1e4 * taken.filter((other) => overlap(box, other)).length;
  return places.map((box) => ({ box, cost: cost(box) })).reduce((a, b) => (b.cost < a.cost ? b : a)).box;
}

/** Points of the lines and bands of a panel, about two pixels apart. */
function inkOf({ data, scales }: Chart, xAxis: string, yAxis: string): [number, number][] {
  const sets = data.datasets as unknown as readonly Series[];
  return sets
    .filter(({ xAxisID, yAxisID, type }) => type === 'line' && xAxisID === xAxis && yAxisID === yAxis)
    .flatMap(({ data: points }) => {
      const pixels = points.map((p): [number, number] => [
        scales[xAxis]!.getPixelForValue(p.x),
        scales[yAxis]!.getPixelForValue(p.y),
      ]);
      return pixels.flatMap(([px, py], i): [number, number][] => {
        const [qx, qy] = pixels[i + 1] ?? [px, py];
        const count = Math.min(500, Math.max(1, Math.ceil(Math.hypot(qx - px, qy - py) / 2)));
        return Array.from({ length: count }, (_, j) => [px + ((qx - px) * j) / count, py + ((qy - py) * j) / count]);
      });
    });
}

const isInside = (x: number, y: number, { left, right, top, bottom }: Box, around: number): boolean =>
  x > left - around && x < right + around && y > top - around && y < bottom + around;

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function drawEntry(context: SKRSContext2D, { text, like }: Legend['entries'][number], x: number, y: number): void {
  const { borderColor, backgroundColor, borderWidth, borderDash, pointRadius, pointStyle, fill } = like as Series & {
    readonly borderColor: string;
    readonly backgroundColor: string;
    readonly borderWidth: number;
    readonly borderDash: readonly number[];
    readonly pointRadius: number;
    readonly pointStyle: string;
  };
  context.save();
  context.strokeStyle = borderColor;
  context.fillStyle = backgroundColor;
  if (fill !== false) context.fillRect(x, y - 4, sample, 8);
  if (borderWidth > 0) {
    context.lineWidth = borderWidth;
    context.setLineDash([...borderDash]);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + sample, y);
    context.stroke();
  }
  if (pointRadius > 0) drawMarker(context, pointStyle, x + sample / 2, y, pointRadius, borderColor);
  context.restore();
  drawText(context, text, [x + sample + space, y], { size: fontSize.small, colour: palette.ink });
}

/** A marker as Chart.js draws it. */
function drawMarker(context: SKRSContext2D, style: string, x: number, y: number, r: number, colour: string): void {
  context.setLineDash([]);
  context.fillStyle = colour;
  context.beginPath();
  if (style === 'triangle') {
    for (const turn of [0, 1, 2]) {
      const angle = (2 * Math.PI * turn) / 3;
      context.lineTo(x + r * Math.sin(angle), y - r * Math.cos(angle));
    }
  } else if (style === 'rectRot') {
    for (const [dx, dy] of [
      [0, -r],
      [r, 0],
      [0, r],
      [-r, 0],
    ] as const)
      context.lineTo(x + dx, y + dy);
  } else context.arc(x, y, r, 0, 2 * Math.PI);
  context.closePath();
  context.fill();
}
