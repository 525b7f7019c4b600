import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Chart } from 'chart.js';
import { fontSize } from './style.js';
import { drawText, textWidth } from './text.js';

/** A text at a point of a panel, in the units of its axes; `dx`, `dy` move it by pixels. `g_{bulk}` is a subscript. */
export interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly dx?: number;
  readonly dy?: number;
  readonly xAxis?: string;
  readonly yAxis?: string;
  readonly colour?: string;
  readonly align?: 'left' | 'right' | 'center';
}

/** A rectangle of the picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function anchorOf({ scales }: Chart, { x, y, dx = 0, dy = 0, xAxis = 'x', yAxis = 'y' }: Label): [number, number] {
  return [scales[xAxis]!.getPixelForValue(x) + dx, scales[yAxis]!.getPixelForValue(y) + dy];
}

export function drawLabel(context: SKRSContext2D, chart: Chart, label: Label): void {
  const { text, colour, align } = label;
  drawText(context, text, anchorOf(chart, label), {
    size: fontSize.small,
    ...(colour !== undefined && { colour }),
    ...(align !== undefined && { align }),
  });
}

/** Where a label is, so that a legend keeps clear of it. */
export function labelBox(context: SKRSContext2D, chart: Chart, label: Label): Box {
  const [x, y] = anchorOf(chart, label);
  const width = textWidth(context, label.text, fontSize.small);
  const left = x - { left: 0, center: 0.5, right: 1 }[label.align ?? 'left'] * width;
  return { left, right: left + width, top: y - fontSize.small / 2, bottom: y + fontSize.small / 2 };
}
