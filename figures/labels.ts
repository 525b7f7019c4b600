import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Chart, Plugin, Scale } from 'chart.js';
import { fontFamily, fontSize, palette } from './style.js';

/** A text at a point of a panel, in the units of its axes; `dx`, `dy` move it by pixels. */
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

/** Draws a frame around every panel, and over the data the labels, each on a white halo so that curves do not cross it. */
export function panels(labels: readonly Label[]): Plugin<'line' | 'matrix'> {
  return {
    id: 'panels',
    afterDatasetsDraw(chart) {
      const context = chart.ctx as unknown as SKRSContext2D;
      drawFrames(context, chart);
      for (const label of labels) drawLabel(context, chart, label);
    },
  };
}

function drawFrames(context: SKRSContext2D, { scales, data }: Chart): void {
  context.save();
  context.strokeStyle = palette.ink;
  context.lineWidth = 0.8;
  const axes = data.datasets as readonly { readonly xAxisID: string; readonly yAxisID: string }[];
  for (const panel of new Set(axes.map(({ xAxisID, yAxisID }) => `${xAxisID} ${yAxisID}`))) {
    const [x, y] = panel.split(' ').map((id) => scales[id]) as [Scale, Scale];
    context.strokeRect(x.left, y.top, x.right - x.left, y.bottom - y.top);
  }
  context.restore();
}

function drawLabel(context: SKRSContext2D, { scales }: Chart, label: Label): void {
  const { text, dx = 0, dy = 0, xAxis = 'x', yAxis = 'y', colour = palette.ink, align = 'left' } = label;
  const x = scales[xAxis]!.getPixelForValue(label.x) + dx;
  const y = scales[yAxis]!.getPixelForValue(label.y) + dy;
  context.save();
  context.font = `${fontSize.small}px "${fontFamily}"`;
  context.textAlign = align;
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 2.5;
  context.strokeStyle = 'white';
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
  context.restore();
}
