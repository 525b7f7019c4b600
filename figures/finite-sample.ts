import { finiteSample } from '../src/dynamics/index.js';
import { firstCrossing, marginPoint, noisyLevels, type Sector } from '../src/noise/index.js';
import { gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, guide, palette } from './style.js';

const [k, dim, noise] = [4, 5, 0.3];
/** Samples, and how many data sets of that size. */
const sizes = [
  [100, 8],
  [300, 8],
  [1000, 8],
  [3000, 8],
  [10_000, 4],
  [30_000, 3],
  [100_000, 2],
] as const;
/** Margins over that of the first crossing. */
const before = 0.8;
const after = 1.6;
const close = 0.05;

const colours: Partial<Record<Sector, string>> = {
  trivial: palette.vermilion,
  'standard+': palette.blue,
  antisymmetric: palette.orange,
  symmetric: palette.green,
  'standard-': palette.purple,
  bulk: palette.grey,
};
const nameOf = (sector: Sector): string => (sector === 'trivial' ? 'gradient' : sector.replace('-', '−'));

/** Eigenvalues of the Hessian of n samples beside the levels of the population, and f_top(k) on both sides of the first crossing. */
export function finiteSampleFigure({
  seed,
  onProgress = () => undefined,
}: {
  readonly seed: number;
  readonly onProgress?: (share: number) => void;
}): Figure {
  const crossing = firstCrossing(k, noise).margin;
  const sideAt = (relative: number, side: 0 | 1): Side => {
    const model = { classes: k, dim, noise, margin: relative * crossing };
    const { marginRate } = marginPoint(model);
    const results = sizes.map(([n, draws], i) => {
      onProgress((side + i / sizes.length) / 2);
      return finiteSample(model, marginRate, n, { draws, seed });
    });
    const exact = side === 0 ? 1 : 0;
    const reached = results.findIndex((_, i) =>
      results.slice(i).every(({ topFraction }) => Math.abs(topFraction.mean - exact) <= close),
    );
    return { model, results, exact, reached: sizes[reached]?.[0] ?? Infinity };
  };
  const [early, late] = [sideAt(before, 0), sideAt(after, 1)];
  let rank = 0;
  const groups = noisyLevels(early.model)
    .levels.filter(({ sector }) => sector !== 'gauge')
    .map(({ sector, value, multiplicity }) => {
      const ranks = Array.from({ length: multiplicity }, () => rank++);
      return { sector, value, multiplicity, ranks, colour: colours[sector]! };
    });
  const eigenvalue = (rank: number, shift: number) =>
    early.results.map(({ samples, eigenvalues }) => {
      const { mean, deviation } = eigenvalues[rank]!;
      return { x: samples, y: mean + shift * deviation };
    });
  const fraction = ({ results }: Side, shift: number) =>
    results.map(({ samples, topFraction: { mean, deviation } }) => ({
      x: samples,
      y: Math.min(1, Math.max(0, mean + shift * deviation)),
    }));
  return {
    id: 'finite-sample',
    title: 'How many samples the population statement needs',
    caption:
      `Samples of n points from k = ${k} Gaussian classes about orthonormal means, d = ${dim}, σ = ${noise}, at W = αB; ${sizes[0][1]} data sets for each n up to 3000, then ${sizes
        .slice(-3)
        .map(([, draws]) => draws)
        .join(', ')} (seed ${seed}). ` +
      `Top, at α = ${before} α_c, α_c = ${crossing.toFixed(4)} the margin where the gradient's level is crossed: the ${rank} positive eigenvalues of the Hessian of the sample, each the mean over data sets of the eigenvalue of that rank, in the colour of the level of the population that has this rank (dashed, exact); the band reaches one standard deviation beyond the largest and smallest. ` +
      `Bottom: f_top(k) of the gradient of the sample, mean and standard deviation, at ${before} α_c, where it is 1 in the population (upper curve), and at ${after} α_c, where it is 0 (lower curve). ` +
      `The mean is within ${close} of the population from n = ${early.reached} on, of those shown, before the crossing and from n = ${late.reached} on after it; below that the statement about the population does not hold for the sample: at n = ${sizes[0][0]} the means are ${early.results[0]!.topFraction.mean.toFixed(2)} and ${late.results[0]!.topFraction.mean.toFixed(2)}, with a squared error of the gradient of ${early.results[0]!.gradientNoise.toFixed(2)} and ${late.results[0]!.gradientNoise.toFixed(2)} times its squared norm.`,
    columns: ['series', 'samples', 'value'],
    width: columnWidth,
    height: 370,
    chart: chart(
      [
        ...groups.map(({ sector, value, multiplicity, colour }) =>
          guide(
            `population, ${nameOf(sector)}, multiplicity ${multiplicity}`,
            [85, 1.18e5].map((x) => ({ x, y: value })),
            { y: 'eigenvalue', width: 1 },
            colour,
          ),
        ),
        ...groups.flatMap(({ sector, ranks, colour }) => [
          curve(`${nameOf(sector)}: largest plus deviation`, eigenvalue(ranks[0]!, 1), colour, {
            y: 'eigenvalue',
            width: 0,
          }),
          curve(`${nameOf(sector)}: smallest minus deviation`, eigenvalue(ranks.at(-1)!, -1), colour, {
            y: 'eigenvalue',
            width: 0,
            band: true,
          }),
        ]),
        ...groups.flatMap(({ ranks, colour }) =>
          ranks.map((r) =>
            curve(`eigenvalue ${r + 1}, mean`, eigenvalue(r, 0), colour, { y: 'eigenvalue', width: 0.8 }),
          ),
        ),
        ...[early, late].flatMap((side, i) => {
          const colour = i === 0 ? palette.vermilion : palette.blue;
          const name = `f_top(${k}) at ${i === 0 ? before : after} of the crossing`;
          return [
            curve(`${name}, mean`, fraction(side, 0), colour, { dots: 2 }),
            curve(`${name}, plus deviation`, fraction(side, 1), colour, { width: 0 }),
            curve(`${name}, minus deviation`, fraction(side, -1), colour, { width: 0, band: true }),
            guide(
              `${name}, population`,
              [85, 1.18e5].map((x) => ({ x, y: side.exact })),
              {},
              colour,
            ),
          ];
        }),
      ],
      {
        x: logAxis({ title: 'samples n', side: 'bottom', min: 85, max: 1.18e5, every: 1 }),
        y: linearAxis({ title: `fₜₒₚ(${k})`, side: 'left', min: -0.08, max: 1.08, ticks: [0, 0.5, 1], share: 8 }),
        gap: gap('left', 0.8),
        eigenvalue: logAxis({
          title: 'eigenvalue',
          side: 'left',
          min: 0.006,
          max: 0.12,
          ticks: [0.01, 0.02, 0.05, 0.1],
          share: 12,
        }),
      },
      [
        ...groups.map(({ sector, value, multiplicity, colour }) => ({
          text: `${nameOf(sector)} × ${multiplicity}`,
          x: 1.1e5,
          y: value,
          dy: sector === 'antisymmetric' || sector === 'symmetric' ? 7 : -7,
          align: 'right' as const,
          yAxis: 'eigenvalue',
          colour,
        })),
        { text: 'before the crossing', x: 1.1e5, y: 1, dy: 10, align: 'right', colour: palette.vermilion },
        { text: 'after the crossing', x: 1.1e5, y: 0, dy: -10, align: 'right', colour: palette.blue },
      ],
    ),
  };
}

interface Side {
  readonly model: { readonly classes: number; readonly dim: number; readonly noise: number; readonly margin: number };
  readonly results: readonly ReturnType<typeof finiteSample>[];
  readonly exact: number;
  readonly reached: number;
}
