import { derivative, isIdenticallyZero } from './exact/identity.js';
import { scientific, worst } from './numerics.js';
import type { Theorem } from './theorem.js';

export const undefinedAtStart: Theorem = {
  id: 'top-k-undefined-at-start',
  statement:
    'at W = 0 the positive spectrum is one k(k−1)-fold level, so for k ≥ 3 the top-k subspace does not exist and f_top(k) = [0, 1]',
  formula: String.raw`\begin{gathered} W = 0: \qquad \lambda_1(H) = \dots = \lambda_{k(k-1)}(H) > \lambda_{k(k-1)+1}(H) = 0, \\ k < k(k-1) \;\Longrightarrow\; f_{\mathrm{top}}(k) = [0, 1] \end{gathered}`,
  assumptions: 'zero noise, orthonormal means, k ≥ 3',
  reference: 'derived here; GRD18 §4 has k = 2, where the level is exactly k-fold',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    // λ₁ − λ₂ = ε(1−ε)/(k−1) − ε/(k(k−1)) vanishes at ε = (k−1)/k.
    const proven = isIdenticallyZero('e*(1-e)/(k-1) - e/(k*(k-1)) - e*((k-1)/k - e)/(k-1)', ['e', 'k'], 5);
    const seen = [3, 4, 10, 100].every((k) => {
      const { lower, upper } = laws.topFraction(laws.symmetricSnapshot(k, k, 0), k);
      return lower === 0 && Math.abs(upper - 1) < 1e-12;
    });
    const two = laws.topFraction(laws.symmetricSnapshot(2, 2, 0), 2).lower;
    return {
      holds: proven && seen && Math.abs(two - 1) < 1e-12,
      evidence:
        'λ₁ − λ₂ ∝ (k−1)/k − ε, symbolic in ε and k; library returns [0, 1] for k = 3, 4, 10, 100 and 1 for k = 2',
    };
  },
};

/**
 * A deviation from the symmetric solution in the sector of level λ obeys δ′ = −λ(α(t)) δ. Since α′ = 1/(x + k − 1), x = e^α,
 * d log δ/dα = −λ (x + k − 1): for λ₂ = 1/(k(x + k − 1)) this is −1/k, so δ ∝ e^{−α/k}; for λ₁ = x/(x + k − 1)² it is
 * −x/(x + k − 1) = −d log(x + k − 1)/dα, so δ ∝ k/(x + k − 1).
 */
export const decayOfDeviations: Theorem = {
  id: 'decay-of-deviations',
  statement: 'small deviations decay as e^{−α/k} in the λ₂ sector and as k/(e^α + k−1) in the λ₁ sector',
  formula: String.raw`\begin{gathered} W(t) = \alpha(t)\,B + \Delta(t), \qquad P_i \text{ the projector on the eigenspace of } \lambda_i, \\ P_2\,\Delta(t) = e^{-\alpha/k}\,P_2\,\Delta(0) + O(\lVert\Delta\rVert^2), \\ P_1\,\Delta(t) = \frac{k}{e^\alpha + k - 1}\,P_1\,\Delta(0) + O(\lVert\Delta\rVert^2) \end{gathered}`,
  assumptions: 'zero noise, orthonormal means, first order in the deviation from W = αB',
  reference: 'derived here',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    const slow = derivative('-log(x)/k', 'x');
    const fast = derivative('log(k/(x + k - 1))', 'x');
    const Z = '(x + k - 1)';
    const proven =
      isIdenticallyZero(`x * (${slow}) + 1/(k*${Z}) * ${Z}`, ['x', 'k'], 6) &&
      isIdenticallyZero(`x * (${fast}) + x/${Z}^2 * ${Z}`, ['x', 'k'], 8);
    const size = 1e-5;
    const errors = [3, 4, 6].flatMap((k) =>
      [1, 100, 1e5].flatMap((t) => {
        const alpha = laws.symmetricPoint(k, t).margin;
        const decay = (column: readonly number[]): number => {
          const initial = new Float64Array(k * k);
          column.forEach((x, c) => (initial[c * k] = size * x));
          const moved = laws.exactFlow(k, initial).at(t).weights;
          const norm = column.reduce((sum, x) => sum + x * x, 0);
          const symmetric = column.map((_, c) => alpha * ((c === 0 ? 1 : 0) - 1 / k));
          return column.reduce((sum, x, c) => sum + x * (moved[c * k]! - symmetric[c]!), 0) / (size * norm);
        };
        const second = decay(Array.from({ length: k }, (_, c) => (c === 1 ? 1 : c === 2 ? -1 : 0)));
        const first = decay(Array.from({ length: k }, (_, c) => (c === 0 ? 1 : 0) - 1 / k));
        return [second - Math.exp(-alpha / k), first - k / (Math.exp(alpha) + k - 1)].map(Math.abs);
      }),
    );
    // The remainder is of second order: size × O(1).
    return {
      holds: proven && worst(errors) <= size,
      evidence: `symbolic in e^α and k; finite deviations of 1e-5 decay alike to ${scientific(worst(errors))}`,
    };
  },
};

/**
 * Late times from a generic W(0): w_c = −log(1/q_c + s) = −log s − 1/(s q_c) + …, so what is left of W(0) in the gradient falls
 * as 1/s relative to the gradient, 1 − f_top as 1/s², while t ~ s^k (clock-integral): 1 − f_top ~ t^{−2/k}. The correction to the
 * logarithmic slope is of relative order 1/s.
 */
export const collapseRate: Theorem = {
  id: 'collapse-rate',
  statement: '1 − f_top(k) decays as t^{−2/k} from generic W(0)',
  formula: String.raw`1 - f_{\mathrm{top}}(k) \asymp t^{-2/k} \qquad (t \to \infty)`,
  assumptions: 'zero noise, orthonormal means, k ≥ 3, W(0) generic',
  reference: 'derived here: GRD18’s headline effect',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    let holds = true;
    const seen = [3, 4, 5].map((k) => {
      const flow = laws.exactFlow(k, laws.randomWeights(k, 0.5, k));
      const leftover = (t: number): number => {
        const snapshot = laws.exactSnapshot(flow.at(t), k, Infinity);
        // 1 − f_top without the subtraction: the energy below the cut.
        const energies = snapshot.spectrum.levels.map((_, i) => snapshot.spectrum.energy(i, snapshot.gradient));
        const below = energies.slice(k).reduce((sum, x) => sum + x, 0);
        const { lower } = laws.topFraction(snapshot, k);
        const total = energies.reduce((sum, x) => sum + x, 0);
        holds &&= Math.abs(1 - lower - below / total) < 1e-12;
        return below / total;
      };
      const [early, late] = [1e9, 1e11];
      const slope = Math.log(leftover(late) / leftover(early)) / Math.log(late / early);
      const s = early ** (1 / k);
      holds &&= Math.abs(slope + 2 / k) <= ((2 / k) * 5) / s;
      return `k = ${k}: ${slope.toFixed(4)} (−2/k = ${(-2 / k).toFixed(4)})`;
    });
    return { holds, evidence: `slope between t = 1e9 and 1e11, ${seen.join('; ')}` };
  },
};
