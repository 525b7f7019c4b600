import { derivative, isIdenticallyZero } from './exact/identity.js';
import { samePolynomial, multiplied, polynomial } from './exact/polynomial.js';
import type { Laws } from './laws.js';
import { once, provenClasses, relativeDifference, scientific, worst } from './numerics.js';
import { marginAt } from './symmetric-snapshots.js';
import type { Theorem } from './theorem.js';

/**
 * One class with logits w: dw/dt = −(1/k)(softmax(w) − e_a). Put q_c = e^{w_c(0)}, Q = e^{w_a(0)} and
 *   e^{w_c} = q_c/(1 + s q_c),   e^{w_a} = Q Π_c (1 + s q_c),   Σ = Σ_c e^{w_c} + e^{w_a}   (c ≠ a throughout).
 * Then dw_c/ds = −e^{w_c} and dw_a/ds = Σ_c e^{w_c} = Σ − e^{w_a}: the right-hand side times k Σ. So the flow runs on the
 * clock dt/ds = k Σ, and t = k {Σ_c log(1 + s q_c) + Q ∫₀^s Π_c (1 + s′ q_c) ds′}. Each step is one identity in one q and s,
 * so that it holds for every k.
 */
export const logitsSolveTheFlow: Theorem = {
  id: 'logits-solve-the-flow',
  statement:
    'w_c = −log(1/q_c + s), w_a = w_a(0) + Σ log(1 + s q_c) solve the gradient flow from any W(0), on the clock dt/ds = k Σ e^w, s(0) = 0',
  formula: String.raw`\begin{gathered} w_c = -\log\Bigl(\frac1{q_c} + s\Bigr) \quad (c \ne a), \qquad w_a = w_a(0) + \sum_{c \ne a} \log(1 + s\,q_c), \\ q_c = e^{w_c(0)}, \quad \frac{dt}{ds} = k \sum_{c=1}^k e^{w_c}, \quad s = 0 \text{ at } t = 0 \;\Longrightarrow\; \frac{dw}{dt} = -\frac1k\,(p - e_a) \end{gathered}`,
  assumptions: 'zero noise, orthonormal means; any k, any W(0)',
  reference: 'derived here',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    const wrong = derivative('-log(1/q + s)', 's'); // dw_c/ds = −q/(1 + s q)
    const right = derivative('log(1 + s*q)', 's'); // each term of dw_a/ds = q/(1 + s q)
    const proven =
      isIdenticallyZero(`(${wrong}) + q/(1 + s*q)`, ['q', 's'], 6) &&
      isIdenticallyZero(`(${right}) - q/(1 + s*q)`, ['q', 's'], 6);
    const errors = clocks.flatMap(([k, s]) => flowErrors(laws, k, s));
    return {
      holds: proven && worst(errors) <= 1e-11,
      evidence: `symbolic, for all k; library's flow off by ${scientific(worst(errors))}, k = 2…150`,
    };
  },
};

/** Times, by the clock of class 0, from before it has moved to late: s^k ~ t. */
const clocks: readonly (readonly [number, number])[] = [
  ...provenClasses.flatMap((k) => [0.01, 1, 30].map((s) => [k, s] as const)),
  [20, 1e-3],
  [20, 0.1],
  [20, 1],
  [150, 1e-6],
  [150, 0.01],
  [150, 0.1],
];

/**
 * The whole state where class 0 starts from rational q_c and Q, and the others from 0, symmetric: q = 1. The library is asked where the flow
 * is at the time the clock of class 0 shows; the others are then at the α of e^α + (k−1) α = t + 1.
 */
function flowErrors(laws: Laws, k: number, s: number): number[] {
  const q = Array.from({ length: k - 1 }, (_, c) => ((c % 8) + 1) / 4);
  const Q = 3 / 2;
  const initial = new Float64Array(k * k);
  q.forEach((qc, c) => (initial[(c + 1) * k] = Math.log(qc)));
  initial[0] = Math.log(Q);
  const time = clock(q, Q, s);
  const alpha = marginAt(k, time);
  const state = laws.exactFlow(k, initial).at(time);
  const product = q.reduce((value, qc) => value * (1 + s * qc), 1);
  const e = [Q * product, ...q.map((qc) => qc / (1 + s * qc))];
  const others = e.slice(1).reduce((sum, x) => sum + x, 0);
  const [mine, rest] = [others / (e[0]! + others), (k - 1) / (Math.exp(alpha) + k - 1)]; // ε of class 0 and of the others
  const p = (c: number, a: number): number =>
    a === 0 ? e[c]! / (e[0]! + others) : c === a ? 1 - rest : rest / (k - 1);
  const wrong = (c: number, a: number): number => (c !== a ? p(c, a) : a === 0 ? -mine : -rest);
  const w = (c: number, a: number): number =>
    a === 0 ? (c === 0 ? Math.log(Q * product) : Math.log(e[c]!)) : alpha * ((c === a ? 1 : 0) - 1 / k);
  const cells = Array.from({ length: k * k }, (_, i) => [Math.floor(i / k), i % k] as const).filter(
    ([c, a]) => a < 2 || (a === k - 1 && c > k - 3),
  );
  // Every logarithm on the way: of the ratios, at first and now, and of the clocks, which for the others is s of k log(1 + s) = α.
  const ratios = q.flatMap((qc, c) => [Math.log(qc / Q), Math.log(e[c + 1]! / e[0]!)]);
  const logs = [...ratios, Math.log(s * Q), alpha, Math.log(Math.expm1(alpha / k))];
  let norm = 0;
  for (let c = 0; c < k; c++) norm += wrong(c, 0) ** 2 + (k - 1) * wrong(c, 1) ** 2;
  return [
    ...cells.flatMap(([c, a]) => [
      relativeDifference(state.probabilities[c * k + a]!, p(c, a)),
      relativeDifference(state.gradient[c * k + a]!, wrong(c, a) / k),
      // A logarithm can be near 0.
      Math.abs(state.weights[c * k + a]! - w(c, a)) / Math.max(1, Math.abs(w(c, a))),
    ]),
    ...Array.from(state.errors, (error, a) => relativeDifference(error, a === 0 ? mine : rest)),
    relativeDifference(state.loss, (Math.log1p(others / e[0]!) - (k - 1) * Math.log1p(-rest)) / k) / 10,
    relativeDifference(state.gradientNorm, Math.sqrt(norm) / k),
    relativeDifference(state.largestLog, worst(logs.map(Math.abs))),
    state.time === time && state.classes === k ? 0 : Infinity,
  ];
}

