import { solveFlow } from '../flow/index.js';
import { smallSymmetricEigen } from '../../numeric/kernels/small-symmetric-eigen.js';
import type { LevelCurves } from './level-curves.js';
import type { MarginClock } from './margin-clock.js';

/** ∫λ dt of the sectors symmetric, antisymmetric, bulk, and the propagator of the standard sector, row by row; e^logUnit is taken out of all of them. */
export interface Propagation {
  readonly time: number;
  readonly margin: number;
  /** dα/dt over e^logUnit. */
  readonly rate: number;
  /** 0, and once all of them would underflow the logarithm of the slowest. */
  readonly logUnit: number;
  readonly exponents: readonly [number, number, number];
  readonly propagator: readonly [number, number, number, number];
}

/** Of the propagators. */
export const relativeTolerance = 1e-10;
/** Of a step of the standard sector's propagator: what is less than a hundred of them may be all error, and is taken for none. */
const absoluteTolerance = 1e-13;
const beyondError = (x: number): number => (Math.abs(x) < 100 * absoluteTolerance ? 0 : x);
/** Below e^this a square is near to underflow. */
const leastLog = -300;

/**
 * Integrates δ_s′ = −λ_s(α(t)) δ_s along the flow, from t = 0 to ascending times, in θ = log(1 + t). From where α is within
 * e^−20 of α* the levels are constant, and so the rest is an exponential in closed form, that of dα/dt as well: α* − α is soon less than the
 * rounding of α. `present`: what there is beside the first copy of standard. Tolerance 1e-10.
 */
export function propagate(
  curves: LevelCurves,
  clock: MarginClock,
  times: readonly number[],
  present: Readonly<Record<'differences' | 'symmetric' | 'antisymmetric' | 'bulk', boolean>>,
): Propagation[] {
  const settledMargin = clock.optimalMargin * (1 - Math.exp(-20));
  const settled = Math.exp(clock.logTimeAt(settledMargin));
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
      state = solveFlow(field, state, span, { relativeTolerance, absoluteTolerance }).states[1]!;
      from = until;
    }
    const margin = clock.marginAt(time);
    const now =
      time > settled
        ? relaxed(curves, clock.optimalMargin, { state, rate: clock.rateAt(settledMargin) }, time - from, present)
        : { state: state.map((x, i) => (i < 3 ? x : beyondError(x))), rate: clock.rateAt(margin), logUnit: 0 };
    const [symmetric, antisymmetric, bulk, ...propagator] = now.state as unknown as Seven;
    return {
      time,
      margin,
      rate: now.rate,
      logUnit: now.logUnit,
      exponents: [symmetric, antisymmetric, bulk],
      propagator,
    };
  });
}

type Seven = readonly [number, number, number, number, number, number, number];

interface Reached {
  readonly state: Float64Array;
  readonly rate: number;
}

/** What is reached after a further time at α*. */
function relaxed(
  curves: LevelCurves,
  optimalMargin: number,
  { state, rate }: Reached,
  time: number,
  present: Parameters<typeof propagate>[3],
): Reached & { readonly logUnit: number } {
  const levels = curves.at(optimalMargin);
  const [m11, m12, m22] = levels.standard.map(({ value }) => value) as [number, number, number];
  const { values, vectors } = present.differences
    ? smallSymmetricEigen(Float64Array.of(m11, m12, m12, m22), 2)
    : { values: [m11], vectors: [1, 0] };
  const singles = (['symmetric', 'antisymmetric', 'bulk'] as const).map((name, i) => ({
    isThere: present[name],
    exponent: state[i]! + levels[name].value * time,
  }));
  const slowest = Math.min(
    ...[levels.trivial.value, ...values].map((value) => value * time),
    ...singles.filter(({ isThere }) => isThere).map(({ exponent }) => exponent),
  );
  const logUnit = -slowest < leastLog ? -slowest : 0;
  const next = state.slice();
  singles.forEach(({ isThere, exponent }, i) => (next[i] = exponent + (isThere ? logUnit : 0)));
  for (let j = 0; j < 2; j++) {
    const along = Array.from(values, (value, i) => {
      const before = vectors[2 * i]! * state[3 + j]! + vectors[2 * i + 1]! * state[5 + j]!;
      return beyondError(before) * Math.exp(-value * time - logUnit);
    });
    for (const copy of [0, 1])
      next[3 + 2 * copy + j] = along.reduce((sum, x, i) => sum + vectors[2 * i + copy]! * x, 0);
  }
  return { state: next, rate: rate * Math.exp(-levels.trivial.value * time - logUnit), logUnit };
}
