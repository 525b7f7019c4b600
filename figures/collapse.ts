import { exactFlow, exactSnapshot, randomWeights, symmetricSnapshot } from '../src/exact/noiseless/index.js';
import { topFraction } from '../src/observe/index.js';
import { gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import type { FigureProgram } from './program.js';
import { intervalNote } from './interval-note.js';
import { pointsOf, sampledCurve } from './sampled-curve.js';
import { columnWidth, curve, guide, palette } from './style.js';

/** How many W(0) are averaged: `many`, where f_top of one W(0) fluctuates by about its own size, or one. */
const ensembles = [
  { k: 2, many: false, colour: palette.purple, dash: [], law: { text: '', factor: 1, x: 1, dy: 0 } },
  { k: 3, many: true, colour: palette.green, dash: [6, 1.5], law: { text: 't⁻²ᐟ³', factor: 1 / 4, x: 3e8, dy: 9 } },
  { k: 10, many: true, colour: palette.vermilion, dash: [], law: { text: 't⁻¹ᐟ⁵', factor: 3, x: 1e10, dy: -9 } },
  { k: 100, many: false, colour: palette.blue, dash: [2, 1.5], law: { text: 't⁻¹ᐟ⁵⁰', factor: 1 / 3, x: 1e5, dy: 9 } },
] as const;

const [first, last] = [1e-4, 1e12];
const least = 1e-12;

const defaults = { scale: 0.1, draws: 96 };

export const collapseProgram: FigureProgram = {
  name: 'collapse',
  help: 'f_top(k) against time without noise, from small random W(0): near 1/(k − 1), then 1',
  isRandom: true,
  defaults,
  draw: collapseFigure,
};

/** f_top(k) against time from small random W(0) ~ N(0, scale²), exact, with its start 1/(k − 1) and the law 1 − f_top ~ t^{−2/k}; the mean of `draws` W(0) for k = 3 and 10. */
export function collapseFigure({ seed = 1, scale = defaults.scale, draws = defaults.draws } = {}): Figure {
  const runs = ensembles.map((ensemble) => {
    const fraction = averageFraction(ensemble.k, ensemble.many ? draws : 1, scale, seed);
    const seen = ({ lower, upper }: Fraction): number[] => [
      lower / 1.05,
      Math.log10(Math.max(least, 1 - upper)) / -Math.log10(least),
    ];
    const samples = sampledCurve(fraction, { from: first, to: last, points: 29, tolerance: 5e-3, seen });
    const colour = ensemble.colour;
    const line = curve(
      `f_top(${ensemble.k})`,
      pointsOf(samples, ({ lower }) => lower),
      colour,
      { dash: ensemble.dash },
    );
    return { ...ensemble, start: fraction(0), end: samples.at(-1)!.value, samples, line };
  });
  const collapsing = runs.filter(({ k }) => k > 2); // for k = 2 the Hessian has rank 2, and f_top = 1 always
  const zero = topFraction(symmetricSnapshot(10, 10, 0), 10);
  const widest = Math.max(
    ...runs.flatMap(({ samples }) => samples.map(({ value: { lower, upper } }) => upper - lower)),
  );
  const anything = curve(
    'f_top(k) at t = 0, W(0) = 0: any value between',
    [zero.lower, zero.upper].map((y) => ({ x: 0, y })),
    '#bbbbbb',
    { x: 'start', width: 6 },
  );
  const starts = collapsing.map(({ k }) =>
    guide(
      `1/(k − 1), k = ${k}`,
      [first, 1].map((x) => ({ x, y: 1 / (k - 1) })),
    ),
  );
  const law = ({ k, law: { factor }, end }: (typeof runs)[number], x: number) => ({
    x,
    y: factor * (1 - end.upper) * (x / last) ** (-2 / k),
  });
  return {
    id: 'collapse',
    title: 'The gradient collapses into the top-k subspace',
    caption:
      `Fraction f_top(k) of the squared gradient in the top k eigenvectors of the Hessian, in the noiseless model with k orthonormal class means, solved exactly from small random initial weights ` +
      `(independent normal entries of standard deviation ${scale}, seed ${seed}; mean over ${draws} draws for k = 3 and 10, one draw for k = 2 and 100, where f_top jumps as levels cross). (a) f_top starts near 1/(k − 1), dashed, and collapses to 1; for k = 2 the Hessian has rank 2 and f_top = 1 at all times. ` +
      `Left of both panels: t = 0, with the random W(0) as dots; the bar is W(0) = 0, where all k(k − 1) positive eigenvalues coincide, no top-k subspace exists and f_top(k) may be any value in [0, 1]. ` +
      `(b) 1 − f_top with the law t^(−2/k), dashed, shifted to lie beside the curve. ` +
      `For random W(0) ${intervalNote(widest)}`,
    columns: ['series', 'time', 'value'],
    width: columnWidth,
    height: 380,
    chart: chart(
      [
        ...runs.flatMap(({ k, colour, start, samples, line }) => [
          curve(`f_top(${k}) at t = 0`, [{ x: 0, y: start.lower }], colour, { x: 'start', dots: 2.5 }),
          line,
          curve(
            `f_top(${k}), upper end`,
            pointsOf(samples, ({ upper }) => upper),
            colour,
            { band: true, width: 0 },
          ),
        ]),
        anything,
        ...starts,
        ...collapsing.flatMap(({ k, colour, dash, start, samples }) => [
          curve(`1 − f_top(${k}) at t = 0`, [{ x: 0, y: 1 - start.upper }], colour, {
            x: 'start',
            y: 'rest',
            dots: 2.5,
          }),
          curve(
            `1 − f_top(${k})`,
            pointsOf(samples, ({ upper }) => 1 - upper),
            colour,
            { y: 'rest', dash },
          ),
        ]),
        ...collapsing.map((run) =>
          guide(
            `law t^(−2/k), k = ${run.k}`,
            [3e4, last].map((x) => law(run, x)),
            { y: 'rest' },
          ),
        ),
      ],
      {
        start: linearAxis({ side: 'bottom', min: -1, max: 1, ticks: [0], share: 1 }),
        between: gap('bottom', 0.7),
        x: logAxis({ title: 'time t', side: 'bottom', min: first, max: last, every: 4, share: 12 }),
        rest: logAxis({ title: '1 − fₜₒₚ(k)', side: 'left', min: least, max: 2, every: 3, share: 10 }),
        gap: gap('left', 0.8),
        y: linearAxis({ title: 'fₜₒₚ(k)', side: 'left', min: 0, max: 1.05, ticks: [0, 0.5, 1], share: 10 }),
      },
      {
        panels: [
          { x: 'start', y: 'y' },
          { x: 'start', y: 'rest' },
        ],
        labels: collapsing.map((run) => ({
          ...law(run, run.law.x),
          text: run.law.text,
          dy: run.law.dy,
          align: run.k === 3 ? 'right' : 'left',
          yAxis: 'rest',
          colour: run.colour,
        })),
        legends: [
          {
            entries: [
              ...runs.map(({ k, line }) => ({ text: k === 2 ? 'k = 2 (rank 2: always 1)' : `k = ${k}`, like: line })),
              { text: '1/(k − 1)', like: starts[0]! },
              { text: 't = 0: W(0) = 0, undefined', like: anything },
              { text: 't = 0: random W(0)', like: curve('', [], palette.ink, { width: 0, dots: 2.5 }) },
            ],
          },
        ],
      },
    ),
  };
}

interface Fraction {
  readonly lower: number;
  readonly upper: number;
}

/** The mean over W(0) of both ends of f_top(k), as a function of time. */
function averageFraction(k: number, draws: number, scale: number, seed: number): (time: number) => Fraction {
  const flows = Array.from({ length: draws }, (_, draw) => exactFlow(k, randomWeights(k, scale, seed, draw)));
  return (time) => {
    const fractions = flows.map((flow) => topFraction(exactSnapshot(flow.at(time), k), k));
    const mean = (end: keyof Fraction): number => fractions.reduce((sum, f) => sum + f[end], 0) / draws;
    return { lower: mean('lower'), upper: mean('upper') };
  };
}
