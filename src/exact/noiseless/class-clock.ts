import { bracketedRoot } from '../../numeric/quadrature/bracketed-root.js';
import { compensatedSum } from '../../numeric/kernels/compensated-sum.js';
import { gaussLegendre, type QuadratureRule } from '../../numeric/quadrature/gauss-legendre.js';

/**
 * One class of the noiseless model, any initial logits: dw/dt = −(1/k)(softmax(w) − e_a).
 *
 * Only the ratios q_c = e^{w_c(0) − w_a(0)}, c ≠ a, matter. With a clock s ≥ 0, s(0) = 0, the solution is
 *   w_c − w_a = log q_c − log(1 + s q_c) − log P(s),   P(s) = Π_{c≠a} (1 + s q_c),
 *   t = k { log P(s) + ∫₀^s P(s′) ds′ }.
 * Everything is kept in logarithms of s and q_c, so that nothing overflows at any time, k or initial value.
 */
export interface ClassClock {
  /** log t as a function of log s: strictly increasing. */
  logTime(logClock: number): number;
  /** log s(t). Throws NumericalError never in the domain t ∈ [1e-200, 1e12]. Cost: about ten O(k²/2) evaluations. */
  solve(time: number): number;
  /** log(p_c / p_a) for c ≠ a, in the order of the initial log ratios. */
  logRatios(logClock: number): Float64Array;
}

/**
 * The clock of a class with initial log ratios log q_c, c ≠ a (so k − 1 of them).
 *
 * The integral is a polynomial of degree k with positive coefficients; scaled by s P(s) it is
 * ∫₀¹ Π_c (1 − π_c y) dy with π_c = s q_c / (1 + s q_c) ∈ (0, 1), which Gauss–Legendre points integrate to rounding.
 */
export function classClock(initialLogRatios: Float64Array): ClassClock {
  const k = initialLogRatios.length + 1;
  const rule = ruleForClasses(k);

  const logTime = (logClock: number): number => {
    const logLogP = logSoftplusSum(initialLogRatios, logClock);
    const logIntegral = logClock + Math.exp(logLogP) + Math.log(scaledIntegral(initialLogRatios, logClock, rule));
    return Math.log(k) + logAddExp(logLogP, logIntegral);
  };

  return {
    logTime,
    solve(time) {
      const target = Math.log(time);
      const high = target - Math.log(k) + 1; // t ≥ k s
      let reach = 1;
      while (logTime(high - reach) > target) reach *= 2;
      return bracketedRoot((x) => logTime(x) - target, high - reach, high);
    },
    logRatios(logClock) {
      const logP = Math.exp(logSoftplusSum(initialLogRatios, logClock));
      return initialLogRatios.map((logQ) => {
        const x = logClock + logQ;
        return (x > 0 ? -logClock - Math.log1p(Math.exp(-x)) : logQ - Math.log1p(Math.exp(x))) - logP;
      });
    },
  };
}

/** t as a function of log s for a class with initial log ratios log q_c. */
export function clockTime(initialLogRatios: Float64Array, logClock: number): number {
  return Math.exp(classClock(initialLogRatios).logTime(logClock));
}

const rules = new Map<number, QuadratureRule>();

/**
 * Enough points for any π_c. ⌈k/2⌉ are exact, the integrand being a polynomial of degree k − 1. For large k fewer do: on
 * the Bernstein ellipse of [0, 1] with parameter e^h the integrand is at most exp(k (cosh h − 1)/2), the integral is at least
 * 1/k (Jensen), so N points have relative error ≤ 3k exp(k (cosh h − 1)/2 − 2Nh)/(1 − e^{−2h}) for every h > 0
 * (Trefethen, Approximation Theory and Approximation Practice, Thm 19.3); sinh h = 4N/k is best.
 */
function ruleForClasses(k: number): QuadratureRule {
  let points = 1;
  while (2 * points < k) {
    const h = Math.asinh((4 * points) / k);
    const bound = (3 * k * Math.exp((k * (Math.cosh(h) - 1)) / 2 - 2 * points * h)) / -Math.expm1(-2 * h);
    if (bound < Number.EPSILON / 8) break;
    points++;
  }
  const rule = rules.get(points) ?? gaussLegendre(points);
  rules.set(points, rule);
  return rule;
}

/** ∫₀¹ Π_c (1 − π_c y) dy, each factor as (1 − y) + (1 − π_c) y, a sum of positive terms. */
function scaledIntegral(logQ: Float64Array, logClock: number, rule: QuadratureRule): number {
  const complements = logQ.map((q) => 1 / (1 + Math.exp(logClock + q))); // 1 − π_c
  let sum = 0;
  for (let i = 0; i < rule.nodes.length; i++) {
    const y = rule.nodes[i]!;
    const rest = rule.complements[i]!;
    let product = rule.weights[i]!;
    for (let c = 0; c < complements.length; c++) product *= rest + complements[c]! * y;
    sum += product;
  }
  return sum;
}

/** log Σ_c log(1 + e^{x_c}), x_c = log s + log q_c: also where every term underflows. */
function logSoftplusSum(logQ: Float64Array, logClock: number): number {
  let largest = -Infinity;
  for (const q of logQ) largest = Math.max(largest, logClock + q);
  const shift = Math.min(largest, 0);
  const scale = Math.exp(-shift);
  const sum = compensatedSum(logQ.length, (c) => {
    const x = logClock + logQ[c]!;
    return x < -37 ? Math.exp(x - shift) : (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))) * scale;
  });
  return shift + Math.log(sum);
}

function logAddExp(a: number, b: number): number {
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}
