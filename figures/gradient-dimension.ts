import { decadesAround, gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import { logarithmicSteps, stepAxis } from './step-axis.js';
import { columnWidth, curve, guide, palette, type CurveStyle } from './style.js';

interface State {
  readonly step: number;
  readonly coordinates: number;
  readonly covariance: number | null;
  readonly updates: number | null;
  readonly hessian: number | null;
}

/** Dimensions of the gradient along a run that groks, and along one without weight decay. */
export interface GradientDimensionData {
  readonly seed: number;
  readonly accuracies: readonly { readonly step: number; readonly training: number; readonly test: number }[];
  readonly grokked: number | null;
  readonly along: { readonly parameters: number; readonly states: readonly State[] };
  readonly still: { readonly states: readonly State[] };
}

/** Against the step: accuracies, and the dimension of the gradient over coordinates, over samples and over time. */
export function gradientDimensionFigure({
  seed,
  accuracies,
  grokked,
  along: decaying,
  still,
}: GradientDimensionData): Figure {
  const { axes, x, series } = stepAxis(accuracies, true);
  const of = (states: readonly State[], value: (state: State) => number | null) =>
    states.flatMap((state) => {
      const y = value(state);
      return y === null ? [] : [{ x: state.step, y }];
    });
  const kinds = [
    ['over coordinates', ({ coordinates }: State) => coordinates, palette.ink],
    ['over samples', ({ covariance }: State) => covariance, palette.vermilion],
    ['over time', ({ updates }: State) => updates, palette.blue],
  ] as const;
  const drawn = (label: string, points: readonly DrawnPoint[], colour: string, style: CurveStyle) => ({
    first: curve(label, points.slice(0, points[0]?.x === 0 ? 1 : 0), colour, { ...style, x, dots: 1.8 }),
    later: curve(label, points.slice(points[0]?.x === 0 ? 1 : 0), colour, style),
  });
  const along = kinds.map(([name, value, colour]) => drawn(name, of(decaying.states, value), colour, { dots: 1.8 }));
  const without = kinds.map(([name, value, colour]) =>
    drawn(`${name}, no weight decay`, of(still.states, value), colour, { width: 1, dash: [3, 2] }),
  );
  const all = [...along, ...without].flatMap(({ first, later }) => [first, later]);
  const hessian = curve(
    '(Tr H)²/Tr H²',
    of(decaying.states, (state) => state.hessian),
    palette.vermilion,
    {
      width: 0,
      dots: 3,
      marker: 'triangle',
    },
  );
  const training = series('training accuracy', (r) => r.training, palette.blue, { y: 'accuracy' });
  const test = series('test accuracy', (r) => r.test, palette.ink, { y: 'accuracy', dash: [4, 2] });
  const [low, high] = decadesAround([...all, hessian].flatMap(({ data }) => data.map(({ y }) => y)));
  const turn =
    grokked === null
      ? []
      : [
          guide(
            'grokked',
            [low, high].map((y) => ({ x: grokked, y })),
            { dash: [1, 2] },
          ),
          guide(
            'grokked',
            [-0.05, 1.08].map((y) => ({ x: grokked, y })),
            { y: 'accuracy', dash: [1, 2] },
          ),
        ];
  return {
    id: 'gradient-dimension',
    title: 'Dimensions of the gradient through grokking',
    caption:
      `Training steps${logarithmicSteps}. (a) Accuracies of a transformer on sums modulo 97, AdamW with weight decay 1, seed ${seed}; dotted: test accuracy 0.95${grokked === null ? ', which is not reached' : ` (step ${grokked})`}. ` +
      `(b) Effective dimensions, participation ratios: of the full gradient over its ${decaying.parameters} coordinates (i.i.d. Gaussian: a third of these); over samples, (Tr C)²/Tr C² of the covariance C of gradients, from batches; over time, of the last updates (at most as many). Dashed: the same without weight decay. Triangles: (Tr H)²/Tr H², which the second would be if C ∝ H.`,
    columns: ['series', 'step', 'accuracy or dimension'],
    width: columnWidth,
    height: 360,
    chart: chart(
      [...all, hessian, ...test, ...training, ...turn],
      {
        ...axes,
        y: logAxis({ title: 'dimension', side: 'left', min: low, max: high, every: 1, share: 10 }),
        gap: gap('left', 0.7),
        accuracy: linearAxis({ title: 'accuracy', side: 'left', min: -0.05, max: 1.08, ticks: [0, 0.5, 1], share: 4 }),
      },
      {
        panels: [
          { x, y: 'accuracy' },
          { x, y: 'y' },
        ],
        top: 20,
        legends: [
          {
            yAxis: 'accuracy',
            entries: [
              { text: 'training', like: training.at(-1)! },
              { text: 'test', like: test.at(-1)! },
            ],
          },
          {
            entries: [
              ...kinds.map(([text], i) => ({ text, like: along[i]!.later })),
              { text: 'no weight decay', like: without[0]!.later },
              { text: '(Tr H)²/Tr H²', like: hessian },
            ],
          },
        ],
      },
    ),
  };
}
