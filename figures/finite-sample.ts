import { finiteSample } from '../src/studies/simulate/index.js';
import { firstCrossing, marginPoint, noisyLevels } from '../src/exact/noisy/index.js';
import { decimalTicks, gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import type { FigureOptions, FigureProgram } from './program.js';
import { printed, sectorStyles } from './sectors.js';
import { columnWidth, curve, guide, palette } from './style.js';

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

const defaults = { classes: 4, dim: 5, noise: 0.3 };

export const finiteSampleProgram: FigureProgram = {
  name: 'finite-sample',
  help: 'eigenvalues and f_top(k) of n samples beside those of the population',
  isRandom: true,
  defaults,
  bounds: { classes: [2, 6], dim: [2, 20], noise: [0.1, 1] },
  draw: finiteSampleFigure,
};

/** Eigenvalues of the Hessian of n samples beside the levels of the population, and f_top(k) on both sides of the first crossing. */
export function finiteSampleFigure({
  seed = 1,
  classes: k = defaults.classes,
  dim = defaults.dim,
  noise = defaults.noise,
  onProgress = () => undefined,
}: FigureOptions<typeof defaults> = {}): Figure {
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
    return { model, results, exact, reached: sizes[reached]?.[0] ?? null };
  };
  const [early, late] = [sideAt(before, 0), sideAt(after, 1)];
  let rank = 0;
  const across = (y: number) => [85, 1.18e5].map((x) => ({ x, y }));
  const groups = noisyLevels(early.model)
    .levels.filter(({ sector, multiplicity }) => sector !== 'gauge' && multiplicity > 0)
    .map(({ sector, value, multiplicity }) => {
      const ranks = Array.from({ length: multiplicity }, () => rank++);
      const { colour, dash } = sectorStyles.find((style) => style.sector === sector)!;
      const name = `population, ${sector}, multiplicity ${multiplicity}`;
      const level = curve(name, across(value), colour, {
        y: 'eigenvalue',
        dash: dash.length > 0 ? dash : [9, 2],
        width: 1.6,
      });
      return { sector, multiplicity, ranks, colour, level };
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
  const drawn = [
    { side: early, at: before, when: 'before', colour: palette.vermilion, marker: 'circle' },
    { side: late, at: after, when: 'after', colour: palette.blue, marker: 'rectRot' },
  ].map(({ side, at, when, colour, marker }) => {
    const name = `f_top(${k}) at ${at} of the crossing`;
    const style = { dots: marker === 'circle' ? 2 : 3, marker: marker as 'circle' | 'rectRot' };
    const text = `${at} α_{c}, ${when} the crossing`;
    return { side, name, colour, text, mean: curve(`${name}, mean`, fraction(side, 0), colour, style) };
  });
  const shownValues = early.results.flatMap(({ eigenvalues }) => eigenvalues.slice(0, rank).map(({ mean }) => mean));
  const [low, high] = [Math.min(...shownValues) / 2.6, Math.max(...shownValues) * 1.5];
  return {
    id: 'finite-sample',
    title: 'How many samples the population statement needs',
    caption:
      `Samples of n points from k = ${k} Gaussian classes about orthonormal means, d = ${dim}, σ = ${noise}, at W = αB; ${sizes[0][1]} data sets for each n up to 3000, then ${sizes
        .slice(-3)
        .map(([, draws]) => draws)
        .join(', ')} (seed ${seed}). ` +
      `(a) At α = ${before} α_c, α_c = ${crossing.toFixed(4)} the margin where the gradient's level is crossed: the ${rank} positive eigenvalues of the Hessian of the sample, each the mean over data sets of the eigenvalue of that rank, in the colour of the level of the population that has this rank (broken lines, exact); the band reaches one standard deviation beyond the largest and smallest. ` +
      `(b) f_top(k) of the gradient of the sample, mean and standard deviation, at ${before} α_c, where it is 1 in the population (upper curve), and at ${after} α_c, where it is 0 (lower curve). ` +
      `The mean is within ${close} of the population ${reachedFrom(early)} before the crossing and ${reachedFrom(late)} after it; below that the statement about the population does not hold for the sample: at n = ${sizes[0][0]} the means are ${early.results[0]!.topFraction.mean.toFixed(2)} and ${late.results[0]!.topFraction.mean.toFixed(2)}, with a squared error of the gradient of ${early.results[0]!.gradientNoise.toFixed(2)} and ${late.results[0]!.gradientNoise.toFixed(2)} times its squared norm.`,
    columns: ['series', 'samples', 'value'],
    width: columnWidth,
    height: 400,
    chart: chart(
      [
        ...groups.map(({ level }) => level),
        ...groups.flatMap(({ sector, ranks, colour }) => [
          curve(`${sector}: largest plus deviation`, eigenvalue(ranks[0]!, 1), colour, {
            y: 'eigenvalue',
            width: 0,
          }),
          curve(`${sector}: smallest minus deviation`, eigenvalue(ranks.at(-1)!, -1), colour, {
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
        ...drawn.flatMap(({ name, colour, side, mean }) => [
          mean,
          curve(`${name}, plus deviation`, fraction(side, 1), colour, { width: 0 }),
          curve(`${name}, minus deviation`, fraction(side, -1), colour, { width: 0, band: true }),
          guide(`${name}, population`, across(side.exact), {}, colour),
        ]),
      ],
      {
        x: logAxis({ title: 'samples n', side: 'bottom', min: 85, max: 1.18e5, every: 1 }),
        y: linearAxis({ title: `fₜₒₚ(${k})`, side: 'left', min: -0.08, max: 1.08, ticks: [0, 0.5, 1], share: 8 }),
        gap: gap('left', 0.8),
        eigenvalue: logAxis({
          title: 'eigenvalue',
          side: 'left',
          min: low,
          max: high,
          ticks: decimalTicks(low, high),
          share: 14,
        }),
      },
      {
        panels: [{ y: 'eigenvalue' }, { y: 'y' }],
        legends: [
          {
            yAxis: 'eigenvalue',
            columns: 2,
            entries: groups.map(({ sector, multiplicity, level }) => ({
              text: `${printed(sector)}${sector === 'trivial' ? ' (gradient)' : ''} × ${multiplicity}`,
              like: level,
            })),
          },
          { entries: drawn.map(({ text, mean }) => ({ text, like: mean })) },
        ],
      },
    ),
  };
}

/** `from n = 1000 on, of those shown,` */
function reachedFrom({ reached }: Side): string {
  return reached === null ? 'at none of the n shown' : `from n = ${reached} on, of those shown,`;
}

interface Side {
  readonly model: { readonly classes: number; readonly dim: number; readonly noise: number; readonly margin: number };
  readonly results: readonly ReturnType<typeof finiteSample>[];
  readonly exact: number;
  readonly reached: number | null;
}
