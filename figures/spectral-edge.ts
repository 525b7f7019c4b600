import { gap, linearAxis, panelAxis, sideBySide } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { panelLetter } from './panel-letter.js';
import { columnWidth, curve, errorBars, palette } from './style.js';

interface Compared {
  readonly predicted: number;
  /** With flow; null where there is none. */
  readonly withFlow: number | null;
  readonly measured: number;
  readonly error: number;
}

/** Windows of updates, measured and of noise alone, by j = 1, 2, …. */
export interface EdgeCase {
  readonly name: string;
  readonly about: string;
  /** How many were measured. */
  readonly windows: number;
  /** Share of windows with k* = j. */
  readonly edges: readonly Compared[];
  /** σ_j/√Σσ². */
  readonly singularValues: readonly Compared[];
  /** ‖P_m v_j‖². */
  readonly topShares: readonly Compared[];
}

const rows = ['edges', 'sigma', 'inside'] as const;

/** Where the edge of a window of updates lies, its singular values, and the part of its directions in the Hessian's top space: measured and of noise alone. */
export function spectralEdgeFigure({ cases }: { readonly cases: readonly EdgeCase[] }): Figure {
  const panels = cases.map(({ name, edges, singularValues, topShares }, i) => {
    const x = panelAxis(i);
    const pair = (y: string, label: string, points: readonly Compared[]) => ({
      bars: errorBars(
        `${label}, ± a standard error, ${name}`,
        points.flatMap(({ measured, error }, j) =>
          error > 0 ? [{ x: j + 1, low: measured - error, high: measured + error }] : [],
        ),
        palette.ink,
        { x, y, width: 0.8 },
      ),
      law: curve(
        `${label}, noise alone, ${name}`,
        points.map(({ predicted }, j) => ({ x: j + 1, y: predicted })),
        palette.vermilion,
        { x, y, dash: [5, 2], width: 1.2 },
      ),
      flow: curve(
        `${label}, noise and flow, ${name}`,
        points.flatMap(({ withFlow }, j) => (withFlow === null ? [] : [{ x: j + 1, y: withFlow }])),
        palette.blue,
        { x, y, width: 1.2 },
      ),
      measured: curve(
        `${label}, measured, ${name}`,
        points.map(({ measured }, j) => ({ x: j + 1, y: measured })),
        palette.ink,
        { x, y, width: 0, dots: 2.2 },
      ),
    });
    return {
      x,
      pairs: [
        pair(rows[0], 'share of windows with k* = j', edges),
        pair(rows[1], 'σ_j/√Σσ²', singularValues),
        pair(rows[2], '‖P v_j‖²', topShares),
      ] as const,
    };
  });
  const [{ pairs }] = panels as [(typeof panels)[number]];
  const largest = Math.max(...cases.map(({ singularValues }) => singularValues[0]!.measured));
  const unit = (title: string, share: number) =>
    linearAxis({ title, side: 'left', min: 0, max: 1.05, ticks: [0, 0.5, 1], share });
  return {
    id: 'spectral-edge',
    title: 'The spectral edge of updates, and that of noise',
    caption: `Windows of W = 10 updates of θ, their Gram matrix's singular values σ_j and directions v_j. Above: the share of windows whose largest ratio σ_j/σ_{j+1} is at k* = j; middle: σ_j over √Σσ²; below: the part of v_j in the top space of the Hessian, ‖P v_j‖². Circles: measured, means over three seeds ± a standard error of all their windows; dashed: what the noise of batches alone has, from the eigenvalues and the covariance of single samples' gradients, in the exact model from theory alone, without a fitted number; line: with the flow that the full gradients at both ends of a window have in common. ${cases.map(({ name, about, windows }, i) => `${panelLetter(i)} ${name}: ${about}, ${windows} windows.`).join(' ')}`,
    columns: ['series', 'j', 'share or σ'],
    width: columnWidth,
    height: 360,
    chart: chart(
      panels.flatMap(({ pairs: all }) =>
        all.flatMap(({ bars, law, flow, measured }) => [
          ...bars,
          law,
          ...(flow.data.length > 0 ? [flow] : []),
          measured,
        ]),
      ),
      {
        ...sideBySide(
          panels.map(() =>
            linearAxis({ title: 'j', side: 'bottom', min: 0.5, max: 10.5, ticks: [2, 4, 6, 8, 10], share: 10 }),
          ),
          1.6,
        ),
        [rows[2]]: unit('‖P vⱼ‖²', 7),
        gap: gap('left', 0.7),
        [rows[1]]: linearAxis({
          title: 'σⱼ/√Σσ²',
          side: 'left',
          min: 0,
          max: Math.max(0.5, Math.ceil(largest * 10) / 10),
          ticks: [0, 0.2, 0.4, 0.6, 0.8].filter((tick) => tick < Math.max(0.5, largest)),
          share: 7,
        }),
        gap2: gap('left', 0.7),
        [rows[0]]: unit('windows', 7),
      },
      {
        panels: panels.map(({ x }, i) => ({ x, y: rows[0], title: cases[i]!.name })),
        legends: [
          {
            row: 9,
            entries: [
              { text: 'measured', like: pairs[0].measured },
              { text: 'noise alone', like: pairs[0].law },
              { text: 'noise and flow', like: panels.at(-1)!.pairs[0].flow },
            ],
          },
        ],
        top: 34,
      },
    ),
  };
}
