import { exactFlow, exactSnapshot, randomWeights, symmetricSnapshot } from '../src/model/index.js';
import { topFraction } from '../src/observe/index.js';
import { gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import { intervalNote } from './interval-note.js';
import { columnWidth, curve, guide, logSpaced, palette } from './style.js';

/** Of W(0), where f_top fluctuates much. */
const draws = 64;

/** How many W(0) are averaged. f_top of one W(0) fluctuates by about its own size at k = 10, and by 1 % at k = 100. */
const ensembles = [
  { k: 2, samples: 1, colour: palette.purple, law: { text: '', factor: 1, x: 1, dy: 0 } },
  { k: 3, samples: draws, colour: palette.green, law: { text: 't⁻²ᐟ³', factor: 1 / 4, x: 3e8, dy: 9 } },
  { k: 10, samples: draws, colour: palette.vermilion, law: { text: 't⁻¹ᐟ⁵', factor: 3, x: 1e10, dy: -9 } },
  { k: 100, samples: 1, colour: palette.blue, law: { text: 't⁻¹ᐟ⁵⁰', factor: 1 / 3, x: 1e5, dy: 9 } },
] as const;

/** f_top(k) against time from small random W(0), exact, with its start 1/(k − 1) and the law 1 − f_top ~ t^{−2/k}. */
export function collapse({ seed, scale = 0.1 }: { readonly seed: number; readonly scale?: number }): Figure {
  const times = [...logSpaced(-4, 3, 57), ...logSpaced(3.5, 12, 18)];
  const [first, last] = [times[0]!, times.at(-1)!];
  const runs = ensembles.map((ensemble) => ({ ...ensemble, ...averageFraction(ensemble, [0, ...times], scale, seed) }));
  const collapsing = runs.filter(({ k }) => k > 2); // for k = 2 the Hessian has rank 2, and f_top = 1 always
  const zero = topFraction(symmetricSnapshot(10, 10, 0), 10);
  const widest = Math.max(...runs.flatMap(({ lower, upper }) => upper.map((u, i) => u - lower[i]!)));

  const law = ({ k, law, upper }: (typeof runs)[number], x: number) => ({
    x,
    y: law.factor * (1 - upper.at(-1)!) * (x / last) ** (-2 / k),
  });
  return {
    id: 'collapse',
    title: 'The gradient collapses into the top-k subspace',
    caption:
      `Fraction f_top(k) of the squared gradient in the top k eigenvectors of the Hessian, in the noiseless model with k orthonormal class means, solved exactly from small random initial weights ` +
      `(independent normal entries of standard deviation ${scale}; mean over ${draws} draws for k = 3 and 10, one draw for k = 2 and 100). Top: f_top starts near 1/(k − 1), dashed, and collapses to 1; for k = 2 the Hessian has rank 2 and f_top = 1 at all times. ` +
      `Left: t = 0; the bar is W(0) = 0, where all k(k − 1) positive eigenvalues coincide, no top-k subspace exists and f_top(k) may be any value in [0, 1]. ` +
      `Bottom: 1 − f_top with the law t^(−2/k), dashed, shifted to lie beside the curve. ` +
      `For random W(0) ${intervalNote(widest)}`,
    columns: ['series', 'time', 'value'],
    width: columnWidth,
    height: 330,
    chart: chart(
      [
        ...runs.flatMap(({ k, colour, lower, upper }) => [
          curve(`f_top(${k}) at t = 0`, [{ x: 0, y: lower[0]! }], colour, { x: 'start', dots: 2.5 }),
          curve(`f_top(${k})`, points(times, lower), colour),
          curve(`f_top(${k}), upper end`, points(times, upper), colour, { band: true, width: 0 }),
        ]),
        curve(
          'f_top(k) at t = 0, W(0) = 0: any value between',
          [zero.lower, zero.upper].map((y) => ({ x: 0, y })),
          '#bbbbbb',
          { x: 'start', width: 6 },
        ),
        ...collapsing.map(({ k }) =>
          guide(
            `1/(k − 1), k = ${k}`,
            [first, 1].map((x) => ({ x, y: 1 / (k - 1) })),
          ),
        ),
        ...collapsing.flatMap(({ k, colour, upper }) => {
          const rest = upper.map((fraction) => 1 - fraction);
          return [
            curve(`1 − f_top(${k}) at t = 0`, [{ x: 0, y: rest[0]! }], colour, { x: 'start', y: 'rest', dots: 2.5 }),
            curve(`1 − f_top(${k})`, points(times, rest), colour, { y: 'rest' }),
          ];
        }),
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
        between: gap('bottom', 0.5),
        x: logAxis({ title: 'time t', side: 'bottom', min: first, max: last, every: 4, share: 12 }),
        rest: logAxis({ title: '1 − fₜₒₚ(k)', side: 'left', min: 1e-12, max: 2, every: 3, share: 10 }),
        gap: gap('left', 0.8),
        y: linearAxis({ title: 'fₜₒₚ(k)', side: 'left', min: 0, max: 1.05, ticks: [0, 0.5, 1], share: 10 }),
      },
      [
        { text: '← W(0) = 0', x: first, y: 0.8, dx: 2, colour: palette.grey },
        ...runs.map(({ k, colour }, i) => ({
          text: k === 2 ? 'k = 2 (rank 2: always 1)' : `k = ${k}`,
          x: 2e3,
          y: 0.84 - 0.15 * i,
          colour,
        })),
        ...collapsing.map((run) => ({
          ...law(run, run.law.x),
          text: run.law.text,
          dy: run.law.dy,
          align: run.k === 3 ? 'right' : 'left',
          yAxis: 'rest',
          colour: run.colour,
        })),
      ],
    ),
  };
}

const points = (times: readonly number[], values: readonly number[]): DrawnPoint[] =>
  times.map((x, i) => ({ x, y: values[i + 1]! }));

/** The mean over W(0) of both ends of f_top(k) at each time. */
function averageFraction(
  { k, samples }: { k: number; samples: number },
  times: readonly number[],
  scale: number,
  seed: number,
) {
  const lower = times.map(() => 0);
  const upper = times.map(() => 0);
  for (let n = 0; n < samples; n++) {
    const flow = exactFlow(k, randomWeights(k, scale, seed, n));
    times.forEach((time, i) => {
      const fraction = topFraction(exactSnapshot(flow.at(time), k), k);
      lower[i]! += fraction.lower / samples;
      upper[i]! += fraction.upper / samples;
    });
  }
  return { lower, upper };
}
