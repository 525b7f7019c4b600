import { UsageError } from '../../errors.js';
import { classClock } from './class-clock.js';
import { norm } from '../../numeric/kernels/norm.js';
import { checkModel, checkTime } from './domain.js';

/**
 * The noiseless model at one time. Arrays of k×k hold the entry of class c and mean (or input class) a at `c * k + a`.
 *
 * `weights`: W M, the part of W on the means; the rest of W is frozen and enters nothing. `probabilities`: p_c for an input
 * of class a. `errors`: ε_a = 1 − p_a as a sum, never a difference. `gradient`: G = (1/k)(p − e_a) μ_aᵀ. `largestLog`: the largest
 * logarithm whose exponential was taken; probabilities err by a few eps times it.
 */
export interface ExactState {
  readonly classes: number;
  readonly time: number;
  readonly weights: Float64Array;
  readonly probabilities: Float64Array;
  readonly errors: Float64Array;
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly gradientNorm: number;
  readonly largestLog: number;
}

/** A solved flow. */
export interface ExactFlow {
  /** The state at a time t: 0, or 1e-200 to 1e12. */
  at(time: number): ExactState;
}

/**
 * Gradient flow of the noiseless model with orthonormal means from any W(0) ∈ R^{k×d}, in closed form at any time.
 *
 * Classes decouple; class a has its own clock s_a(t) and
 *   w_a(t) = w_a(0) + Σ_{c≠a} log(1 + s q_c),  w_c(t) = −log(1/q_c + s)  (up to the gauge w_a(0)).
 *
 * `initial` is the part of W(0) on the means, k×k, entry (c, a) at `c * k + a` (for means that are not the first basis
 * vectors: W(0) M with the means as columns of M). Throws UsageError on a wrong length, a value that is not finite, or a
 * time outside {0} ∪ [1e-200, 1e12]. Cost per time: k root solves of O(k²/2) each.
 */
export function exactFlow(classes: number, initial: Float64Array): ExactFlow {
  checkModel(classes);
  const k = classes;
  if (initial.length !== k * k) {
    throw new UsageError(`initial weights must hold classes² = ${k * k} numbers, received ${initial.length}`);
  }
  if (!initial.every((w) => Number.isFinite(w))) throw new UsageError('initial weights must be finite numbers');
  const ratios = Array.from({ length: k }, (_, a) =>
    otherClasses(k, a).map((c) => initial[c * k + a]! - initial[a * k + a]!),
  );
  const clocks = ratios.map((logQ) => classClock(Float64Array.from(logQ)));

  return {
    at(time) {
      checkTime(time);
      const weights = new Float64Array(k * k);
      const probabilities = new Float64Array(k * k);
      const gradient = new Float64Array(k * k);
      const errors = new Float64Array(k);
      let loss = 0;
      let largestLog = 0;
      for (let a = 0; a < k; a++) {
        const logClock = time === 0 ? 0 : clocks[a]!.solve(time);
        const logRatios = time === 0 ? Float64Array.from(ratios[a]!) : clocks[a]!.logRatios(logClock);
        for (const logs of [ratios[a]!, logRatios, [logClock]])
          for (const log of logs) largestLog = Math.max(largestLog, Math.abs(log));
        const largest = logRatios.reduce((m, r) => Math.max(m, r), 0);
        let others = 0; // Σ_{c≠a} p_c / e^{largest}, up to normalisation
        for (const r of logRatios) others += Math.exp(r - largest);
        const total = others + Math.exp(-largest);
        errors[a] = others / total;
        loss += largest === 0 ? Math.log1p(others) : largest + Math.log(total);
        const trueWeight = initial[a * k + a]! + (mean(ratios[a]!, k) - mean(logRatios, k));
        weights[a * k + a] = trueWeight;
        probabilities[a * k + a] = Math.exp(-largest) / total;
        gradient[a * k + a] = -errors[a]! / k;
        otherClasses(k, a).forEach((c, i) => {
          const p = Math.exp(logRatios[i]! - largest) / total;
          weights[c * k + a] = trueWeight + logRatios[i]!;
          probabilities[c * k + a] = p;
          gradient[c * k + a] = p / k;
        });
      }
      return {
        classes: k,
        time,
        weights,
        probabilities,
        errors,
        loss: loss / k,
        gradient,
        gradientNorm: norm(gradient),
        largestLog,
      };
    },
  };
}

/** Σ_c w_c is conserved by the flow: with w_c = w_a + r_c this fixes w_a(t) − w_a(0) = (Σ r_c(0) − Σ r_c(t)) / k. */
function mean(logRatios: ArrayLike<number>, k: number): number {
  let sum = 0;
  for (let i = 0; i < logRatios.length; i++) sum += logRatios[i]!;
  return sum / k;
}

function otherClasses(k: number, a: number): number[] {
  return Array.from({ length: k - 1 }, (_, i) => (i < a ? i : i + 1));
}
