import { NumericalError } from '../../errors.js';

/** A log-concave integrand at a point: its logarithm and the first two derivatives of that, the second with its sign changed. */
export interface LogConcave {
  readonly log: number;
  readonly slope: number;
  readonly curvature: number;
}

/**
 * log ∫ exp(log f) over the real line for a log-concave analytic f.
 *
 * The maximum is found by Newton's iteration on the decreasing slope, kept within a bracket; from there the trapezoidal rule is
 * summed outwards on both sides until f has fallen by e^−drop. Its step is 9/drop widths 1/√curvature: for e^{Nτ − e^τ}, of width
 * 1/√N and a strip π/2, that leaves an error of e^−drop, for a normal density far less; `longestStep` bounds it where f is flat
 * at its maximum. `visit` sees every point with its weight relative to the maximum.
 *
 * `scale`: the length on which f varies, for the first steps. Throws NumericalError if no maximum is found or f is not finite.
 * Cost: 5 to 15 evaluations to find the maximum, then about drop²/4.
 */
export function logConcaveIntegral<T extends LogConcave>(
  f: (tau: number) => T,
  options: { readonly drop: number; readonly scale: number; readonly longestStep?: number },
  visit?: (weight: number, value: T) => void,
): number {
  const { drop, scale, longestStep = Infinity } = options;
  const { tau: centre, top, width } = findMaximum(f, scale);
  const step = Math.min((9 / drop) * width, longestStep);
  let total = 0;
  const add = (tau: number): boolean => {
    const value = f(tau);
    const weight = Math.exp(value.log - top);
    total += weight;
    visit?.(weight, value);
    return value.log - top > -drop;
  };
  for (let i = 0; add(centre + i * step); i++);
  for (let i = 1; add(centre - i * step); i++);
  if (!(total > 0 && total < Infinity)) throw new NumericalError(`a log-concave integral came out as ${total}`);
  return top + Math.log(total * step);
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
