import type { TrainRun } from '../src/run/train-document.js';
import { gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, guide, palette } from './style.js';

interface OutlierCase {
  readonly name: string;
  readonly run: TrainRun;
  readonly found: {
    readonly eigenvalues: readonly number[];
    readonly between: readonly number[];
    readonly cross: readonly number[];
    readonly within: number;
  };
  /** Where the largest gaps are. */
  readonly gaps: Readonly<Record<'outliers' | 'miniBulk', { readonly count: number; readonly ratio: number }>>;
}

/** The largest Hessian eigenvalues by rank, with those of Papyan's class parts of the Gauss–Newton matrix and the edge of what varies within pairs of classes. */
export function outliersFigure(cases: readonly OutlierCase[], k: number): Figure {
  const panels = cases.map((one, i) => ({ ...one, x: i === 0 ? 'x' : `x${i}` }));
  const relative = (values: readonly number[], largest: number, from = 0) =>
    values.flatMap((value, i) => (value > 1e-5 * largest ? [{ x: from + i + 1, y: value / largest }] : []));
  const count = Math.max(...cases.map(({ found }) => found.eigenvalues.length));
  const all = panels.flatMap(({ found }) => relative(found.eigenvalues, found.eigenvalues[0]!).map(({ y }) => y));
  const [low, high] = [10 ** Math.floor(Math.log10(Math.min(...all))), 2];
  return {
    id: 'outliers',
    title: 'C outliers and the mini-bulk',
    caption:
      `The largest Hessian eigenvalues by rank (black), over the first; those of the class parts of the Gauss–Newton matrix (red: G_class, ranks 1–${k}; blue: G_cross, from rank ${k + 1} on), and the largest eigenvalue of what varies within pairs of classes (dashed). Grey lines: C = ${k} and C + C(C − 2) = ${k + k * (k - 2)}. ` +
      cases
        .map(
          ({ name, run, gaps }) =>
            `${name} (${run.config.model}, ${run.data.samples} samples, seed ${run.config.seed}): largest ratio of neighbours after ${gaps.outliers.count} (${gaps.outliers.ratio.toPrecision(3)}), and beyond 2C after ${gaps.miniBulk.count} (${gaps.miniBulk.ratio.toPrecision(3)}).`,
        )
        .join(' '),
    columns: ['series', 'rank', 'eigenvalue over the largest'],
    width: columnWidth,
    height: 200,
    chart: chart(
      panels
        .flatMap(({ name, found, x }) => {
          const largest = found.eigenvalues[0]!;
          return [
            ...[k, k + k * (k - 2)].map((rank) =>
              guide(
                `rank ${rank}, ${name}`,
                [low, high].map((y) => ({ x: rank + 0.5, y })),
                { x, dash: [], width: 0.8 },
                '#c4c4c4',
              ),
            ),
            guide(
              `edge of the rest, ${name}`,
              [1, count].map((rank) => ({ x: rank, y: Math.max(low, found.within / largest) })),
              { x },
            ),
            curve(`G_class, ${name}`, relative(found.between, largest), palette.vermilion, { x, width: 0, dots: 2.2 }),
            curve(`G_cross, ${name}`, relative(found.cross.slice(0, k * (k - 2)), largest, k), palette.blue, {
              x,
              width: 0,
              dots: 1.6,
            }),
            curve(`H, ${name}`, relative(found.eigenvalues, largest), palette.ink, { x, width: 0, dots: 1.1 }),
          ];
        })
        .filter(({ data }) => data.length > 0),
      {
        ...Object.fromEntries(
          panels.flatMap(({ x }, i) => [
            ...(i === 0 ? [] : [[`gap${i}`, gap('bottom', 1.2)] as const]),
            [
              x,
              linearAxis({ title: 'rank', side: 'bottom', min: 0, max: count + 1, ticks: [10, 50, 90], share: 10 }),
            ] as const,
          ]),
        ),
        y: logAxis({ title: 'λ/λ₁', side: 'left', min: low, max: high, every: 1 }),
      },
      panels.map(({ name, x }) => ({ text: name, x: 0, y: high, dy: -8, xAxis: x })),
      18,
    ),
  };
}
