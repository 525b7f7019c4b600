import { decadesAround, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, errorBars, palette, guide } from './style.js';

/** Participation ratios of the gradient over coordinates by the size of the network: one for each seed. */
export interface DimensionScalingData {
  readonly sizes: readonly {
    readonly parameters: number;
    readonly before: readonly number[];
    readonly after: readonly number[];
    readonly gaussian: readonly number[];
    readonly exact: number;
  }[];
}

/** Against the number of parameters: the dimension of the gradient over coordinates before and after learning, and that of i.i.d. Gaussian vectors. */
export function dimensionScalingFigure({ sizes }: DimensionScalingData): Figure {
  const kinds = [
    ['before learning', 'before', palette.blue, 'circle'],
    ['after', 'after', palette.vermilion, 'triangle'],
    ['i.i.d. Gaussian', 'gaussian', palette.grey, 'rectRot'],
  ] as const;
  const middle = (values: readonly number[]): number =>
    Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
  const known = (values: readonly number[]): boolean => values.every(Number.isFinite);
  const drawn = kinds.map(([name, key, colour, marker]) => {
    const shown = sizes.filter((size) => known(size[key]));
    return {
      name,
      line: curve(
        name,
        shown.map((size) => ({ x: size.parameters, y: middle(size[key]) })),
        colour,
        {
          dots: 2.6,
          marker,
          width: key === 'gaussian' ? 0 : 1.2,
        },
      ),
      bars: errorBars(
        `${name}, smallest and largest of the seeds`,
        shown.map((size) => ({ x: size.parameters, low: Math.min(...size[key]), high: Math.max(...size[key]) })),
        colour,
      ),
    };
  });
  const exact = guide(
    '(N + 2)/3',
    sizes.map(({ parameters, exact: y }) => ({ x: parameters, y })),
  );
  const [low, high] = decadesAround([...drawn.flatMap(({ line }) => line.data), ...exact.data].map(({ y }) => y));
  return {
    id: 'dimension-scaling',
    title: 'The dimension of the gradient against the size of the network',
    caption: `Participation ratio (Σg²)²/Σg⁴ of the full gradient over coordinates, of networks 2-h-1 that learn XOR, against their N = 4h + 1 parameters: geometric means over the snapshots before all four cases are right, and from then on, and over ${sizes[0]!.before.length} seeds; bars: smallest and largest of the seeds. Diamonds: i.i.d. Gaussian vectors of N coordinates; dashed: (N + 2)/3, exact for them.`,
    columns: ['series', 'parameters N', 'participation ratio'],
    width: columnWidth,
    height: 250,
    chart: chart(
      [...drawn.flatMap(({ bars }) => bars), ...drawn.map(({ line }) => line), exact],
      {
        x: logAxis({ title: 'parameters N', side: 'bottom', min: 60, max: 2700, ticks: [100, 200, 500, 1000, 2000] }),
        y: logAxis({ title: '(Σg²)²/Σg⁴', side: 'left', min: low, max: high, every: 1 }),
      },
      {
        panels: [{}],
        legends: [
          {
            entries: [
              ...drawn.map(({ name, line }) => ({ text: name, like: line })),
              { text: '(N + 2)/3', like: exact },
            ],
          },
        ],
      },
    ),
  };
}
