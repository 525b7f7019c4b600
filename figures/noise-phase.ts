import { noisePhase, type NoisePhaseRow } from '../src/exact/noisy/index.js';
import { gap, linearAxis, logAxis, powerOfTen } from './axes.js';
import { chart } from './chart.js';
import type { Figure, Series } from './figure.js';
import { cellGrid, paleColour } from './heat-map.js';
import type { FigureOptions, FigureProgram } from './program.js';
import { columnWidth, curve, logSpaced, palette } from './style.js';

const defaults = { classes: 10, dim: 20 };

export const noisePhaseProgram: FigureProgram = {
  name: 'noise-phase',
  help: "f_top(k) under SGD over noise and margin, and in time: the flow's, inside and outside, then that of SGD's noise",
  isRandom: false,
  defaults,
  bounds: { classes: [3, 100] },
  draw: noisePhaseFigure,
};

/** η/b of the map, and of the lines of takeover. */
const mapped = 1e-2;
const taken = [
  { ratio: 1e-1, dash: [2, 1.5], width: 1.2 },
  { ratio: mapped, dash: [], width: 1.8 },
  { ratio: 1e-3, dash: [6, 2], width: 1.2 },
];
const [columns, rows] = [20, 50];
const [earliest, latest] = [0, 6]; // powers of ten

