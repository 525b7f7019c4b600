import { stationaryNoise } from '../src/exact/noisy/index.js';
import { logAxis } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import type { FigureProgram } from './program.js';
import { columnWidth, curve, guide, palette, region } from './style.js';

const defaults = { classes: 10 };

export const noiseDimensionProgram: FigureProgram = {
  name: 'noise-dimension',
  help: "the share of SGD's noise in the top k against the dimension d: the bulk's multiplicity takes it away",
  isRandom: false,
  defaults,
  bounds: { classes: [3, 100] },
  draw: noiseDimensionFigure,
};

const drawn = [
  { noise: 0.15, colour: palette.blue, dash: [] },
  { noise: 0.3, colour: palette.green, dash: [6, 1.5] },
  { noise: 0.6, colour: palette.vermilion, dash: [2, 1.5] },
] as const;

/** d over k. */
const multiples = [1, 1.4, 2, 3, 5, 10, 30, 100, 300, 1000];

/** f_noise(k), the share of relaxed noise in the top k at the Bayes-optimal margin, against d, with that of a random direction. */
export function noiseDimensionFigure({ classes: k = defaults.classes } = {}): Figure {
  const dims = [...new Set(multiples.map((multiple) => Math.round(multiple * k)))];
  const curves = drawn.map((style) => {
    const shares = dims.map((dim) => {
      const point = { classes: k, dim, noise: style.noise, margin: 1 / style.noise ** 2 };
      return { dim, ...stationaryNoise(point, { learningRateOverBatch: 1 }).topFraction.stationary };
    });
    const edge = (end: 'lower' | 'upper'): DrawnPoint[] => shares.map((share) => ({ x: share.dim, y: share[end] }));
    return { ...style, shares, lower: edge('lower'), upper: edge('upper') };
  });
  const named = curves.map(({ noise, lower, upper, colour, dash }) => ({
    noise,
    inside: region(`any choice of eigenvectors, σ = ${noise}`, [...lower, ...upper.toReversed()], colour),
    lower: curve(`f_noise(${k}), lower, σ = ${noise}`, lower, colour, { dash, width: 1.4 }),
    upper: curve(`f_noise(${k}), upper, σ = ${noise}`, upper, colour, { dash, width: 1.4 }),
  }));
  const random = guide(
    'random direction, m/(kd) with m = k',
    dims.map((dim) => ({ x: dim, y: 1 / dim })),
    {},
    palette.ink,
  );
  const at = (share: { readonly lower: number; readonly upper: number }): string =>
    [share.lower, share.upper].map((f) => f.toPrecision(2)).join(' to ');
  const said = curves.map(
    ({ noise, shares }) =>
      `σ = ${noise}, from ${at(shares[0]!)} at d = ${dims[0]!} to ${at(shares.at(-1)!)} at d = ${dims.at(-1)!}`,
  );
  const [nearest, furthest] = [dims[0]!, dims.at(-1)!];
  return {
    id: 'noise-dimension',
    title: 'More dimensions, less of the noise in the top space',
    caption:
      `f_noise(k), the share of E‖g‖² in the top k where g is nothing but the noise of SGD, relaxed at the Bayes-optimal margin α* = 1/σ², in the limit of small ηλ: there the covariance of a sample's gradient is the Hessian, so that it is Σ λᵢ² of the top k over that of all; ` +
      `k = ${k} Gaussian classes of standard deviation σ about orthonormal means, from exact integrals. The bulk has (k − 1)(d − k) dimensions, each with its share of the noise: ${said.join('; ')}. ` +
      `Shaded, between two lines: the top k cuts a level, and what is in it depends on the choice of eigenvectors. Thin, dashed: a random direction, m/(kd) = 1/d for m = k. For large d both fall as 1/d.`,
    columns: ['series', 'dimension d', 'share'],
    width: columnWidth,
    height: 250,
    chart: chart(
      [...named.flatMap(({ lower, upper }) => [lower, upper]), random, ...named.map(({ inside }) => inside)],
      {
        x: logAxis({ title: 'input features d', side: 'bottom', min: nearest, max: furthest, every: 1 }),
        y: logAxis({ title: 'fₙₒᵢₛₑ(k)', side: 'left', min: 1e-4, max: 1.5, every: 1 }),
      },
      {
        legends: [
          {
            entries: [
              ...named.map(({ noise, lower, inside }) => ({
                text: `σ = ${noise}`,
                like: { ...lower, backgroundColor: inside.backgroundColor, fill: 'shape' },
              })),
              { text: 'random direction', like: random },
            ],
          },
        ],
      },
    ),
  };
}
