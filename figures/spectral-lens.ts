import { logAxis, panelAxis, sideBySide } from './axes.js';
import { chart } from './chart.js';
import type { Figure, Series } from './figure.js';
import { columnWidth, curve, guide, palette, region } from './style.js';

/** A spectrum, descending. */
interface NamedSpectrum {
  readonly name: string;
  readonly values: readonly number[];
}

/** What the figure draws: spectra of a layer before training and at one loss for several batches, and those of the exact model. */
export interface SpectralLensData {
  readonly activations: readonly NamedSpectrum[];
  readonly gradients: readonly NamedSpectrum[];
  readonly model: Readonly<Record<'measured' | 'predicted' | 'population', readonly number[]>>;
  /** Ranks: those of the fit are shaded, those where head ends and tail begins dotted. */
  readonly windows: Readonly<Record<'fit' | 'head' | 'tail', { readonly from: number; readonly to: number }>>;
}

const lowest = 1e-6;
const styles = [
  [palette.grey, [1.5, 1.5]],
  [palette.vermilion, []],
  [palette.green, [6, 2]],
  [palette.blue, [3, 2]],
] as const;

/** Spectra by rank over their largest value. */
export function spectralLensFigure({
  activations,
  gradients,
  model,
  windows: { fit, head, tail },
}: SpectralLensData): Figure {
  const line = (
    panel: number,
    what: string,
    { name, values }: NamedSpectrum,
    [colour, dash]: (typeof styles)[number],
  ) =>
    curve(
      `${what}, ${name}`,
      values.flatMap((value, i) => (value > lowest * values[0]! ? [{ x: i + 1, y: value / values[0]! }] : [])),
      colour,
      { x: panelAxis(panel), dash, width: 1.2 },
    );
  const marks = [0, 1, 2].flatMap((panel): Series[] => {
    const x = panelAxis(panel);
    const corners = [
      [fit.from, lowest],
      [fit.to, lowest],
      [fit.to, 1.6],
      [fit.from, 1.6],
      [fit.from, lowest],
    ] as const;
    return [
      ...[head.to, tail.from].map((rank) =>
        guide(
          `rank ${rank}, panel ${panel + 1}`,
          [lowest, 1.6].map((y) => ({ x: rank, y })),
          { x, dash: [1, 2] },
        ),
      ),
      region(
        `ranks ${fit.from}–${fit.to}, panel ${panel + 1}`,
        corners.map(([a, b]) => ({ x: a, y: b })),
        palette.grey,
        { x },
      ),
    ];
  });
  const [ofActivations, ofGradients] = [
    activations.map((one, i) => line(0, 'activations', one, styles[i % styles.length]!)),
    gradients.map((one, i) => line(1, 'gradients', one, styles[i % styles.length]!)),
  ];
  const ofModel = [
    line(2, 'model', { name: 'sampled', values: model.measured }, [palette.vermilion, []]),
    line(2, 'model', { name: 'Gaussian with the exact sectors', values: model.predicted }, [palette.blue, [3, 2]]),
    line(2, 'model', { name: 'population', values: model.population }, [palette.grey, [1.5, 1.5]]),
  ];
  const titles = ['activations', 'gradients', 'exact model'];
  return {
    id: 'spectral-lens',
    title: 'Spectra of activations and gradients by batch',
    caption:
      'Spectra by rank over their largest value, one seed. (a) Eigenvalues of the centred covariance of the second hidden layer, and (b) singular values of the gradients of single samples by its weights, not centred: before training and at one training loss for three batches. ' +
      '(c) The latter in the exact model: sampled, of as many Gaussian gradients with the exact sectors’ variances, and of the population. ' +
      `Shaded: the ranks of the fit, ${fit.from}–${fit.to}; dotted: where the head ends, ${head.to}, and the tail begins, ${tail.from}.`,
    columns: ['series', 'rank', 'value over the largest'],
    width: columnWidth,
    height: 226,
    chart: chart(
      [...ofActivations, ...ofGradients, ...ofModel, ...marks],
      {
        ...sideBySide(
          titles.map(() =>
            logAxis({ title: 'rank', side: 'bottom', min: 1, max: 600, ticks: [1, 10, 100], share: 10 }),
          ),
          1,
        ),
        y: logAxis({ title: 's/s₁', side: 'left', min: lowest, max: 1.6, every: 2 }),
      },
      {
        panels: titles.map((title, i) => ({ x: panelAxis(i), title })),
        legends: [
          {
            row: 9,
            entries: activations.map(({ name }, i) => ({
              text: name.replace(' training', ''),
              like: ofActivations[i]!,
            })),
          },
          {
            row: 23,
            entries: [
              { text: 'model', like: ofModel[0]! },
              { text: 'Gaussian', like: ofModel[1]! },
              { text: 'population', like: ofModel[2]! },
            ],
          },
        ],
        top: 48,
      },
    ),
  };
}
