import { relativeDifference, scientific, worst } from './numerics.js';
import type { Theorem } from './theorem.js';

/** Numbers in (−1, 1) without pattern: the linear congruential generator of Lehmer, 48271 modulo 2³¹ − 1. */
export function randomNumbers(n: number, seed: number): number[] {
  let state = (seed * 7919 + 12345) % 2147483647;
  return Array.from({ length: n }, () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  });
}

export const initialWeights: Theorem = {
  id: 'initial-weights',
  statement:
    'random weights are N(0, δ²) and scale with δ; W = (W M) Mᵀ + W (1 − M Mᵀ) splits any weights into what lies on the means and the rest',
  formula: String.raw`\begin{gathered} W_{cf}(0) \sim \mathcal N(0, \delta^2) \text{ independent}, \qquad W_\delta(0) = \delta\,W_1(0), \\ W = (W M) M^{\mathsf T} + W\,(1 - M M^{\mathsf T}), \qquad M = (\mu_1, \dots, \mu_k) \end{gathered}`,
  assumptions: 'orthonormal means',
  reference: 'definition',
  method: 'property-based',
  expected: 'checked',
  check(laws, seed) {
    // Mean, variance and fourth moment over at least 1.8·10⁵ numbers; over the standard errors of a normal law.
    const scores = [
      [4, 12_000],
      [30, 200],
      [300, 2],
    ].flatMap(([k, draws]) => {
      let [first, second, fourth] = [0, 0, 0];
      for (let i = 0; i < draws!; i++) {
        for (const x of laws.randomWeights(k!, 0.5, 1000 * seed + i)) {
          const square = 4 * x * x;
          first += 2 * x;
          second += square;
          fourth += square * square;
        }
      }
      const n = k! ** 2 * draws!;
      const root = Math.sqrt(n);
      return [first / root, ((second / n - 1) * root) / Math.SQRT2, ((fourth / n - 3) * root) / Math.sqrt(96)];
    });
    const scaled = [4, 30, 300].flatMap((k) =>
      [1e-6, 0.01, 3].flatMap((scale) => {
        const [unit, other] = [laws.randomWeights(k, 0.5, 7), laws.randomWeights(k, scale, 7)];
        return Array.from(unit, (x, i) => relativeDifference(other[i]! / scale, 2 * x));
      }),
    );
    const split = [2, 5, 12].flatMap((k) => [0, 3].flatMap((more) => splitErrors(laws, k, k + more)));
    return {
      holds: worst(scores.map(Math.abs)) <= 4.5 && worst([...scaled, ...split]) <= 1e-12,
      evidence: `moments within ${worst(scores.map(Math.abs)).toFixed(1)} standard errors; splitting within ${scientific(worst(split))}`,
    };
  },
};

/** Means along (rotated in pairs) coordinate axes: W M by hand, the rest orthogonal to every mean, and back. */
function splitErrors(laws: Parameters<Theorem['check']>[0], k: number, d: number): number[] {
  const means = new Float64Array(k * d);
  for (let a = 0; a < k; a++) means[a * d + (d - 1 - a)] = 1;
  const [cos, sin] = [0.6, 0.8];
  for (let a = 0; a + 1 < k; a += 2) {
    for (let f = 0; f < d; f++) {
      const [x, y] = [means[a * d + f]!, means[(a + 1) * d + f]!];
      [means[a * d + f], means[(a + 1) * d + f]] = [cos * x - sin * y, sin * x + cos * y];
    }
  }
  const W = Float64Array.from(randomNumbers(k * d, k));
  const parts = laws.splitWeights(W, means, k);
  const on = (M: Float64Array, c: number, a: number): number => {
    let sum = 0;
    for (let f = 0; f < d; f++) sum += M[c * d + f]! * means[a * d + f]!;
    return sum;
  };
  const joined = laws.joinWeights(parts, means, k);
  const doubled = laws.joinWeights({ onMeans: parts.onMeans.map((x) => 2 * x), frozen: parts.frozen }, means, k);
  const errors: number[] = [];
  for (let c = 0; c < k; c++) {
    for (let a = 0; a < k; a++) {
      errors.push(parts.onMeans[c * k + a]! - on(W, c, a), on(parts.frozen, c, a), on(doubled, c, a) - 2 * on(W, c, a));
    }
  }
  return [...errors, ...joined.map((x, i) => x - W[i]!)].map(Math.abs);
}
