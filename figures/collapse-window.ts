import { exactFlow, exactSnapshot, randomWeights } from '../src/exact/noiseless/index.js';
import { collapses, firstCrossing, marginClock, type CollapseState } from '../src/exact/noisy/index.js';
import { topFraction } from '../src/observe/index.js';
import { decimalTicks, gap, logAxis, powerOfTen } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import type { FigureOptions, FigureProgram } from './program.js';
import { pointsOf, sampledCurve } from './sampled-curve.js';
import { columnWidth, curve, guide, logSpaced, palette, region } from './style.js';

const starts = [
  { delta: 1e-3, text: 'δ = 10⁻³', colour: palette.blue, dash: [] },
  { delta: 1e-2, text: 'δ = 10⁻²', colour: palette.green, dash: [6, 1.5] },
  { delta: 1e-1, text: 'δ = 10⁻¹', colour: palette.vermilion, dash: [2, 1.5] },
] as const;

const exactDraws = 21;
const threshold = 0.99;
const noises = [0.2, 0.3, 0.4, 0.5, 0.7, 1];
const latest = 5e3;

const defaults = { classes: 10, dim: 50, noise: 0.3, draws: 300 };

export const collapseWindowProgram: FigureProgram = {
  name: 'collapse-window',
  help: 'with noise the collapse ends: the window of time in which f_top(k) is near 1',
  isRandom: true,
  defaults,
  bounds: { classes: [3, 100], noise: [0.2, 1] },
  draw: collapseWindowFigure,
};

