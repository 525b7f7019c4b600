import { linearAxis, logAxis, panelAxis, sideBySide } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import type { TrainingFacts } from './network-data.js';
import { panelLetter } from './panel-letter.js';
import { columnWidth, curve, guide, palette } from './style.js';

/** One network's spectrum: the outlying eigenvalues of H, and those of the between-class, cross-class and within-class parts of its Gauss–Newton matrix. */
export interface OutlierCase {
  readonly name: string;
  readonly network: TrainingFacts;
  readonly found: {
    readonly eigenvalues: readonly number[];
    readonly between: readonly number[];
    readonly cross: readonly number[];
    readonly within: number;
  };
  /** Where the largest gaps are. */
  readonly gaps: Readonly<Record<'outliers' | 'miniBulk', { readonly count: number; readonly ratio: number }>>;
}

/** What the figure draws: one panel for each case. */
export interface OutliersData {
  readonly cases: readonly OutlierCase[];
  readonly classes: number;
}

/** The largest Hessian eigenvalues by rank, with those of Papyan's class parts of the Gauss–Newton matrix and the edge of what varies within pairs of classes. */
export function outliersFigure({ cases, classes: k }: OutliersData): Figure {
  const panels = cases.map((one, i) => ({ ...one, x: panelAxis(i) }));
  const relative = (values: readonly number[], largest: number, from = 0) =>
    values.flatMap((value, i) => (value > 1e-5 * largest ? [{ x: from + i + 1, y: value / largest }] : []));
  const count = Math.max(...cases.map(({ found }) => found.eigenvalues.length));
  const all = panels.flatMap(({ found }) => relative(found.eigenvalues, found.eigenvalues[0]!).map(({ y }) => y));
  const [low, high] = [10 ** Math.floor(Math.log10(Math.min(...all))), 2];
  const drawn = panels.map(({ name, found, x }) => {
    const largest = found.eigenvalues[0]!;
    const cross = relative(found.cross.slice(0, k * (k - 2)), largest, k);
    return {
      ranks: [k, k + k * (k - 2)].map((rank) =>
        guide(
          `rank ${rank}, ${name}`,
          [low, high].map((y) => ({ x: rank + 0.5, y })),
          { x, dash: [1.5, 1.5], width: 0.8 },
        ),
      ),
      edge: guide(
        `edge of the rest, ${name}`,
        [1, count].map((rank) => ({ x: rank, y: Math.max(low, found.within / largest) })),
        { x },
        palette.ink,
      ),
      between: curve(`G_class, ${name}`, relative(found.between, largest), palette.vermilion, {
        x,
        width: 0,
        dots: 3,
        marker: 'triangle',
      }),
      cross: curve(`G_cross, ${name}`, cross, palette.sky, { x, width: 0, dots: 2.6, marker: 'rectRot' }),
      hessian: curve(`H, ${name}`, relative(found.eigenvalues, largest), palette.ink, { x, width: 0, dots: 1.1 }),
    };
  });
  const { ranks, edge, between, cross, hessian } = drawn[0]!;
  return {
    id: 'outliers',
    title: 'C outliers and the mini-bulk',
    caption:
      `The largest Hessian eigenvalues by rank (dots), over the first; those of the class parts of the Gauss–Newton matrix (triangles: G_class, ranks 1–${k}; diamonds: G_cross, from rank ${k + 1} on), and the largest eigenvalue of what varies within pairs of classes (dashed). Dotted: the ranks C = ${k} and C + C(C − 2) = ${k + k * (k - 2)}. ` +
      cases
        .map(
          ({ name, network, gaps }, i) =>
            `${panelLetter(i)} ${name} (${network.model}, ${network.samples} samples, seed ${network.seed}): largest ratio of neighbours after ${gaps.outliers.count} (${gaps.outliers.ratio.toPrecision(3)}), and beyond 2C after ${gaps.miniBulk.count} (${gaps.miniBulk.ratio.toPrecision(3)}).`,
        )
        .join(' '),
    columns: ['series', 'rank', 'eigenvalue over the largest'],
    width: columnWidth,
    height: 246,
    chart: chart(
      drawn
        .flatMap((one) => [one.hessian, one.between, one.cross, one.edge, ...one.ranks])
        .filter(({ data }) => data.length > 0),
      {
        ...sideBySide(
          panels.map(() =>
            linearAxis({ title: 'rank', side: 'bottom', min: 0, max: count + 1, ticks: [10, 50, 90], share: 10 }),
          ),
          1.2,
        ),
        y: logAxis({ title: 'λ/λ₁', side: 'left', min: low, max: high, every: 1 }),
      },
      {
        panels: panels.map(({ name, x }) => ({ x, title: name })),
        legends: [
          {
            row: 9,
            entries: [
              { text: 'Hessian', like: hessian },
              { text: 'G_{class}', like: between },
              { text: 'G_{cross}', like: cross },
            ],
          },
          {
            row: 23,
            entries: [
              { text: 'within pairs of classes', like: edge },
              { text: 'C, C + C(C − 2)', like: ranks[0]! },
            ],
          },
        ],
        top: 48,
      },
    ),
  };
}
