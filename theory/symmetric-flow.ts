import { derivative, isIdenticallyZero } from './exact/identity.js';
import { relativeDifference, scientific, worst } from './numerics.js';
import { marginAt } from './symmetric-snapshots.js';
import type { Theorem } from './theorem.js';

/**
 * On the line W = αB the gradient is −(ε/(k−1)) B, so α′ = ε/(k−1) = 1/(x + k − 1) with x = e^α. In x, d/dα = x d/dx, and
 * everything below is a rational function of x and k.
 */
export const marginEquation: Theorem = {
  id: 'margin-equation',
  statement: 'e^α + (k−1)α = t + 1 under gradient flow from W(0) = 0',
  formula: String.raw`e^{\alpha(t)} + (k-1)\,\alpha(t) = t + 1 \qquad (t \ge 0)`,
  assumptions: 'zero noise, orthonormal means, W(0) = 0',
  reference: 'derived here; α = u − W₀(e^u/(k−1)), u = (t+1)/(k−1)',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    // d/dt [e^α + (k−1)α] = (x + (k−1)) α′ = 1, with α = log x; at t = 0 both sides are 1.
    const slope = derivative('x + (k - 1) * log(x)', 'x');
    const proven = isIdenticallyZero(`(${slope}) * x / (x + k - 1) - 1`, ['x', 'k'], 4);
    // The residual over the slope of the left side bounds the error of α.
    const errors = [2, 3, 10, 100, 1000].flatMap((k) =>
      [1e-9, 0.1, 1, 10, 1e3, 1e6, 1e12].map((t) => {
        const { margin } = laws.symmetricPoint(k, t);
        const residual = Math.expm1(margin) + (k - 1) * margin - t;
        return Math.abs(residual) / ((Math.exp(margin) + k - 1) * margin);
      }),
    );
    // The other scalars of the point, from α by Newton's iteration.
    const scalars = [3, 30, 1000].flatMap((k) =>
      [1e-3, 1, 1e3, 1e12].flatMap((t) => {
        const point = laws.symmetricPoint(k, t);
        const alpha = marginAt(k, t);
        const error = (k - 1) / (Math.exp(alpha) + k - 1);
        return [
          relativeDifference(point.margin, alpha),
          relativeDifference(point.error, error),
          relativeDifference(point.loss, Math.log1p((k - 1) * Math.exp(-alpha))),
          relativeDifference(point.gradientNorm, error / Math.sqrt(k - 1)),
          point.time === t && point.classes === k ? 0 : Infinity,
        ];
      }),
    );
    const rates = [2, 10, 1000].flatMap((k) =>
      [0, 1, 20].map((alpha) => relativeDifference(laws.marginRate(k, alpha), 1 / (Math.exp(alpha) + k - 1))),
    );
    const error = worst([...errors, ...scalars, ...rates]);
    return {
      holds: proven && error <= 1e-12,
      evidence: `d/dt by symbolic differentiation; library's α off by ${scientific(error)}, t to 1e12`,
    };
  },
};

export const lossAndGradient: Theorem = {
  id: 'loss-and-gradient',
  statement: 'loss = log(1 + (k−1)e^{−α}), ε = (k−1)/(e^α + k−1), ‖G‖ = ε/√(k−1)',
  formula: String.raw`L = \log\bigl(1 + (k-1)\,e^{-\alpha}\bigr), \qquad \varepsilon = \frac{k-1}{e^\alpha + k - 1}, \qquad \lVert G \rVert = \frac{\varepsilon}{\sqrt{k-1}}`,
  assumptions: 'zero noise, orthonormal means, W = αB',
  reference: 'derived here',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    // −d loss/dα = ε, the rate at which the loss falls per unit of margin; and ‖G‖² = (ε/(k−1))² ‖B‖², ‖B‖² = k − 1.
    const slope = derivative('log(1 + (k - 1) / x)', 'x');
    const epsilon = '(k - 1) / (x + k - 1)';
    const proven =
      isIdenticallyZero(`x * (${slope}) + ${epsilon}`, ['x', 'k'], 5) &&
      isIdenticallyZero('k*((1 - 1/k)^2 + (k - 1)/k^2) - (k - 1)', ['k'], 4);
    const errors = [2, 3, 10, 1000].flatMap((k) =>
      [0, 1e-3, 1, 12, 25].flatMap((alpha) => {
        const point = laws.symmetricPointAtMargin(k, alpha);
        const error = (k - 1) / (Math.exp(alpha) + k - 1);
        return [
          relativeDifference(point.error, error),
          relativeDifference(point.loss, Math.log1p((k - 1) * Math.exp(-alpha))),
          relativeDifference(point.gradientNorm, error / Math.sqrt(k - 1)),
          relativeDifference(point.time, Math.expm1(alpha) + (k - 1) * alpha),
          point.margin === alpha && point.classes === k ? 0 : Infinity,
        ];
      }),
    );
    return {
      holds: proven && worst(errors) <= 1e-12,
      evidence: `symbolic in e^α and k; library off by ${scientific(worst(errors))}`,
    };
  },
};

