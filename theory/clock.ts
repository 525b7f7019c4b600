import { derivative, exactMath, isIdenticallyZero } from './exact/identity.js';
import { provenClasses, relativeDifference, scientific, worst } from './numerics.js';
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
    'w_c = −log(1/q_c + s), w_a = w_a(0) + Σ log(1 + s q_c) solve the gradient flow from any W(0), on the clock dt/ds = k Σ e^w',
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
    const errors = provenClasses.flatMap((k) =>
      [0.01, 1, 30].flatMap((s) => {
        // Rational q and Q, all numbers chosen here; the library is asked where the flow is at the time the clock shows.
        const q = Array.from({ length: k - 1 }, (_, c) => (c + 1) / 4);
        const Q = 3 / 2;
        const initial = new Float64Array(k * k);
        q.forEach((qc, c) => (initial[(c + 1) * k] = Math.log(qc)));
        initial[0] = Math.log(Q);
        const p = laws.exactFlow(k, initial).at(clock(q, Q, s)).probabilities;
        const e = [Q * q.reduce((product, qc) => product * (1 + s * qc), 1), ...q.map((qc) => qc / (1 + s * qc))];
        const total = e.reduce((sum, x) => sum + x);
        return e.map((x, c) => relativeDifference(p[c * k]!, x / total));
      }),
    );
    return {
      holds: proven && worst(errors) <= 1e-12,
      evidence: `symbolic, for all k; library's softmax off by ${scientific(worst(errors))}, k = 2…8`,
    };
  },
};

export const clockIntegral: Theorem = {
  id: 'clock-integral',
  statement: 't = k {Σ log(1 + s q_c) + Q ∫₀^s Π(1 + s′ q_c) ds′}, strictly increasing in s',
  assumptions: 'zero noise, orthonormal means; any k, any W(0)',
  reference: 'derived here',
  method: 'rational proof',
  expected: 'proved',
  check(laws) {
    // The integral is the polynomial Σ_j e_j(q) s^{j+1}/(j+1), e_j elementary symmetric: its derivative is the product, exactly.
    const proven = provenClasses.every((k) => {
      const names = Array.from({ length: k - 1 }, (_, c) => `(1 + s*${c + 2}/3)`);
      const e = elementarySymmetric(names.map((_, c) => exactMath.fraction(c + 2, 3)));
      const integral = e.map((value, j) => `${value.toFraction()} * s^${j + 1} / ${j + 1}`).join(' + ');
      return isIdenticallyZero(`${derivative(integral, 's')} - ${names.join(' * ')}`, ['s'], k);
    });
    const errors = provenClasses.flatMap((k) =>
      [1e-8, 0.01, 1, 1e3].map((s) => {
        const q = Array.from({ length: k - 1 }, (_, c) => (c + 2) / 3);
        return relativeDifference(laws.clockTime(Float64Array.from(q, Math.log), Math.log(s)), clock(q, 1, s));
      }),
    );
    return {
      holds: proven && worst(errors) <= 1e-12,
      evidence: `antiderivative exact in rationals, k = 2…8; library's quadrature off by ${scientific(worst(errors))}`,
    };
  },
};

/** t(s) by the expanded polynomial: all terms positive, so relative accuracy is kept. */
function clock(q: readonly number[], Q: number, s: number): number {
  const e = q.reduce<number[]>((poly, qc) => [...poly, 0].map((x, j) => x + (j > 0 ? qc * poly[j - 1]! : 0)), [1]);
  const integral = e.reduce((sum, ej, j) => sum + (ej * s ** (j + 1)) / (j + 1), 0);
  return (q.length + 1) * (q.reduce((sum, qc) => sum + Math.log1p(s * qc), 0) + Q * integral);
}

type ExactFraction = ReturnType<typeof exactMath.fraction>;

function elementarySymmetric(q: readonly ExactFraction[]): ExactFraction[] {
  return q.reduce<ExactFraction[]>(
    (poly, qc) => [...poly, exactMath.fraction(0)].map((x, j) => (j > 0 ? x.add(qc.mul(poly[j - 1]!)) : x)),
    [exactMath.fraction(1)],
  );
}