/** 1 − f_top(k) in time from small random W(0) with noise σ, and the window in which it is below 0.01 against the noise. */
export function collapseWindowFigure({
  seed = 1,
  classes: k = defaults.classes,
  dim = defaults.dim,
  noise: shown = defaults.noise,
  draws = defaults.draws,
  onProgress = () => undefined,
}: FigureOptions<typeof defaults> = {}): Figure {
  const times = logSpaced(-3, Math.log10(latest), 140);
  const deltas = starts.map(({ delta }) => delta);
  const scanned = [...new Set([...noises, shown])].sort((x, y) => x - y);
  const runs = scanned.map((noise, i) => {
    onProgress(i / scanned.length);
    const asked = noise === shown ? times : [latest];
    const options = { deltas, times: asked, draws, threshold, seed };
    return { noise, byDelta: collapses({ classes: k, dim, noise }, options) };
  });
  const example = runs.find(({ noise }) => noise === shown)!.byDelta;
  const curves = starts.map((start, i) => {
    const ends = runs.map(({ noise, byDelta }) => ({ noise, ...byDelta[i]!.window }));
    const windows = ends.flatMap(({ noise, opens, closes }) =>
      opens === null || closes === null ? [] : [{ noise, opens, closes }],
    );
    const median = lost(example[i]!.states, 1);
    const deepest = median.reduce((a, b) => (b.y < a.y ? b : a));
    const shade = { target: { value: 1 - threshold }, above: 'transparent', below: `${start.colour}30` };
    return {
      ...start,
      states: example[i]!.states,
      deepest,
      median: { ...curve(`1 − f_top(${k}), median, δ = ${start.delta}`, median, start.colour), fill: shade },
      opening: windows.map(({ noise, opens }) => ({ x: opens, y: noise })),
      closing: windows.map(({ noise, closes }) => ({ x: closes, y: noise })),
      exact: guide(`exact, no noise, median, δ = ${start.delta}`, noiseless(k, start.delta, seed), {}, start.colour),
    };
  });
  const crossed = Math.exp(marginClock({ classes: k, noise: shown }, latest).logTimeAt(firstCrossing(k, shown).margin));
  const least = 10 ** Math.floor(Math.log10(Math.min(...curves.map(({ deepest }) => deepest.y))) - 0.6);
  const limit = guide(
    'threshold',
    [times[0]!, latest].map((x) => ({ x, y: 1 - threshold })),
    {},
    palette.ink,
  );
  const windows = curves.map(({ delta, colour, dash, opening, closing }) => ({
    inside: region(`window, δ = ${delta}`, [...opening, ...closing.toReversed()], colour, { y: 'noise' }),
    opening: curve(`opening, δ = ${delta}`, opening, colour, { y: 'noise', dots: 1.8, dash }),
    closing: curve(`closing, δ = ${delta}`, closing, colour, { y: 'noise', dots: 1.8, dash }),
  }));
  return {
    id: 'collapse-window',
    title: 'With noise the collapse is a window in time',
    caption:
      `Gradient flow from W(0) with independent normal entries of standard deviation δ = 10⁻³, 10⁻², 10⁻¹; k = ${k} orthonormal means, d = ${dim}. (a) 1 − f_top(k) at σ = ${shown} to first order in δ (linear response about the exact symmetric flow; median over ${draws} draws, band from 5 to 95 %). ` +
      `It falls to ${curves.map(({ deepest: { y: x } }) => `${(x / 10 ** Math.floor(Math.log10(x))).toFixed(1)}·${powerOfTen(Math.floor(Math.log10(x)))}`).join(', ')}, and rises to 1 at t = ${crossed.toFixed(0)}, where the level of the symmetric gradient falls below the antisymmetric one. The window in which the median exceeds ${threshold} is shaded. Thin, dashed: the exact flow without noise, median over ${exactDraws} draws. It shows where the first order does not hold: until f_top is close to 1, the deviations are as large as the gaps between levels, and f_top rises later than it says. ` +
      `(b) That window against the noise, shaded, for ${scanned.length} values of σ from ${scanned[0]!} to ${scanned.at(-1)!}; read off a grid of times about ${Math.round(100 * ((latest / (0.1 * Math.min(...deltas))) ** (1 / 160) - 1))} % apart. While it is wide it opens at a time proportional to δ, and closes at one that depends little on δ, so that the windows lie in one another. Of these σ the largest with a window is ${curves.map(({ text, opening }) => `${opening.at(-1)?.y ?? 'none'} for ${text}`).join(', ')}.`,
    columns: ['series', 'time', 'value'],
    width: columnWidth,
    height: 400,
    chart: chart(
      [
        ...curves.flatMap(({ delta, colour, states, median, exact }) => [
          median,
          curve(`1 − f_top(${k}), 5 % of draws above, δ = ${delta}`, lost(states, 0), colour, { width: 0 }),
          curve(`1 − f_top(${k}), 5 % of draws below, δ = ${delta}`, lost(states, 2), colour, { width: 0, band: true }),
          exact,
        ]),
        limit,
        ...windows.flatMap(({ opening, closing }) => [opening, closing]),
        ...windows.map(({ inside }) => inside),
      ],
      {
        x: logAxis({ title: 'time t', side: 'bottom', min: times[0]!, max: latest, every: 1 }),
        noise: logAxis({
          title: 'noise σ',
          side: 'left',
          min: 0.9 * scanned[0]!,
          max: 1.15 * scanned.at(-1)!,
          ticks: decimalTicks(0.9 * scanned[0]!, 1.15 * scanned.at(-1)!),
          share: 8,
        }),
        gap: gap('left', 0.8),
        y: logAxis({ title: '1 − fₜₒₚ(k)', side: 'left', min: least, max: 4, every: 2, share: 10 }),
      },
      {
        panels: [{ y: 'y' }, { y: 'noise' }],
        labels: curves.map(({ text, colour, deepest }) => ({
          text,
          ...deepest,
          dy: 9,
          align: 'center' as const,
          colour,
        })),
        legends: [
          {
            entries: [
              {
                text: `σ = ${shown}, first order in δ`,
                like: { ...curves[0]!.median, borderColor: palette.ink, fill: false },
              },
              { text: 'σ = 0, exact', like: { ...curves[0]!.exact, borderColor: palette.ink } },
              { text: `fₜₒₚ(k) > ${threshold}`, like: region('', [], palette.ink) },
            ],
          },
          {
            yAxis: 'noise',
            entries: curves.map(({ text, colour, dash }) => ({
              text,
              like: { ...region('', [], colour), borderWidth: 1.5, borderDash: dash },
            })),
          },
        ],
      },
    ),
  };
}

const lost = (states: readonly CollapseState[], quantile: 0 | 1 | 2): DrawnPoint[] =>
  states.map(({ time, quantiles }) => ({ x: time, y: 1 - quantiles[quantile] }));

/** The median of 1 − f_top(k) in the exact flow without noise, from W(0) of the same law. */
function noiseless(k: number, delta: number, seed: number): DrawnPoint[] {
  const flows = Array.from({ length: exactDraws }, (_, i) => exactFlow(k, randomWeights(k, delta, seed, i)));
  const median = (time: number): number => {
    const fractions = flows.map((flow) => topFraction(exactSnapshot(flow.at(time), k), k).lower);
    return 1 - fractions.sort((x, y) => x - y)[(exactDraws - 1) / 2]!;
  };
  const seen = (y: number): number[] => [Math.log10(y) / 8];
  return pointsOf(
    sampledCurve(median, { from: delta / 3, to: 100 * delta, points: 17, tolerance: 3e-3, seen }),
    (y) => y,
  );
}
