import {
  exactFlow,
  exactSnapshot,
  integrateSoftmaxFlow,
  randomWeights,
  symmetricPoint,
  symmetricSnapshot,
  topFraction,
} from '../src/index.js';
import { line, race } from './ratio.js';

/** The closed form: against the integration of the flow in one run, and its growth with k (d never enters the cost). */
console.log('ms, best of 3, interleaved: W(t) from random W(0) at t = 1e6');
line('k', 'closed form', 'ODE 1e-10', 'ratio', 'f_top(k)', 'symmetric');
for (const k of [3, 10, 30, 100, 300]) {
  const initial = randomWeights(k, 0.1, 1);
  const state = exactFlow(k, initial).at(1e6);
  const contenders = [
    () => exactFlow(k, initial).at(1e6),
    () => topFraction(exactSnapshot(state, k), k),
    () => topFraction(symmetricSnapshot(k, 1e6, 1e9), k),
    ...(k <= 30
      ? [
          () =>
            integrateSoftmaxFlow(
              { classes: k, initial, times: [0, 1e6] },
              { relativeTolerance: 1e-10, absoluteTolerance: 1e-10 },
            ),
        ]
      : []),
  ];
  const [closed, fraction, symmetric, ode] = race(3, ...contenders);
  line(k, closed!, ode ?? '–', ode === undefined ? '–' : ode / closed!, fraction!, symmetric!);
}
const [scalar, thousand] = race(
  3,
  () => symmetricPoint(1000, 1e9),
  () => topFraction(symmetricSnapshot(1000, 1e6, 1e9), 1000),
);
console.log(
  `\nk = 1000, d = 1000000, t = 1e9: margin, error, loss ${(1000 * scalar!).toFixed(1)} µs; f_top(k) ${thousand!.toFixed(0)} ms`,
);
