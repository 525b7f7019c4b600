import { evenTicks, gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, palette } from './style.js';

type Start = 'random' | 'covariance' | 'hessian';

/** Losses on a new task: of all weights, and of updates of low rank by where they start. */
export interface LowRankAdaptationData {
  readonly full: readonly number[];
  readonly descents: readonly {
    readonly start: Start;
    readonly rank: number;
    readonly losses: readonly number[];
  }[];
}

const starts = [
  { start: 'random', text: 'random A', colour: palette.grey, dash: [2, 1.5], marker: 'circle' },
  { start: 'covariance', text: 'W Cov(x)', colour: palette.blue, dash: [6, 2], marker: 'triangle' },
  { start: 'hessian', text: 'Hessian’s top', colour: palette.vermilion, dash: [], marker: 'rectRot' },
] as const;

/** The loss on the new task along the steps at one rank, and after them against the rank, by where A comes from. */
export function lowRankAdaptationFigure({ full, descents }: LowRankAdaptationData): Figure {
  const steps = full.length - 1;
  const ranks = [...new Set(descents.map(({ rank }) => rank))].sort((a, b) => a - b);
  const shown = ranks[Math.max(0, ranks.length - 2)]!;
  const all = [...full, ...descents.flatMap(({ losses }) => losses)];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const [least, most] = [Math.max(0, low - 0.1 * (high - low)), high + 0.05 * (high - low)];
  const along = (label: string, losses: readonly number[], colour: string, dash: readonly number[]) =>
    curve(
      label,
      losses.map((y, x) => ({ x, y })),
      colour,
      { dash },
    );
  const whole = along('all weights', full, palette.ink, [1, 1]);
  const lines = starts.map(({ start, text, colour, dash, marker }) => {
    const own = descents.filter((one) => one.start === start);
    const line = along(`${text}, rank ${shown}`, own.find(({ rank }) => rank === shown)!.losses, colour, dash);
    const ends = curve(
      `${text}, after all steps`,
      own.map(({ rank, losses }) => ({ x: rank, y: losses.at(-1)! })),
      colour,
      { x: 'rank', dash, dots: 2.5, marker },
    );
    return { text, line, ends };
  });
  const end = curve(
    'all weights, after all steps',
    [ranks[0]!, ranks.at(-1)!].map((x) => ({ x, y: full.at(-1)! })),
    palette.ink,
    { x: 'rank', dash: [1, 1] },
  );
  return {
    id: 'low-rank-adaptation',
    title: 'A network adapted by updates of low rank',
    caption: `Loss of ReLU 2×50, trained on images of MNIST, on the same images transposed, along ${steps} steps of gradient descent (η = 0.1) of B in W + B A in every layer, seed 1; A frozen, with orthonormal rows: random, the leading right singular vectors of W Cov(x), or those of the top eigenvectors of the layer's block of the Hessian. Dotted: all weights are trained. (a) Rank ${shown}. (b) After all steps, against the rank.`,
    columns: ['series', 'step or rank', 'loss'],
    width: columnWidth,
    height: 220,
    chart: chart(
      [...lines.flatMap(({ line, ends }) => [line, ends]), whole, end],
      {
        x: linearAxis({ title: 'step', side: 'bottom', min: 0, max: steps, ticks: [0, steps / 2, steps], share: 10 }),
        between: gap('bottom', 1.5),
        rank: logAxis({
          title: 'rank',
          side: 'bottom',
          min: ranks[0]! / 1.2,
          max: ranks.at(-1)! * 1.2,
          ticks: ranks,
          share: 10,
        }),
        y: linearAxis({ title: 'loss', side: 'left', min: least, max: most, ticks: evenTicks(least, most) }),
      },
      {
        panels: [{ title: `rank ${shown}` }, { x: 'rank', title: 'after all steps' }],
        legends: [
          {
            row: 9,
            entries: lines.map(({ text, ends }) => ({ text, like: ends })),
          },
          { row: 23, entries: [{ text: 'all weights', like: whole }] },
        ],
        top: 48,
      },
    ),
  };
}
