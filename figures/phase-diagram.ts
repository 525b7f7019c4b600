import { phaseDiagram, smallNoiseLaw } from '../src/exact/noisy/index.js';
import { gap, linearAxis, logAxis, powerOfTen } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import type { FigureOptions, FigureProgram } from './program.js';
import { cellGrid, heatColour } from './heat-map.js';
import { printed, sectorStyles } from './sectors.js';
import { spread } from './spread.js';
import { columnWidth, curve, guide, logSpaced, palette } from './style.js';

const defaults = { classes: 10 };

export const phaseDiagramProgram: FigureProgram = {
  name: 'phase-diagram',
  help: 'f_top(k) over noise and margin: where the gradient is in the top-k subspace',
  isRandom: false,
  defaults,
  draw: phaseDiagramFigure,
};

/** f_top(k) over (σ, α/α*), every line on which the gradient's level crosses another, and the speed of the flow on the same map. */
export function phaseDiagramFigure({
  classes: k = defaults.classes,
  onProgress = () => undefined,
}: FigureOptions<typeof defaults> = {}): Figure {
  const tolerance = 1e-6;
  const noises = logSpaced(-1, 0, 56);
  const margins = Array.from({ length: 56 }, (_, i) => (i + 0.5) / 56);
  const rows = [...phaseDiagram({ classes: k, noises, relativeMargins: margins, tolerance, onProgress })];

  const points = rows.flatMap((row) => row.points.map((point) => ({ ...point, noise: row.noise })));
  const fractions = points.map(({ noise, relativeMargin, topFraction }) => {
    return { x: noise, y: relativeMargin, v: topFraction.lower };
  });
  const speeds = points.map(({ noise, relativeMargin, drift, logScale }) => {
    return { x: noise, y: relativeMargin, v: (Math.log(k * drift) + logScale) / Math.LN10 };
  });
  const undecided = points.filter(({ topFraction: f }) => f.lower < f.upper).length;
  const lines = sectorStyles.flatMap((style) => {
    const crossing = rows.flatMap(({ noise, crossings }): DrawnPoint[] => {
      const own = crossings.find(({ sector, relativeMargin }) => sector === style.sector && relativeMargin <= 1);
      return own === undefined ? [] : [{ x: noise, y: own.relativeMargin }];
    });
    return crossing.length === 0 ? [] : [{ ...style, crossing }];
  });
  const first = lines.reduce((a, b) => (b.crossing[0]!.y < a.crossing[0]!.y ? b : a));
  const [edge, law] = [first.crossing, smallNoiseLaw(k)];
  const highest = edge.reduce((a, b) => (b.y > a.y ? b : a));
  const braked = -speeds.filter(({ x, y }) => x === noises[0] && y < edge[0]!.y).at(-1)!.v;
  const slowest = Math.min(...speeds.map(({ v }) => v));
  /** Decades of the flow's speed that the colours span. */
  const decades = 5 * Math.ceil(-slowest / 5);

  const half = (noises[1]! / noises[0]!) ** 0.5;
  const [low, high] = [noises[0]! / half, half];
  const marginAxis = {
    side: 'left',
    title: 'α/α*',
    min: 0,
    max: 1,
    ticks: [0, 0.25, 0.5, 0.75, 1],
    share: 10,
  } as const;
  const lawText = k === 2 ? '1/2' : '(1 − 1/√k)/2';
  const grid = [noises.length, margins.length] as const;
  const speedColour = (v: number): string => heatColour(1 + v / decades);
  const key = Array.from({ length: 64 }, (_, i) => ((i + 0.5) / 64 - 1) * decades);
  const ends = spread(
    lines.map(({ crossing }) => crossing.at(-1)!.y),
    0.075,
  );
  return {
    id: 'phase-diagram',
    title: 'Where the gradient lies in the top-k subspace',
    caption:
      `Gradient flow with noise: k = ${k} Gaussian classes of standard deviation σ about orthonormal means, W = αB, from exact integrals, interpolated to a few ${powerOfTen(Math.log10(tolerance))}. The flow runs upwards at fixed σ, from α = 0 to the Bayes-optimal margin α* = 1/σ². ` +
      `(a) f_top(k) of the population gradient is 1 in the shaded region and 0 outside (${grid[0]} × ${grid[1]} points, ${undecided === 0 ? 'none' : undecided} of them undecided). Lines: where the level of the gradient falls below another level of the Hessian, named beside it; the first of them, with the ${first.sector} level, is the edge. ` +
      `At σ = 0.1 the edge lies at α/α* = ${edge[0]!.y.toFixed(4)}, near the law for small noise ${lawText} = ${law.toFixed(4)}, dashed; it is highest, ${highest.y.toFixed(3)}, at σ = ${highest.x.toFixed(2)}. overlap(g, Hg) is 1 everywhere. ` +
      `(b) log₁₀ of the speed dα/dt over its value 1/k at α = 0, down to −${Math.abs(slowest).toFixed(1)} on these points, with the edge: at σ = 0.1 the flow has slowed down by a factor of 10^${braked.toFixed(1)} where it comes to the edge.`,
    columns: ['series', 'noise', 'relative margin', 'value'],
    width: columnWidth,
    height: 380,
    chart: chart(
      [
        ...lines.map(({ sector, colour, dash, crossing }) =>
          curve(`trivial × ${sector}`, crossing, colour, { width: 1.6, dash }),
        ),
        guide(
          'law for small noise',
          [low, high].map((x) => ({ x, y: law })),
        ),
        cellGrid('f_top(k)', fractions, grid, { colour: (v) => (v === 1 ? '#cfe3f1' : '#ffffff') }),
        curve(`trivial × ${first.sector}, over the speed`, edge, palette.vermilion, { y: 'speed', width: 1.6 }),
        cellGrid('log10 of k dα/dt', speeds, grid, { y: 'speed', colour: speedColour }),
        cellGrid(
          undefined,
          key.map((v) => ({ x: 0, y: v, v })),
          [1, key.length],
          { x: 'key', y: 'decades', colour: speedColour },
        ),
      ],
      {
        x: logAxis({
          title: 'noise σ',
          side: 'bottom',
          min: low,
          max: high,
          ticks: [0.1, 0.2, 0.3, 0.5, 1],
          share: 20,
        }),
        between: gap('bottom', 0.7),
        key: linearAxis({ side: 'bottom', min: -1, max: 1, ticks: [], share: 1 }),
        speed: linearAxis(marginAxis),
        gap: gap('left', 0.6),
        y: linearAxis(marginAxis),
        aside: gap('right', 10.6), // this side is laid out from the top down
        decades: linearAxis({
          title: 'log₁₀ (k dα/dt)',
          side: 'right',
          min: -decades,
          max: 0,
          ticks: Array.from({ length: decades / 5 + 1 }, (_, i) => 5 * i - decades),
          share: 10,
        }),
      },
      {
        panels: [{ y: 'y' }, { y: 'speed' }],
        labels: [
          { text: 'fₜₒₚ(k) = 1', x: 0.42, y: 0.1 },
          { text: 'fₜₒₚ(k) = 0', x: 0.115, y: 0.9 },
          { text: lawText, x: 0.115, y: law, dy: 9, colour: palette.grey },
          ...lines.map(({ sector, colour }, i) => ({ text: printed(sector), x: high, y: ends[i]!, dx: 5, colour })),
        ],
      },
    ),
  };
}
