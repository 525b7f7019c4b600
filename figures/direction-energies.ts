import { decadesAround, linearAxis, logAxis, panelAxis, sideBySide } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, errorBars, guide, palette } from './style.js';

/** g_i² along single eigenvectors in a setting. */
export interface DirectionEnergies {
  readonly statement: string;
  /** Settings of a group are drawn alike. */
  readonly group: string;
  readonly directions: readonly { readonly predicted: number; readonly measured: number; readonly error: number }[];
  /** g_i² over its prediction, of every direction and state. */
  readonly ratios: readonly number[];
}

/** What the figure draws. */
export interface DirectionEnergiesData {
  readonly settings: readonly DirectionEnergies[];
  /** P(χ²₁ > x) at some x. */
  readonly chiSquare: readonly { readonly x: number; readonly above: number }[];
  /** What the test finds, for the caption. */
  readonly note: string;
}

const styles = [
  { marker: 'circle', dots: 2, colour: palette.ink, dash: [] },
  { marker: 'triangle', dots: 2.4, colour: palette.vermilion, dash: [5, 2] },
  { marker: 'rectRot', dots: 3, colour: palette.blue, dash: [1.5, 1.5] },
] as const;

/** Mean g_i² against its prediction, and how single ones are distributed about theirs. */
export function directionEnergiesFigure({ settings, chiSquare, note }: DirectionEnergiesData): Figure {
  const means = settings.flatMap(({ directions }) => directions);
  const [low, high] = decadesAround(means.flatMap(({ predicted, measured }) => [predicted, measured]));
  const largest = chiSquare.at(-1)!.x;
  const x1 = panelAxis(1);
  const groups = [...new Set(settings.map(({ group }) => group))].map((group, i) => {
    const { marker, dots, colour, dash } = styles[i % styles.length]!;
    const own = settings.filter((one) => one.group === group);
    const sorted = own.flatMap(({ ratios }) => ratios).sort((a, b) => a - b);
    return {
      text: group,
      dots: own.map(({ statement, directions }) =>
        curve(
          `mean g², ${statement}`,
          directions.map(({ predicted, measured }) => ({ x: predicted, y: measured })),
          colour,
          { width: 0, dots, marker },
        ),
      ),
      bars: own.flatMap(({ statement, directions }) =>
        errorBars(
          `± a standard error, ${statement}`,
          directions.map(({ predicted, measured, error }) => ({
            x: predicted,
            low: Math.max(low, measured - error),
            high: measured + error,
          })),
          colour,
          { width: 0.5 },
        ),
      ),
      tail: curve(
        `share above, ${group}`,
        sorted.flatMap((x, rank) => (x > largest ? [] : [{ x, y: (sorted.length - rank) / sorted.length }])),
        colour,
        { x: x1, y: 'tail', width: 1.2, dash },
      ),
    };
  });
  const exact = curve(
    'P(χ²₁ > x)',
    chiSquare.map(({ x, above }) => ({ x, y: above })),
    '#bbbbbb',
    { x: x1, y: 'tail', width: 3.5 },
  );
  const diagonal = guide(
    'as predicted',
    [low, high].map((value) => ({ x: value, y: value })),
  );
  return {
    id: 'direction-energies',
    title: 'The energy along single eigenvectors',
    caption: `(a) g_i² of the full gradient along each of the top m eigenvectors, mean over the states of three seeds ± a standard error, against the law of SGD's noise, (η/b) c_iλ_i/(2 − ηλ_i) for batches in epochs, without a fitted number; dashed: as predicted. (b) The share of single g_i² that are more than x times their prediction, and that of χ²₁, the grey band. ${groups.map(({ text }) => `${text}: ${settings.flatMap(({ statement, group }) => (group === text ? [statement] : [])).join('; ')}`).join('. ')}. ${note}`,
    columns: ['series', 'predicted or ratio', 'measured or share'],
    width: columnWidth,
    height: 225,
    chart: chart(
      [
        diagonal,
        exact,
        ...groups.flatMap(({ bars }) => bars),
        ...groups.flatMap(({ dots }) => dots),
        ...groups.map(({ tail }) => tail),
      ],
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
          2.4,
        ),
        y: logAxis({ title: 'measured g²', side: 'left', min: low, max: high, every: 2 }),
        tail: logAxis({ title: 'share above', side: 'right', min: 1e-3, max: 1, every: 1 }),
      },
      {
        panels: [
          { x: 'x', y: 'y', title: '' },
          { x: x1, y: 'tail', title: '' },
        ],
        legends: [
          {
            row: 9,
            entries: [
              ...groups.map(({ text, dots, tail }) => ({
                text,
                like: { ...dots[0]!, borderWidth: 1.2, borderDash: tail.borderDash },
              })),
              { text: 'χ²₁', like: exact },
            ],
          },
        ],
        top: 34,
      },
    ),
  };
}
