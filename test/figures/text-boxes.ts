import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Chart } from 'chart.js';
import type { Figure } from '../../figures/figure.js';
import { render } from '../../figures/render.js';

/** A text of a picture and the rectangle it fills, in CSS pixels. */
export interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Whether it continues the text before: after a subscript, or as one. */
  readonly continues: boolean;
}

/** Every text that is drawn, whoever draws it, where it is drawn: tick labels, titles, legends, labels. */
export async function textBoxes(figure: Figure): Promise<TextBox[]> {
  const boxes: TextBox[] = [];
  let font = '';
  const listen = {
    id: 'listen',
    beforeInit(chart: Chart) {
      const context = chart.ctx as unknown as SKRSContext2D;
      const fillText = context.fillText.bind(context);
      context.fillText = (text, x, y, ...rest) => {
        const box = boxOf(context, text, x, y);
        const before = boxes.at(-1);
        const continues = before !== undefined && context.font !== font && Math.abs(box.left - before.right) < 2;
        font = context.font;
        boxes.push({ ...box, continues });
        fillText(text, x, y, ...rest);
      };
    },
  };
  const { chart } = figure;
  await render({ ...figure, chart: { ...chart, plugins: [...chart.plugins, listen] } });
  // Each is drawn for the PNG and for the SVG, the latter at one dot a pixel and first.
  return boxes.slice(0, boxes.length / 2).filter(({ text }) => text.trim() !== '');
}

function boxOf(context: SKRSContext2D, text: string, x: number, y: number): Omit<TextBox, 'continues'> {
  const m = context.measureText(text);
  const corners = [
    [x - m.actualBoundingBoxLeft, y - m.actualBoundingBoxAscent],
    [x + m.actualBoundingBoxRight, y + m.actualBoundingBoxDescent],
  ] as const;
  const { a, b, c, d, e, f } = context.getTransform();
  const [xs, ys] = [corners.map(([u, v]) => a * u + c * v + e), corners.map(([u, v]) => b * u + d * v + f)];
  return { text, left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** What is wrong with the texts of a figure: pairs that are closer than the width of a letter on a line, or than a pixel above each other, and texts that leave the picture. */
export function faultsOf(figure: Figure, boxes: readonly TextBox[]): string[] {
  const out = boxes.filter(
    ({ left, right, top, bottom }) => left < 0 || top < 0 || right > figure.width || bottom > figure.height,
  );
  const [beside, above] = [5, 1];
  const near = (p: TextBox, q: TextBox): boolean =>
    p.left < q.right + beside && q.left < p.right + beside && p.top < q.bottom + above && q.top < p.bottom + above;
  const pairs = boxes.flatMap((p, i) =>
    boxes
      .slice(i + 1)
      .flatMap((q, j) => (near(p, q) && !(j === 0 && q.continues) ? [`'${p.text}' and '${q.text}' overlap`] : [])),
  );
  return [...out.map(({ text }) => `'${text}' leaves the picture`), ...pairs];
}
