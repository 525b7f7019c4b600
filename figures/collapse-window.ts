import { exactFlow, exactSnapshot, randomWeights } from '../src/model/index.js';
import { collapses, firstCrossing, marginClock, type CollapseState } from '../src/noise/index.js';
import { topFraction } from '../src/observe/index.js';
import { gap, logAxis, powerOfTen } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import { columnWidth, curve, guide, logSpaced, palette } from './style.js';

const starts = [
  { delta: 1e-3, text: 'δ = 10⁻³', colour: palette.blue },
  { delta: 1e-2, text: 'δ = 10⁻²', colour: palette.green },
  { delta: 1e-1, text: 'δ = 10⁻¹', colour: palette.vermilion },
] as const;

const [k, dim, shown, draws, exactDraws] = [10, 50, 0.3, 300, 21];
const threshold = 0.99;
const noises = [0.2, 0.3, 0.45, 0.65, 1];
const latest = 5e3;
const least = 1e-8;

/** 1 − f_top(k) in time from small random W(0) with noise, and the window in which it is below 0.01 against the noise. */
export function collapseWindow({
  seed,
  onProgress = () => undefined,
}: {
  readonly seed: number;
  readonly onProgress?: (share: number) => void;
}): Figure {
  const times = logSpaced(-3, Math.log10(latest), 140);
  const deltas = starts.map(({ delta }) => delta);
  const runs = noises.map((noise, i) => {
    onProgress(i / noises.length);
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
    return {
      ...start,
      states: example[i]!.states,
      opening: windows.map(({ noise, opens }) => ({ x: opens, y: noise })),
      closing: windows.map(({ noise, closes }) => ({ x: closes, y: noise })),
      exact: noiseless(start.delta, seed),
    };
  });
  const crossed = Math.exp(marginClock({ classes: k, noise: shown }, latest).logTimeAt(firstCrossing(k, shown).margin));
  const deepest = curves.map(({ states }) => Math.min(...states.map(({ quantiles }) => 1 - quantiles[1])));
  const highest = curves.map(({ opening }) => opening.at(-1)!.y);

  return {
    id: 'collapse-window',
    title: 'With noise the collapse is a window in time',
    caption:
      `Gradient flow from W(0) with independent normal entries of standard deviation δ = 10⁻³, 10⁻², 10⁻¹; k = ${k} orthonormal means, d = ${dim}. Top: 1 − f_top(k) at σ = ${shown} to first order in δ (linear response about the exact symmetric flow; median over ${draws} draws, band from 5 to 95 %). ` +
      `It falls to ${deepest.map((x) => `${(x / 10 ** Math.floor(Math.log10(x))).toFixed(1)}·${powerOfTen(Math.floor(Math.log10(x)))}`).join(', ')}, and rises to 1 at t = ${crossed.toFixed(0)}, where the level of the symmetric gradient falls below the antisymmetric one. Thin, dashed: the exact flow without noise, median over ${exactDraws} draws. It shows where the first order does not hold: until f_top is close to 1, the deviations are as large as the gaps between levels, and f_top rises later than it says. ` +
      `Bottom: the window in which the median of f_top(k) exceeds ${threshold} (below the dashed line of the top panel), for ${noises.length} values of σ from ${noises[0]!} to ${noises.at(-1)!}; read off a grid of times about ${Math.round(100 * ((latest / (0.1 * Math.min(...deltas))) ** (1 / 160) - 1))} % apart. While it is wide it opens at a time proportional to δ, and closes at one that depends little on δ (the closings for 10⁻² lie under those for 10⁻³). The last window is found at ${starts.map(({ text }, i) => `σ = ${highest[i]!} for ${text}`).join(', ')}.`,
    columns: ['series', 'time', 'value'],
    width: columnWidth,
    height: 350,
    chart: chart(
      [
        ...curves.flatMap(({ delta, colour, states, exact }) => [
          curve(`1 − f_top(${k}), median, δ = ${delta}`, lost(states, 1), colour),
          curve(`1 − f_top(${k}), 5 % of draws above, δ = ${delta}`, lost(states, 0), colour, { width: 0 }),
          curve(`1 − f_top(${k}), 5 % of draws below, δ = ${delta}`, lost(states, 2), colour, { width: 0, band: true }),
          guide(`exact, no noise, median, δ = ${delta}`, exact, {}, colour),
        ]),
        guide(
          'threshold',
          [times[0]!, latest].map((x) => ({ x, y: 1 - threshold })),
        ),
        ...curves.flatMap(({ delta, colour, opening, closing }) => [
          curve(`opening, δ = ${delta}`, opening, colour, { y: 'noise', dots: 1.8 }),
          curve(`closing, δ = ${delta}`, closing, colour, { y: 'noise', dots: 1.8 }),
        ]),
      ],
      {
        x: logAxis({ title: 'time t', side: 'bottom', min: times[0]!, max: latest, every: 1 }),
        noise: logAxis({ title: 'noise σ', side: 'left', min: 0.18, max: 1.15, ticks: [0.2, 0.3, 0.5, 1], share: 8 }),
        gap: gap('left', 0.8),
        y: logAxis({ title: '1 − fₜₒₚ(k)', side: 'left', min: least, max: 4, every: 2, share: 10 }),
      },
      [
        ...curves.map(({ text, colour }, i) => ({
          text,
          x: 28,
          y: deepest[i]!,
          dy: 9,
          align: 'center' as const,
          colour,
        })),
        { text: 'dashed: exact, σ = 0', x: times[0]!, y: 1e-6, dx: 5 },
        { text: `fₜₒₚ(k) > ${threshold}`, x: 100, y: 0.21, align: 'center', yAxis: 'noise' },
      ],
    ),
  };
}

const lost = (states: readonly CollapseState[], quantile: 0 | 1 | 2): DrawnPoint[] =>
  states.map(({ time, quantiles }) => ({ x: time, y: 1 - quantiles[quantile] })).filter(({ y }) => y >= least);

/** The median of 1 − f_top(k) in the exact flow without noise, from W(0) of the same law. */
function noiseless(delta: number, seed: number): DrawnPoint[] {
  const flows = Array.from({ length: exactDraws }, (_, i) => exactFlow(k, randomWeights(k, delta, seed, i)));
  return logSpaced(Math.log10(delta) - 0.5, Math.log10(delta) + 2, 26).map((time) => {
    const fractions = flows.map((flow) => topFraction(exactSnapshot(flow.at(time), k), k).lower);
    return { x: time, y: 1 - fractions.sort((x, y) => x - y)[(exactDraws - 1) / 2]! };
  });
}
