import { noisePhase } from '../src/exact/noisy/index.js';
import { gap, linearAxis, logAxis, powerOfTen } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import type { FigureProgram } from './program.js';
import { columnWidth, curve, guide, logSpaced, palette } from './style.js';

const defaults = { classes: 10, dim: 20, noise: 0.6 };

export const noiseDipProgram: FigureProgram = {
  name: 'noise-dip',
  help: 'f_top(k) in time under SGD: down where the flow leaves the top space, up again by noise, at several η/b',
  isRandom: false,
  defaults,
  bounds: { classes: [3, 100], noise: [0.2, 1.5] },
  draw: noiseDipFigure,
};

const drawn = [
  { exponent: -3, colour: palette.blue, dash: [] },
  { exponent: -2, colour: palette.green, dash: [6, 1.5] },
  { exponent: -1, colour: palette.vermilion, dash: [2, 1.5] },
] as const;

/** f_top(k) of flow and noise together in time at several η/b, and the share of the gradient's energy that the noise has. */
export function noiseDipFigure({
  classes: k = defaults.classes,
  dim = defaults.dim,
  noise = defaults.noise,
} = {}): Figure {
  const options = { classes: k, dim, noises: [noise], tolerance: 1e-5 };
  const weakest = 10 ** drawn[0].exponent;
  const [line] = [...noisePhase({ ...options, learningRateOverBatch: weakest })];
  const { boundary, takeovers } = line!;
  const leaves = Math.exp(boundary.logTime);
  const first = Math.floor(boundary.logTime / Math.LN10) - 1;
  const last = Math.ceil(Math.max(boundary.logTime, takeovers[0]!.logTime) / Math.LN10 + 0.3);
  const times = [...logSpaced(first, last, 90), leaves * (1 - 1e-6), leaves * (1 + 1e-6)].sort((x, y) => x - y);
  const curves = drawn.map((style) => {
    const ratio = 10 ** style.exponent;
    const [row] = [...noisePhase({ ...options, learningRateOverBatch: ratio, times })];
    const against = (y: (point: NonNullable<typeof row>['points'][number]) => number): DrawnPoint[] =>
      row!.points.map((point, i) => ({ x: times[i]!, y: y(point) }));
    const [lower, upper] = [
      against(({ topFraction }) => topFraction.lower),
      against(({ topFraction }) => topFraction.upper),
    ];
    const { colour, dash } = style;
    return {
      ...style,
      ratio,
      withoutDip: row!.withoutDip,
      secondOrder: Math.max(...row!.points.map((point) => point.secondOrder)),
      lowest: Math.min(...lower.map(({ y }) => y)),
      end: [lower.at(-1)!.y, upper.at(-1)!.y],
      lower: curve(`f_top(${k}), lower, η/b = ${ratio}`, lower, colour, { dash }),
      upper: curve(`f_top(${k}), upper, η/b = ${ratio}`, upper, colour, { width: 0, band: true }),
      share: curve(
        `share of the noise, η/b = ${ratio}`,
        against(({ noiseShare }) => noiseShare),
        colour,
        { dash, y: 'share' },
      ),
    };
  });
  const flow = guide(
    `f_top(${k}) of the flow alone`,
    [
      { x: 10 ** first, y: 1 },
      { x: leaves, y: 1 },
      { x: leaves, y: 0 },
      { x: 10 ** last, y: 0 },
    ],
    {},
    palette.ink,
  );
  const percent = (x: number): string => `${Number((100 * x).toPrecision(1))} %`;
  const axis = { side: 'left', min: -0.05, max: 1.08, ticks: [0, 0.5, 1] } as const;
  return {
    id: 'noise-dip',
    title: 'The noise brings the gradient back',
    caption:
      `SGD from W(0) = 0 to leading order in η/b: k = ${k} Gaussian classes of standard deviation σ = ${noise} about orthonormal means, d = ${dim}, from exact integrals, against the time t = η × steps. ` +
      `(a) f_top(k), E‖P_k g‖²/E‖g‖² of flow and noise together. Thin, dashed: the flow alone, which leaves the top space at t = ${leaves.toPrecision(3)} and never returns. Shaded: k cuts a level, and what is in it depends on the choice of eigenvectors. ` +
      `f_top falls to ${curves.map(({ lowest, ratio }) => `${lowest.toPrecision(1)} at η/b = ${ratio}`).join(', ')}, and ends at that of the noise, ${curves[0]!.end.map((f) => f.toFixed(2)).join(' to ')}; from η/b = ${curves[0]!.withoutDip.toPrecision(2)} on the noise is there before the flow leaves. ` +
      `(b) The share of E‖g‖² that the noise has. What leading order leaves out is estimated at ${curves.map(({ secondOrder }) => percent(secondOrder)).join(', ')} at most.`,
    columns: ['series', 'time', 'share'],
    width: columnWidth,
    height: 330,
    chart: chart(
      [...curves.flatMap(({ lower, upper }) => [lower, upper]), flow, ...curves.map(({ share }) => share)],
      {
        x: logAxis({ title: 'time t', side: 'bottom', min: 10 ** first, max: 10 ** last, every: 1 }),
        share: linearAxis({ ...axis, title: 'noise in E‖g‖²', share: 7 }),
        gap: gap('left', 0.7),
        y: linearAxis({ ...axis, title: 'fₜₒₚ(k)', share: 10 }),
      },
      {
        panels: [{ y: 'y' }, { y: 'share' }],
        legends: [
          {
            entries: [
              { text: 'flow alone', like: flow },
              ...curves.map(({ exponent, lower }) => ({ text: `η/b = ${powerOfTen(exponent)}`, like: lower })),
            ],
          },
        ],
      },
    ),
  };
}
