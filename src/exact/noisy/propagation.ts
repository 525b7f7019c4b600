import { solveFlow } from '../flow/index.js';
import { smallSymmetricEigen } from '../../numeric/kernels/small-symmetric-eigen.js';
import type { LevelCurves } from './level-curves.js';
import type { MarginClock } from './margin-clock.js';

/** ∫λ dt of the sectors symmetric, antisymmetric, bulk, and the propagator of the standard sector, row by row. */
export interface Propagation {
  readonly time: number;
  readonly margin: number;
  readonly exponents: readonly [number, number, number];
  readonly propagator: readonly [number, number, number, number];
}

/**
 * Integrates δ_s′ = −λ_s(α(t)) δ_s along the flow, from t = 0 to ascending times, in θ = log(1 + t). From where α is within
 * e^−20 of α* the levels are constant, and so the rest is an exponential in closed form. Tolerance 1e-10.
 */
export function propagate(curves: LevelCurves, clock: MarginClock, times: readonly number[]): Propagation[] {
  const settled = Math.exp(clock.logTimeAt(clock.optimalMargin * (1 - Math.exp(-20))));
  const field = (theta: number, y: Float64Array, dy: Float64Array): void => {
    const time = Math.expm1(theta);
    const { symmetric, antisymmetric, bulk, standard } = curves.at(clock.marginAt(time));
    const speed = 1 + time;
    dy[0] = speed * symmetric.value;
    dy[1] = speed * antisymmetric.value;
    dy[2] = speed * bulk.value;
    const [m11, m12, m22] = standard.map(({ value }) => -speed * value) as [number, number, number];
    for (let j = 0; j < 2; j++) {
      dy[3 + j] = m11 * y[3 + j]! + m12 * y[5 + j]!;
      dy[5 + j] = m12 * y[3 + j]! + m22 * y[5 + j]!;
    }
  };
  let from = 0;
  let state: Float64Array = Float64Array.of(0, 0, 0, 1, 0, 0, 1);
  return times.map((time) => {
    const until = Math.min(time, settled);
    const span = [Math.log1p(from), Math.log1p(until)] as const;
    if (span[1] > span[0]) {
      state = solveFlow(field, state, span, { relativeTolerance: 1e-10, absoluteTolerance: 1e-13 }).states[1]!;
      from = until;
    }
    const now = time > settled ? relaxed(curves, clock.optimalMargin, state, time - from) : state;
    return {
      time,
      margin: clock.marginAt(time),
      exponents: [now[0]!, now[1]!, now[2]!],
      propagator: [now[3]!, now[4]!, now[5]!, now[6]!],
    };
  });
}

/** The state after a further time at α*. */
function relaxed(curves: LevelCurves, optimalMargin: number, state: Float64Array, time: number): Float64Array {
  const { symmetric, antisymmetric, bulk, standard } = curves.at(optimalMargin);
  const [m11, m12, m22] = standard.map(({ value }) => value) as [number, number, number];
  const { values, vectors } = smallSymmetricEigen(Float64Array.of(m11, m12, m12, m22), 2);
  const next = state.slice();
  [symmetric, antisymmetric, bulk].forEach(({ value }, i) => (next[i]! += value * time));
  for (let j = 0; j < 2; j++) {
    const column = [state[3 + j]!, state[5 + j]!];
    const [x, y] = [0, 1].map((i) => {
      const along = vectors[2 * i]! * column[0]! + vectors[2 * i + 1]! * column[1]!;
      return along * Math.exp(-values[i]! * time);
    }) as [number, number];
    next[3 + j] = vectors[0]! * x + vectors[2]! * y;
    next[5 + j] = vectors[1]! * x + vectors[3]! * y;
  }
  return next;
}
