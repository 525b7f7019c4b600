import { NumericalError, UsageError } from '../../errors.js';
import { dormandPrince as tableau, type Ratio } from './dormand-prince-tableau.js';

/** dy/dt = f(t, y), written into `dy`. */
export type VectorField = (t: number, y: Float64Array, dy: Float64Array) => void;

/** Tolerances of the adaptive steps. */
export interface FlowOptions {
  /** Local error per step relative to |y|; default 1e-12. */
  readonly relativeTolerance?: number;
  /** Local error per step near y = 0; default 1e-12. */
  readonly absoluteTolerance?: number;
  /** Steps allowed, accepted or not; default 1 000 000. */
  readonly maxSteps?: number;
}

/** A solution at the times asked for, and the evidence for it. */
export interface FlowSolution {
  readonly times: readonly number[];
  readonly states: readonly Float64Array[];
  readonly evaluations: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Sum over the accepted steps of the largest entry of the local error estimate: the global error if none were damped. */
  readonly errorEstimate: number;
}

const value = ([numerator, denominator]: Ratio): number => numerator / denominator;
const A = tableau.a.map((row) => row.map(value));
const C = tableau.c.map(value);
const E = tableau.b.map((b, i) => value(b) - value(tableau.bHat[i]!));
const D = tableau.d.map(value);

/**
 * Solves dy/dt = f(t, y), y(times[0]) = y0, at every time of the ascending list, by the embedded pair RK5(4)7M with PI step-size
 * control (Gustafsson 1991; Hairer & Wanner II, §IV.2) and dense output of order 4: the step size never depends on the list of
 * times. Throws UsageError for times that do not ascend, NumericalError if the step size underflows, the field is not finite, or
 * steps run out, saying at which time. Cost: six evaluations per step.
 */
export function solveFlow(
  field: VectorField,
  y0: Float64Array,
  times: readonly number[],
  options: FlowOptions = {},
): FlowSolution {
  const { relativeTolerance = 1e-12, absoluteTolerance = 1e-12, maxSteps = 1_000_000 } = options;
  const [start] = times;
  if (start === undefined || times.some((t, i) => !Number.isFinite(t) || (i > 0 && !(t > times[i - 1]!)))) {
    throw new UsageError(`times must be a non-empty ascending list of numbers, received ${times.join(', ')}`);
  }
  const n = y0.length;
  const end = times.at(-1)!;
  const states: Float64Array[] = [y0.slice()];
  const k = Array.from({ length: 7 }, () => new Float64Array(n));
  const stage = new Float64Array(n);
  let y: Float64Array = y0.slice();
  let t = start;
  let [evaluations, accepted, rejected, errorEstimate] = [0, 0, 0, 0];
  const evaluate = (at: number, from: Float64Array, into: Float64Array): void => {
    field(at, from, into);
    evaluations++;
  };
  evaluate(t, y, k[0]!);
  let h = times.length > 1 ? initialStep(y, k[0]!, end - start, absoluteTolerance, relativeTolerance) : 0;
  let previousError = 1e-4;

  while (t < end) {
    if (accepted + rejected >= maxSteps) {
      throw new NumericalError(
        `the flow used ${maxSteps} steps and reached only t = ${t} of ${end}; allow more, or loosen the tolerance`,
      );
    }
    const last = t + h >= end;
    if (last) h = end - t;
    for (let s = 1; s < 7; s++) {
      combine(y, h, A[s]!, k, stage);
      evaluate(t + C[s]! * h, stage, k[s]!);
    }
    const next = stage.slice(); // the seventh stage is y(t + h)
    let scaled = 0;
    let largest = 0;
    for (let i = 0; i < n; i++) {
      let error = 0;
      for (let s = 0; s < 7; s++) error += E[s]! * k[s]![i]!;
      error = Math.abs(h * error);
      const allowed = absoluteTolerance + relativeTolerance * Math.max(Math.abs(y[i]!), Math.abs(next[i]!));
      scaled += (error / allowed) ** 2;
      largest = Math.max(largest, error);
    }
    scaled = Math.sqrt(scaled / n);
    if (!Number.isFinite(scaled)) {
      if (h < 1e-12 * Math.max(1, Math.abs(t))) throw new NumericalError(`the vector field is not finite at t = ${t}`);
      h /= 10;
      rejected++;
    } else if (scaled > 1) {
      h *= Math.max(0.2, 0.9 * scaled ** -0.2);
      rejected++;
      if (t + h === t)
        throw new NumericalError(`the step size underflowed at t = ${t}: the tolerance is below what doubles allow`);
    } else {
      const from = t;
      t = last ? end : t + h;
      while (states.length < times.length && times[states.length]! <= t) {
        const theta = (times[states.length]! - from) / h;
        states.push(theta >= 1 ? next.slice() : denseOutput(y, next, h, k, theta));
      }
      y = next;
      [k[0], k[6]] = [k[6]!, k[0]!];
      accepted++;
      errorEstimate += largest;
      const error = Math.max(scaled, 1e-10);
      h *= Math.min(5, Math.max(0.2, 0.9 * error ** -0.17 * previousError ** 0.04));
      previousError = error;
    }
  }
  return { times, states, evaluations, accepted, rejected, errorEstimate };
}

/** out = y + h Σ_s weights_s k_s. */
function combine(
  y: Float64Array,
  h: number,
  weights: readonly number[],
  k: readonly Float64Array[],
  out: Float64Array,
): void {
  for (let i = 0; i < y.length; i++) {
    let sum = 0;
    for (let s = 0; s < weights.length; s++) sum += weights[s]! * k[s]![i]!;
    out[i] = y[i]! + h * sum;
  }
}

/** The quartic through both ends with the slopes there, and one more condition (Hairer, Nørsett & Wanner I, §II.6). */
function denseOutput(
  y: Float64Array,
  next: Float64Array,
  h: number,
  k: readonly Float64Array[],
  theta: number,
): Float64Array {
  const rest = 1 - theta;
  return y.map((yi, i) => {
    const difference = next[i]! - yi;
    const bend = h * k[0]![i]! - difference;
    const twist = difference - h * k[6]![i]! - bend;
    let fifth = 0;
    for (let s = 0; s < 7; s++) fifth += D[s]! * k[s]![i]!;
    return yi + theta * (difference + rest * (bend + theta * (twist + rest * h * fifth)));
  });
}

/** A first step at which the first-order change is a hundredth of the scale of y. */
function initialStep(y: Float64Array, slope: Float64Array, span: number, absolute: number, relative: number): number {
  let scaleOfY = 0;
  let scaleOfSlope = 0;
  for (let i = 0; i < y.length; i++) {
    const allowed = absolute + relative * Math.abs(y[i]!);
    scaleOfY = Math.max(scaleOfY, Math.abs(y[i]!) / allowed);
    scaleOfSlope = Math.max(scaleOfSlope, Math.abs(slope[i]!) / allowed);
  }
  const step = scaleOfY > 1e-5 && scaleOfSlope > 1e-5 ? (0.01 * scaleOfY) / scaleOfSlope : 1e-6;
  return Math.min(span, step);
}
