import { NumericalError } from '../../errors.js';

/** A log-concave integrand at a point: its logarithm and the first two derivatives of that, the second with its sign changed. */
export interface LogConcave {
  readonly log: number;
  readonly slope: number;
  readonly curvature: number;
}

/** An integrand with what is told of its points: `visit` sees each with its weight relative to the maximum. */
export interface Integrand<T extends LogConcave> {
  readonly at: (tau: number) => T;
  readonly visit?: (weight: number, value: T) => void;
  /** Bounds of the step: of one that need not be shorter, whatever the width, and where the integrand is flat at its maximum. */
  readonly enough?: number;
  readonly longestStep?: number;
}

/**
 * log ∫ exp(log f) over the real line for log-concave analytic f, all by the trapezoidal rule on one lattice, τ = j · step, so that what they
 * have in common is met at the same τ.
 *
 * Each maximum is found by Newton's iteration on the decreasing slope, kept within a bracket; from there the rule is summed outwards on
 * both sides until f has fallen by e^−drop. The step is the least of 9/drop widths 1/√curvature: for e^{Nτ − e^τ}, of width 1/√N and a
 * strip π/2, that leaves an error of e^−drop, for a normal density far less.
 *
 * `scale`: the length on which the f vary, for the first steps. Throws NumericalError if no maximum is found or an f is not finite.
 * Cost: for each 5 to 15 evaluations to find the maximum, then about drop²/4.
 */
export function logConcaveIntegrals<T extends LogConcave>(
  integrands: readonly Integrand<T>[],
  { drop, scale }: { readonly drop: number; readonly scale: number },
): number[] {
  const peaks = integrands.map(({ at }) => findMaximum(at, scale));
  const step = Math.min(
    ...integrands.map(({ enough = 0, longestStep = Infinity }, i) =>
      Math.max(enough, Math.min((9 / drop) * peaks[i]!.width, longestStep)),
    ),
  );
  return integrands.map(({ at, visit }, i) => {
    const { tau, top } = peaks[i]!;
    const centre = Math.round(tau / step);
    let total = 0;
    const add = (j: number): boolean => {
      const value = at(j * step);
      const weight = Math.exp(value.log - top);
      total += weight;
      visit?.(weight, value);
      return value.log - top > -drop;
    };
    for (let j = centre; add(j); j++);
    for (let j = centre - 1; add(j); j--);
    if (!(total > 0 && total < Infinity)) throw new NumericalError(`a log-concave integral came out as ${total}`);
    return top + Math.log(total * step);
  });
}

/** The maximum to a tenth of its width. */
function findMaximum(f: (tau: number) => LogConcave, scale: number): { tau: number; top: number; width: number } {
  let low = -Infinity;
  let high = Infinity;
  let tau = -scale;
  let stride = scale;
  for (let round = 0; round < 200; round++) {
    const { log, slope, curvature } = f(tau);
    if (slope > 0) low = tau;
    else high = tau;
    const newton = slope / curvature;
    const width = 1 / Math.sqrt(curvature);
    if (Math.abs(newton) < 0.1 * width || high - low < 1e-3 * width) return { tau, top: log, width };
    let next = tau + newton;
    if (Number.isFinite(high - low)) {
      if (!(next > low && next < high)) next = (low + high) / 2;
    } else if (!(Math.abs(newton) < stride)) {
      next = tau + Math.sign(slope) * stride;
      stride *= 2;
    }
    tau = next;
  }
  throw new NumericalError('a log-concave integrand has no maximum in reach: its parameters are out of range');
}
