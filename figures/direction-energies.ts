import { decadesAround, linearAxis, logAxis, panelAxis, sideBySide } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, errorBars, guide, palette } from './style.js';

/** g_i² along single eigenvectors in a setting. */
export interface DirectionEnergies {
  readonly statement: string;
  readonly directions: readonly { readonly predicted: number; readonly measured: number; readonly error: number }[];
  /** g_i² over its prediction, of every direction and state. */
  readonly ratios: readonly number[];
}

/** Mean g_i² against its prediction, and how single ones are distributed about theirs. `normalTail(z)`: P(|ξ| > z) of a normal ξ. */
export function directionEnergiesFigure({
  settings,
  chiSquare,
  note,
}: {
  readonly settings: readonly DirectionEnergies[];
  /** P(χ²₁ > x) at some x. */
  readonly chiSquare: readonly { readonly x: number; readonly above: number }[];
  readonly note: string;
}): Figure {
  const means = settings.flatMap(({ directions }) => directions);
  const [low, high] = decadesAround(means.flatMap(({ predicted, measured }) => [predicted, measured]));
  const largest = chiSquare.at(-1)!.x;
  const markers = ['circle', 'triangle', 'rectRot'] as const;
  const colours = [palette.ink, palette.vermilion, palette.blue, palette.green, palette.purple] as const;
  const dots = settings.map(({ statement, directions }, i) =>
    curve(
      `mean g², ${statement}`,
      directions.map(({ predicted, measured }) => ({ x: predicted, y: measured })),
      colours[i % colours.length]!,
      { width: 0, dots: 2, marker: markers[i % markers.length]! },
    ),
  );
  const bars = settings.flatMap(({ statement, directions }, i) =>
    errorBars(
      `± a standard error, ${statement}`,
      directions.map(({ predicted, measured, error }) => ({
        x: predicted,
        low: Math.max(low, measured - error),
        high: measured + error,
      })),
      colours[i % colours.length]!,
      { width: 0.5 },
    ),
  );
  const x1 = panelAxis(1);
  const tails = settings.map(({ statement, ratios }, i) => {
    const sorted = [...ratios].sort((a, b) => a - b);
    return curve(
      `share above, ${statement}`,
      sorted.flatMap((x, rank) => (x > largest ? [] : [{ x, y: (sorted.length - rank) / sorted.length }])),
      colours[i % colours.length]!,
      { x: x1, y: 'tail', width: 0.9, dash: i < colours.length ? [] : [3, 2] },
    );
  });
  const exact = guide(
    'P(χ²₁ > x)',
    chiSquare.map(({ x, above }) => ({ x, y: above })),
    { x: x1, y: 'tail', width: 2.2, dash: [5, 3] },
    palette.ink,
  );
  const diagonal = guide(
    'as predicted',
    [low, high].map((value) => ({ x: value, y: value })),
  );
  return {
    id: 'direction-energies',
    title: 'The energy along single eigenvectors',
    caption: `(a) g_i² of the full gradient along each of the top m eigenvectors, mean over the states of three seeds ± a standard error, against the law of SGD's noise, (η/b) c_iλ_i/(2 − ηλ_i) for batches in epochs, without a fitted number; dashed: as predicted. (b) The share of single g_i² that are more than x times their prediction, one line for each setting, and that of χ²₁, dashed. ${note}`,
    columns: ['series', 'predicted or ratio', 'measured or share'],
    width: columnWidth,
    height: 205,
    chart: chart(
      [diagonal, ...bars, ...dots, ...tails, exact],
      {
        ...sideBySide(
          [
            logAxis({ title: 'predicted g²', side: 'bottom', min: low, max: high, every: 2, share: 10 }),
            linearAxis({
              title: 'g² over predicted',
              side: 'bottom',
              min: 0,
              max: largest,
              ticks: [0, 2, 4, 6, 8],
              share: 10,
            }),
          ],
          3.4,
        ),
        y: logAxis({ title: 'measured g²', side: 'left', min: low, max: high, every: 2 }),
        tail: logAxis({ title: 'share above', side: 'right', min: 1e-3, max: 1, every: 1 }),
      },
      {
        panels: [
          { x: 'x', y: 'y', title: '' },
          { x: x1, y: 'tail', title: '' },
        ],
      },
    ),
  };
}
