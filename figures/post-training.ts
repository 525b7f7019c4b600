import { evenTicks, linearAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, palette } from './style.js';

/** Losses on target and general data along the steps of descents on the target. */
export interface PostTrainingData {
  readonly trained: readonly {
    readonly set: 'plain' | 'half-space' | 'off-top';
    readonly target: readonly number[];
    readonly general: readonly number[];
  }[];
}

const styles = {
  plain: { text: 'plain', colour: palette.ink, dash: [] },
  'half-space': { text: 'half-space', colour: palette.blue, dash: [6, 2] },
  'off-top': { text: 'off the top 10', colour: palette.vermilion, dash: [2, 1.5] },
} as const;

/** The rise of the general loss against the loss on the target, along descents on the target that are projected on what general data allow. */
export function postTrainingFigure({ trained }: PostTrainingData): Figure {
  const lines = trained.map(({ set, target, general }) => {
    const { text, colour, dash } = styles[set];
    const points = target.map((x, step) => ({ x, y: general[step]! - general[0]! }));
    return { text, points, line: curve(`forgotten, ${text}`, points, colour, { dash }) };
  });
  const all = lines.flatMap(({ points }) => points);
  const [xs, ys] = [all.map(({ x }) => x), all.map(({ y }) => y)];
  const range = (values: readonly number[]): readonly [number, number] => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = 0.06 * (high - low || 1);
    return [low - margin, high + margin];
  };
  const [left, right] = range(xs);
  const [low, high] = range(ys);
  return {
    id: 'post-training',
    title: 'What is forgotten for what is learnt',
    caption: `ReLU 2×50, trained on images of MNIST and then, by ${trained[0]!.target.length - 1} steps of gradient descent (η = 0.05), on the same images transposed, seed 1: the rise of the loss on the images as they were, against the loss on the transposed ones, which falls from right to left. Steps are plain, projected on the half-space in which the general loss does not rise to first order, or off the top 10 eigenvectors of its Hessian at the start. The first steps are so large that the general loss rises within the half-space as well; until plain steps would raise it to first order, both curves are one.`,
    columns: ['series', 'target loss', 'rise of the general loss'],
    width: columnWidth,
    height: 230,
    chart: chart(
      lines.map(({ line }) => line),
      {
        x: linearAxis({
          title: 'loss on the target',
          side: 'bottom',
          min: left,
          max: right,
          ticks: evenTicks(left, right),
        }),
        y: linearAxis({ title: 'forgotten', side: 'left', min: low, max: high, ticks: evenTicks(low, high) }),
      },
      { panels: [{}], legends: [{ row: 9, entries: lines.map(({ text, line }) => ({ text, like: line })) }], top: 24 },
    ),
  };
}
