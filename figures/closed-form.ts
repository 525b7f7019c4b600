import { integrateSoftmaxFlow } from '../src/exact/flow/index.js';
import { exactFlow, randomWeights } from '../src/exact/noiseless/index.js';
import { logAxis, powerOfTen } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import type { FigureProgram } from './program.js';
import { columnWidth, curve, logSpaced, palette } from './style.js';

const tolerances = [
  { exponent: -6, colour: palette.purple, dash: [1.5, 1.5] },
  { exponent: -8, colour: palette.vermilion, dash: [4, 1.5] },
  { exponent: -10, colour: palette.green, dash: [7, 2] },
  { exponent: -12, colour: palette.blue, dash: [] },
] as const;

const defaults = { classes: 10, scale: 1 };

export const closedFormProgram: FigureProgram = {
  name: 'closed-form',
  help: 'the closed form against a numerical integration of the same flow',
  isRandom: true,
  defaults,
  draw: closedFormFigure,
};

/** The closed form against a numerical integration of the same flow, from W(0) ~ N(0, scale²): two paths that share no formula. */
export function closedFormFigure({ seed = 1, classes: k = defaults.classes, scale = defaults.scale } = {}): Figure {
  const initial = randomWeights(k, scale, seed);
  const times = logSpaced(-2, 6, 65);
  const exact = exactFlow(k, initial);
  const states = times.map((time) => exact.at(time));
  const runs = tolerances.map(({ exponent, colour, dash }) => {
    const tolerance = Number(`1e${exponent}`);
    const solution = integrateSoftmaxFlow(
      { classes: k, initial, times: [0, ...times] },
      { relativeTolerance: tolerance, absoluteTolerance: tolerance },
    );
    const points = times.map((x, i) => ({ x, y: largestDifference(solution.states[i + 1]!, states[i]!.weights) }));
    return {
      exponent,
      evaluations: solution.evaluations,
      points,
      line: curve(`tolerance 1e${exponent}`, points, colour, { dash }),
    };
  });
  const largest = Math.max(...runs.flatMap(({ points }) => points.map(({ y }) => y)));
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
      runs.map(({ line }) => line),
      {
        x: logAxis({ title: 'time t', side: 'bottom', min: 1e-2, max: 1e6, every: 2 }),
        y: logAxis({
          title: 'max |W − W(closed form)|',
          side: 'left',
          min: 1e-17,
          max: Math.max(10, 1e7 * largest),
          every: 4,
        }),
      },
      {
        legends: [
          {
            entries: runs.map(({ exponent, evaluations, line }) => {
              return { text: `tolerance ${powerOfTen(exponent)}: ${evaluations} evaluations`, like: line };
            }),
          },
        ],
      },
    ),
  };
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