export const gradientDescentOnTheLine: Theorem = {
  id: 'gradient-descent-on-the-line',
  statement:
    'gradient descent from W(0) = 0 stays on W = αB: α ← α + η/(e^α + k − 1); η λ_max < 2 all along if η < 8(k−1)',
  formula: String.raw`\begin{gathered} W_n = \alpha_n B, \qquad \alpha_0 = 0, \qquad \alpha_{n+1} = \alpha_n + \frac{\eta}{e^{\alpha_n} + k - 1}, \\ \eta < 8(k-1) \;\Longrightarrow\; \eta\,\lambda_{\max}(\alpha_n) < 2 \quad \forall n \end{gathered}`,
  assumptions: 'zero noise, orthonormal means, W(0) = 0',
  reference: 'derived here',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    // One step from αB: column a of G is (p − e_a)/k with Z p_c = 1 off the true class and x on it, Z = x + k − 1, and this is −B/Z, entry by
    // entry: off the diagonal 1/(kZ) = (1/k)/Z, on it (x − Z)/(kZ) = −(1 − 1/k)/Z. So αB − ηG = (α + η/Z) B.
    const Z = '(x + k - 1)';
    const staysOnLine =
      isIdenticallyZero(`1/(k*${Z}) - (1/k)/${Z}`, ['x', 'k'], 4) &&
      isIdenticallyZero(`(x - ${Z})/(k*${Z}) + (1 - 1/k)/${Z}`, ['x', 'k'], 4);
    // α grows from 0, so x ≥ 1, where λ₁ ≥ λ₂: kZ² (λ₁ − λ₂) = kx − Z = (k−1)(x−1). And λ₁ = ε(1−ε)/(k−1) ≤ 1/(4(k−1)), since
    // 1/4 − ε(1−ε) = (ε − 1/2)²; hence η λ_max < 2 if η < 8(k−1).
    const proven =
      staysOnLine &&
      isIdenticallyZero(`k*x - ${Z} - (k - 1)*(x - 1)`, ['x', 'k'], 2) &&
      isIdenticallyZero('1/4 - e * (1 - e) - (e - 1/2)^2', ['e'], 2) &&
      isIdenticallyZero('8*(k - 1) * 1/(4*(k - 1)) - 2', ['k'], 2);
    const steps = 60;
    const errors = [2, 3, 7, 40, 500].flatMap((k) =>
      [0.9, 4 * (k - 1)].flatMap((eta) => {
        const margins = laws.gradientDescentMargins(k, eta, steps);
        const own = denseDescent(k, eta, steps);
        return [
          ...own.map((margin, n) => (n === 0 ? Math.abs(margins[0]!) : relativeDifference(margins[n]!, margin))),
          margins.length === steps + 1 ? 0 : Infinity,
          relativeDifference(laws.stabilityLimit(k), 8 * (k - 1)),
        ];
      }),
    );
    return {
      holds: proven && worst(errors) <= 1e-12,
      evidence: `step and largest eigenvalue symbolic in e^α and k; 60 steps of descent on the weights, k = 2 … 500, agree to ${scientific(worst(errors))}`,
    };
  },
};

/**
 * Gradient descent from its definition on the weights of one class of inputs, w ← w − (η/k)(softmax(w) − e_0): the other columns are the
 * same with the classes permuted. Returns w_0 − w_1 after every step.
 */
function denseDescent(k: number, eta: number, steps: number): number[] {
  let w = new Float64Array(k);
  return Array.from({ length: steps + 1 }, (_, n) => {
    if (n > 0) {
      const total = w.reduce((sum, x) => sum + Math.exp(x), 0);
      w = w.map((x, c) => x - (eta / k) * (Math.exp(x) / total - (c === 0 ? 1 : 0)));
    }
    return w[0]! - w[1]!;
  });
}