/** f_top(k) of flow and noise together over (σ, α/α*) and over (σ, t), with the lines at which the flow leaves the top space and the noise takes over. */
export function noisePhaseFigure({
  classes: k = defaults.classes,
  dim = defaults.dim,
  onProgress = () => undefined,
}: FigureOptions<typeof defaults> = {}): Figure {
  const noises = logSpaced(Math.log10(0.2), 0, columns);
  const middles = Array.from({ length: rows }, (_, i) => (i + 0.5) / rows);
  const times = middles.map((y) => 10 ** (earliest + y * (latest - earliest)));
  const solved: NoisePhaseRow[] = [];
  const options = { classes: k, dim, learningRateOverBatch: mapped, tolerance: 1e-5 };
  const takeoversAt = taken.map(({ ratio }) => ratio);
  for (const row of noisePhase({ ...options, noises, relativeMargins: middles, times, takeoversAt })) {
    solved.push(row);
    onProgress(solved.length / columns);
  }
  const cells = (ys: readonly number[], first: number) =>
    solved.flatMap(({ noise, points }) => ys.map((y, i) => ({ x: noise, y, v: points[first + i]!.topFraction.even })));
  type Place = NoisePhaseRow['boundary'];
  /** In time only the takeover of the map. */
  const lines = (yAxis: string, height: (place: Place) => number): Series[] => [
    curve(
      yAxis === 'y' ? 'boundary' : 'boundary, in time',
      solved.map(({ noise, boundary }) => ({ x: noise, y: height(boundary) })),
      palette.ink,
      { y: yAxis, width: 1.8 },
    ),
    ...taken.flatMap(({ ratio, dash, width }, i) =>
      yAxis === 'y' || ratio === mapped
        ? [
            curve(
              `takeover, η/b = ${ratio}${yAxis === 'y' ? '' : ', in time'}`,
              solved.map(({ noise, takeovers }) => ({ x: noise, y: height(takeovers[i]!) })),
              palette.vermilion,
              { y: yAxis, width, dash },
            ),
          ]
        : [],
    ),
  ];
  const byMargin = lines('y', ({ relativeMargin }) => relativeMargin);
  const inTime = lines('time', ({ logTime }) => Math.exp(Math.max(logTime, earliest * Math.LN10)));

  const points = solved.flatMap((row) => row.points);
  const widest = Math.max(...points.map(({ topFraction: { lower, upper } }) => upper - lower));
  const largest = Math.max(...points.map(({ secondOrder }) => secondOrder));
  const dips = [solved[0]!, solved.at(-1)!].map(
    ({ noise, withoutDip }) => `${withoutDip.toPrecision(2)} at σ = ${noise.toFixed(1)}`,
  );
  const half = (noises[1]! / noises[0]!) ** 0.5;
  const [low, high] = [noises[0]! / half, half];
  const key = Array.from({ length: 64 }, (_, i) => (i + 0.5) / 64);
  const grid = [columns, rows] as const;
  return {
    id: 'noise-phase',
    title: 'In the top space, out of it, and back by noise',
    caption:
      `f_top(k) under SGD, E‖P_k g‖²/E‖g‖² of flow and noise together, at η/b = ${mapped}, to leading order in η/b: k = ${k} Gaussian classes of standard deviation σ about orthonormal means, d = ${dim}, along the flow from W(0) = 0, ${columns} × ${rows} points from exact integrals. ` +
      `(a) Over the margin, α* = 1/σ² being the Bayes-optimal one. (b) Over the time t = η × steps. Below the thick solid line, the boundary α_c, the flow lies in the top k and f_top is near 1; above it the flow is outside, and f_top near 0, until the noise carries more of E‖g‖² than the flow, ` +
      `above the line of takeover (solid: η/b = ${mapped}; dotted: 0.1; dashed: 0.001). From there on f_top is that of the noise. It does not dip where the takeover comes before the boundary: from η/b = ${dips.join(', and ')} on. ` +
      `Where k cuts a level, f_top is drawn for a choice of eigenvectors that does not look at the gradient; over all choices it is an interval, at most ${widest.toFixed(2)} wide. What leading order leaves out is estimated at ${(100 * largest).toPrecision(1)} % at most.`,
    columns: ['series', 'noise', 'relative margin or time', 'value'],
    width: columnWidth,
    height: 420,
    chart: chart(
      [
        ...byMargin,
        ...inTime,
        cellGrid('f_top(k)', cells(middles, 0), grid, { colour: paleColour }),
        cellGrid('f_top(k), in time', cells(times, rows), grid, { y: 'time', colour: paleColour }),
        cellGrid(
          undefined,
          key.map((v) => ({ x: 0, y: v, v })),
          [1, key.length],
          { x: 'key', y: 'share', colour: paleColour },
        ),
      ],
      {
        x: logAxis({ title: 'noise σ', side: 'bottom', min: low, max: high, ticks: [0.2, 0.3, 0.5, 1], share: 20 }),
        between: gap('bottom', 0.7),
        key: linearAxis({ side: 'bottom', min: -1, max: 1, ticks: [], share: 1 }),
        time: logAxis({
          title: 'time t',
          side: 'left',
          min: 10 ** earliest,
          max: 10 ** latest,
          every: 2,
          share: 10,
        }),
        gap: gap('left', 0.6),
        y: linearAxis({ title: 'α/α*', side: 'left', min: 0, max: 1, ticks: [0, 0.25, 0.5, 0.75, 1], share: 10 }),
        aside: gap('right', 10.6), // this side is laid out from the top down
        share: linearAxis({
          title: 'fₜₒₚ(k)',
          side: 'right',
          min: 0,
          max: 1,
          ticks: [0, 0.25, 0.5, 0.75, 1],
          share: 10,
        }),
      },
      {
        top: 26,
        panels: [{ y: 'y' }, { y: 'time' }],
        labels: [
          { text: 'flow, inside', x: 0.45, y: 0.1, align: 'center' },
          { text: 'flow, outside', x: 0.33, y: 0.56, align: 'center' },
          { text: 'noise', x: 0.33, y: 0.913, align: 'center' },
          { text: 'flow, inside', x: 0.27, y: 10, align: 'center', yAxis: 'time' },
          { text: 'outside', x: 0.213, y: 4e3, yAxis: 'time' },
          { text: 'noise', x: 0.6, y: 1e4, align: 'center', yAxis: 'time' },
        ],
        legends: [
          {
            row: 9,
            entries: [
              { text: 'α_{c}', like: byMargin[0]! },
              ...taken.map(({ ratio }, i) => ({
                text: `${i === 0 ? 'takeover, η/b = ' : ''}${powerOfTen(Math.round(Math.log10(ratio)))}`,
                like: byMargin[i + 1]!,
              })),
            ],
          },
        ],
      },
    ),
  };
}
