import { integrateSoftmaxFlow } from '../src/flow/index.js';
import { exactFlow, randomWeights } from '../src/model/index.js';
import { logAxis, powerOfTen } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, logSpaced, palette } from './style.js';

const tolerances = [
  { exponent: -6, colour: palette.purple },
  { exponent: -8, colour: palette.vermilion },
  { exponent: -10, colour: palette.green },
  { exponent: -12, colour: palette.blue },
] as const;

/** The closed form against a numerical integration of the same flow: two paths that share no formula. */
export function closedForm({ seed, scale = 1 }: { readonly seed: number; readonly scale?: number }): Figure {
  const k = 10;
  const initial = randomWeights(k, scale, seed);
  const times = logSpaced(-2, 6, 65);
  const exact = exactFlow(k, initial);
  const states = times.map((time) => exact.at(time));
  const runs = tolerances.map(({ exponent, colour }) => {
    const tolerance = Number(`1e${exponent}`);
    const solution = integrateSoftmaxFlow(
      { classes: k, initial, times: [0, ...times] },
      { relativeTolerance: tolerance, absoluteTolerance: tolerance },
    );
    const points = times.map((x, i) => ({ x, y: largestDifference(solution.states[i + 1]!, states[i]!.weights) }));
    return { exponent, colour, evaluations: solution.evaluations, points };
  });
  const worst = (run: (typeof runs)[number]): string => Math.max(...run.points.map(({ y }) => y)).toExponential(0);

  return {
    id: 'closed-form',
    title: 'The closed form against numerical integration',
    caption:
      `Largest difference of an entry of W(t) between the closed form and the numerical integration of gradient flow by the Dormand–Prince 5(4) pair, ` +
      `which share no formula: ${k} classes, no noise, W(0) with independent normal entries of standard deviation ${scale} (seed ${seed}). ` +
      `One curve for each relative and absolute tolerance per step, with the evaluations of the gradient up to t = 10⁶ it took. ` +
      `Entries of W reach ${Math.max(...states.at(-1)!.weights).toPrecision(2)}. The difference follows the tolerance, down to ${worst(runs.at(-1)!)} at most for the tightest: it is the error of the integration.`,
    columns: ['series', 'time', 'difference'],
    width: columnWidth,
    height: 230,
    chart: chart(
      runs.map(({ exponent, colour, points }) => curve(`tolerance 1e${exponent}`, points, colour)),
      {
        x: logAxis({ title: 'time t', side: 'bottom', min: 1e-2, max: 1e6, every: 2 }),
        y: logAxis({ title: 'max |W − W(closed form)|', side: 'left', min: 1e-17, max: 1e1, every: 4 }),
      },
      runs.map(({ exponent, evaluations, colour }, i) => ({
        text: `tolerance ${powerOfTen(exponent)}: ${evaluations} evaluations`,
        x: 2e-2,
        y: 10 ** (0.1 - 1.2 * i),
        colour,
      })),
    ),
  };
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