/**
 * The integral is the polynomial Σ_j e_j(q) s^{j+1}/(j+1), e_j the sum of the products of j of the q: its derivative is Π (1 + s q_c). Both
 * sides are of degree 1 in each q, so that equality at q_c = 1, 2, in all combinations, is equality for all q. And every term of dt/ds is positive.
 */
const antiderivativeIsExact = once(() =>
  provenClasses.every((k) =>
    Array.from({ length: 2 ** (k - 1) }, (_, at) =>
      Array.from({ length: k - 1 }, (__, c) => 1 + ((at >> c) & 1)),
    ).every((q) => {
      const product = q.reduce((P, qc) => multiplied(P, polynomial(1, qc)), polynomial(1));
      // e_j over subsets, straight from the definition; the derivative of e_j s^{j+1}/(j+1) is e_j s^j.
      const e = new Array<number>(k).fill(0);
      for (let subset = 0; subset < 2 ** (k - 1); subset++) {
        const members = q.filter((_, c) => (subset >> c) & 1);
        e[members.length]! += members.reduce((value, qc) => value * qc, 1);
      }
      return samePolynomial(product, polynomial(...e));
    }),
  ),
);

export const clockIntegral: Theorem = {
  id: 'clock-integral',
  statement: 't = k {Σ log(1 + s q_c) + Q ∫₀^s Π(1 + s′ q_c) ds′}, strictly increasing in s',
  formula: String.raw`\begin{gathered} t = k\,\Bigl\{ \sum_{c \ne a} \log(1 + s\,q_c) + Q \int_0^s \prod_{c \ne a} (1 + s' q_c)\,ds' \Bigr\}, \\ q_c = e^{w_c(0)}, \quad Q = e^{w_a(0)}, \qquad \frac{dt}{ds} > 0 \end{gathered}`,
  assumptions: 'zero noise, orthonormal means; any k, any W(0)',
  reference: 'derived here',
  method: 'rational proof',
  expected: 'proved',
  check(laws) {
    const points = [
      ...provenClasses.flatMap((k) => [1e-8, 0.01, 1, 1e3].map((s) => [k, s] as const)),
      ...[1e-8, 1e-3, 1].flatMap((s) => [40, 300].map((k) => [k, s] as const)),
    ];
    const errors = points.flatMap(([k, s]) => {
      const q = Array.from({ length: k - 1 }, (_, c) => ((c % 9) + 2) / 3);
      const logs = Float64Array.from(q, Math.log);
      const time = clock(q, 1, s);
      const told = laws.classClock(logs);
      const logProduct = q.reduce((sum, qc) => sum + Math.log1p(s * qc), 0);
      const size = Math.max(1, Math.abs(Math.log(time)));
      return [
        relativeDifference(laws.clockTime(logs, Math.log(s)), time),
        Math.abs(told.logTime(Math.log(s)) - Math.log(time)) / size,
        Math.abs(told.solve(time) - Math.log(s)) / size,
        ...Array.from(told.logRatios(Math.log(s)), (ratio, c) => {
          const expected = Math.log(q[c]! / (1 + s * q[c]!)) - logProduct;
          return Math.abs(ratio - expected) / Math.max(1, Math.abs(expected));
        }),
      ];
    });
    return {
      holds: antiderivativeIsExact() && worst(errors) <= 1e-12,
      evidence: `antiderivative exact for all q, k = 2…8; library's quadrature, k to 300, off by ${scientific(worst(errors))}`,
    };
  },
};

/** t(s) by the expanded polynomial in s′/s: all terms positive, so relative accuracy is kept, and none above the whole. */
function clock(q: readonly number[], Q: number, s: number): number {
  const e = [1];
  for (const qc of q) {
    e.push(0);
    for (let j = e.length - 1; j > 0; j--) e[j]! += s * qc * e[j - 1]!;
  }
  const integral = e.reduce((sum, ej, j) => sum + (s * ej) / (j + 1), 0);
  return (q.length + 1) * (q.reduce((sum, qc) => sum + Math.log1p(s * qc), 0) + Q * integral);
}
