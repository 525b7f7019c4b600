import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Chart, Plugin, Scale } from 'chart.js';
import type { Series } from './figure.js';
import { drawLabel, labelBox, type Label } from './labels.js';
import { drawLegend, type Legend } from './legend.js';
import { panelLetter } from './panel-letter.js';
import { fontSize, palette } from './style.js';
import { drawText } from './text.js';

/** A panel that gets a letter where there are several, and the title above its frame. In the order in which they are read. */
export interface Panel {
  readonly x?: string;
  readonly y?: string;
  readonly title?: string;
}

export interface Annotations {
  readonly panels?: readonly Panel[];
  readonly labels?: readonly Label[];
  readonly legends?: readonly Legend[];
}

/** Draws a frame around every panel and its letter, and over the data the labels and legends. */
export function annotations({ panels = [], labels = [], legends = [] }: Annotations): Plugin {
  return {
    id: 'panels',
    afterDatasetsDraw(chart) {
      const context = chart.ctx as unknown as SKRSContext2D;
      drawFrames(context, chart);
      const lettered = panels.length > 1;
      panels.forEach((panel, i) => {
        drawPanelTitle(context, chart, panel, lettered ? panelLetter(i) : '');
      });
      for (const label of labels) drawLabel(context, chart, label);
      const taken = labels.map((label) => labelBox(context, chart, label));
      for (const legend of legends) drawLegend(context, chart, legend, taken);
    },
  };
}

function drawFrames(context: SKRSContext2D, { scales, data }: Chart): void {
  context.save();
  context.strokeStyle = palette.ink;
  context.lineWidth = 0.8;
  const axes = data.datasets as unknown as readonly Series[];
  for (const panel of new Set(axes.map(({ xAxisID, yAxisID }) => `${xAxisID} ${yAxisID}`))) {
    const [x, y] = panel.split(' ').map((id) => scales[id]) as [Scale, Scale];
    context.strokeRect(x.left, y.top, x.right - x.left, y.bottom - y.top);
  }
  context.restore();
}

/** Above the frame where there is a title, otherwise in the corner beside the axis. */
function drawPanelTitle(context: SKRSContext2D, { scales }: Chart, panel: Panel, letter: string): void {
  const [x, y] = [scales[panel.x ?? 'x']!, scales[panel.y ?? 'y']!];
  const style = { size: fontSize.small };
  if (panel.title === undefined) drawText(context, letter, [1, y.top + 4.5], style);
  else drawText(context, `${letter} ${panel.title}`.trim(), [x.left, y.top - 8], style);
}
