import { isIdenticallyZero } from './exact/identity.js';
import type { Laws } from './laws.js';
import { once, relativeDifference, scientific, worst } from './numerics.js';
import { symmetricEigen } from './quadrature/jacobi.js';
import { combined, form, momentumSystem, product, transposed, type Matrix } from './quadrature/noise-along-the-flow.js';
import type { Theorem } from './theorem.js';

type Rule = Parameters<Laws['stationaryVariance']>[2];

/**
 * One eigenvector of H, the heavy ball: w′ = μw + λx + ζ, x′ = x − ηw′, Var ζ = s. A stationary law has, of V = E x², K = E xw, W = E w²,
 *   W = μ²W + 2μλK + λ²V + s,   K = μK + λV − ηW,   V = V + η²W − 2η(μK + λV),
 * which V = η(1+μ)s/D, K = −ηλs/D, W = 2λs/D solve, D = (1−μ)λ(2(1+μ) − ηλ). The step has determinant μ and trace 1 + μ − ηλ, so that its eigenvalues are
 * inside the circle if and only if 1 + det − |tr| > 0 (Jury), 0 < ηλ < 2(1+μ): then there is one stationary law, and every start tends to it.
 */
const isStationary = once((): boolean => {
  const [V, K, W, D] = ['e*(1 + m)', '(-e*l)', '2*l', '(1 - m)*l*(2*(1 + m) - e*l)'];
  const next = `(m*${K} + l*${V})`;
  const vanishes = (expression: string): boolean => isIdenticallyZero(expression, ['l', 'e', 'm'], 4);
  const [determinant, trace] = ['((1 - e*l)*m + e*m*l)', '(1 + m - e*l)'];
  return (
    vanishes(`m^2*${W} + 2*m*l*${K} + l^2*${V} + ${D} - ${W}`) &&
    vanishes(`${next} - e*${W} - ${K}`) &&
    vanishes(`e^2*${W} - 2*e*${next}`) &&
    vanishes(`${determinant} - m`) &&
    vanishes(`1 + ${determinant} - ${trace} - e*l`) &&
    vanishes(`1 + ${determinant} + ${trace} - (2*(1 + m) - e*l)`)
  );
});

const rules: readonly Rule[] = [
  { learningRate: 0.01, batch: 64 },
  { learningRate: 0.6, batch: 4 },
  { learningRate: 3, batch: 1 },
  { learningRate: 0.01, batch: 64, momentum: 0.9 },
  { learningRate: 0.6, batch: 8, momentum: 0.5 },
  { learningRate: 5, batch: 8, momentum: 0.9 },
  { learningRateOverBatch: 0.02 },
];
const eigenvalues = [1e-9, 0.02, 0.6];

/** η/b, η and μ. */
const numbersOf = (rule: Rule): readonly [ratio: number, eta: number, mu: number] =>
  'learningRate' in rule
    ? [rule.learningRate / rule.batch, rule.learningRate, rule.momentum ?? 0]
    : [rule.learningRateOverBatch, 0, 0];

export const refuses = (f: () => unknown): boolean => {
  try {
    f();
    return false;
  } catch {
    return true;
  }
};

export const stationaryVarianceOfSgd: Theorem = {
  id: 'stationary-variance',
  statement:
    'along an eigenvector of H SGD with heavy-ball momentum μ has the variance v = η(1+μ)c/(b(1−μ)λ(2(1+μ) − ηλ)) and the gradient the energy λ²v, where ηλ < 2(1+μ); else none is stationary',
  formula: String.raw`\begin{gathered} v = \frac{\eta\,(1+\mu)\,c}{b\,(1-\mu)\,\lambda\,\bigl(2(1+\mu) - \eta\lambda\bigr)}, \qquad \mathbb E\,g_i^2 = \lambda^2 v \\ (0 < \eta\lambda < 2(1+\mu), \quad 0 \le \mu < 1, \quad c = v_i^{\mathsf T} C\,v_i > 0), \\ \eta\lambda \ge 2(1+\mu) \;\Longrightarrow\; \text{none is stationary} \end{gathered}`,
  assumptions: 'fixed H and C, batches of b drawn with replacement',
  reference: 'the stationary law of (x, w), and Jury’s criterion; derived here',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    const c = 0.7;
    const errors = rules.flatMap((rule) =>
      eigenvalues.flatMap((lambda) => {
        const [ratio, eta, mu] = numbersOf(rule);
        const V = (ratio * c * (1 + mu)) / ((1 - mu) * lambda * (2 * (1 + mu) - eta * lambda));
        return [
          relativeDifference(laws.stationaryVariance(lambda, c, rule), V),
          relativeDifference(laws.stationaryEnergy(lambda, c, rule), lambda ** 2 * V),
          relativeDifference(laws.noiseGain(lambda, rule), (lambda * V) / c),
        ];
      }),
    );
    const edges =
      laws.stationaryVariance(0, c, rules[0]!) === Infinity &&
      laws.stationaryVariance(0, 0, rules[0]!) === 0 &&
      laws.stationaryEnergy(0, c, rules[0]!) === 0 &&
      [0, 0.5].every((momentum) =>
        [laws.stationaryVariance, laws.stationaryEnergy].every((law) => {
          const at = (lambda: number) => () => law(lambda, c, { learningRate: 1, batch: 1, momentum });
          return refuses(at(2 * (1 + momentum))) && !refuses(at(2 * (1 + momentum) - 1e-9));
        }),
      );
    return {
      holds: isStationary() && edges && worst(errors) <= 1e-13,
      evidence: `symbolic in η, λ and μ; library off by ${scientific(worst(errors))}, and refuses ηλ ≥ 2(1+μ)`,
    };
  },
};

/** Σ = AΣAᵀ + Q by doubling: Σ ← Σ + AΣAᵀ, A ← A², which sums the series Σ AⁿQAᵀⁿ. */
export function lyapunov(A: Matrix, Q: Matrix): Matrix {
  let [power, sum] = [A, Q];
  for (let n = 0; n < 40; n++) {
    sum = combined(sum, product(product(power, sum), transposed(power)), 1);
    power = product(power, power);
  }
  return sum;
}

/** H and C of three directions that do not commute. */
const H = [
  [0.9, 0.3, -0.1],
  [0.3, 0.5, 0.2],
  [-0.1, 0.2, 0.4],
];
const C = [
  [0.2, -0.1, 0.3],
  [-0.1, 0.6, 0.1],
  [0.3, 0.1, 0.7],
];

export const modesDecouple: Theorem = {
  id: 'modes-decouple',
  statement:
    'in the eigenbasis of H Σ_ij = (η/b) c_ij/(λ_i + λ_j − ηλ_iλ_j): the variance along an eigenvector needs c_i = vᵀCv alone, whether or not C commutes with H; so with momentum',
  formula: String.raw`\begin{gathered} c_{ij} = v_i^{\mathsf T} C\,v_j, \quad c_i = c_{ii}, \quad H v_i = \lambda_i v_i, \quad 0 < \eta\lambda_i < 2, \\ \Sigma_{ij} = \frac{\eta}{b}\, \frac{c_{ij}}{\lambda_i + \lambda_j - \eta\lambda_i\lambda_j}, \qquad \Sigma_{ii} = \frac{\eta}{b}\, \frac{c_i}{\lambda_i(2 - \eta\lambda_i)} \end{gathered}`,
  assumptions: 'fixed H and C, batches drawn with replacement',
  reference: 'each entry of Σ = (1−ηH)Σ(1−ηH) + (η²/b)C has an equation of its own',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    // Σ_ij (1 − (1−ηλ_i)(1−ηλ_j)) = η² c_ij/b, and the bracket is η(λ_i + λ_j − ηλ_iλ_j).
    const proven = isIdenticallyZero('1 - (1 - e*x)*(1 - e*y) - e*(x + y - e*x*y)', ['e', 'x', 'y'], 2);
    const { values, vectors } = symmetricEigen(H);
    const errors = [0, 0.8].flatMap((momentum) => {
      const rule = { learningRate: 0.9, batch: 8, momentum };
      const [ratio, eta] = numbersOf(rule);
      const [A, N] = momentumSystem({ hessian: H, covariance: C }, eta, rule.batch, momentum);
      const covariance = lyapunov(A, N)
        .slice(0, 3)
        .map((row) => row.slice(0, 3));
      const diagonal = vectors.map((v, i) =>
        relativeDifference(laws.stationaryVariance(values[i]!, form(C, v), rule), form(covariance, v)),
      );
      const entries = vectors.flatMap((v, i) =>
        vectors.map((w, j) => {
          const entry = (M: Matrix): number => product(product([v], M), transposed([w]))[0]![0]!;
          const own = (ratio * entry(C)) / (values[i]! + values[j]! - eta * values[i]! * values[j]!);
          return momentum > 0 ? 0 : Math.abs(entry(covariance) - own);
        }),
      );
      return [...diagonal, ...entries];
    });
    const mixing = Math.max(
      ...product(H, C).flatMap((row, i) => row.map((x, j) => Math.abs(x - product(C, H)[i]![j]!))),
    );
    return {
      holds: proven && mixing > 0.1 && worst(errors) <= 1e-12,
      evidence: `symbolic in η and λ; H and C with ‖HC − CH‖ = ${mixing.toFixed(2)}, the whole covariance iterated, μ = 0, 0.8: within ${scientific(worst(errors))}`,
    };
  },
};

export const transientVariance: Theorem = {
  id: 'transient-variance',
  statement:
    'after n steps at a point v_n = v∞ + (1−ηλ)^{2n} (v₀ − v∞): without noise, a quench, v_n = (1−ηλ)^{2n} v₀; where λ = 0 it grows by η²c/b a step',
  formula: String.raw`\begin{gathered} v_n = v_\infty + (1 - \eta\lambda)^{2n}\,(v_0 - v_\infty), \\ C = 0: \quad v_n = (1 - \eta\lambda)^{2n}\,v_0; \qquad \lambda = 0: \quad v_n = v_0 + n\,\frac{\eta^2 c}{b} \end{gathered}`,
  assumptions: 'fixed H and C, batches drawn with replacement',
  reference: 'v ← (1−ηλ)² v + η²c/b',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    // By induction: with x = ηλ, q = (1−x)^{2n}, v∞ = s/(x(2−x)), s = η²c/b, all times x(2−x).
    const after = (q: string): string => `(s + ${q}*(v*x*(2 - x) - s))`;
    const proven = isIdenticallyZero(
      `(1 - x)^2*${after('q')} + s*x*(2 - x) - ${after('q*(1 - x)^2')}`,
      ['x', 's', 'v', 'q'],
      4,
    );
    const rule = { learningRate: 0.5, batch: 16 };
    const errors = [0, 0.6].flatMap((c) =>
      [0, 1e-6, 0.1, 1.9, 3.8].flatMap((lambda) =>
        [0, 0.3].flatMap((start) => {
          let v = start;
          return Array.from({ length: 41 }, (_, n) => {
            if (n > 0) v = (1 - 0.5 * lambda) ** 2 * v + (0.25 * c) / 16;
            return [0, 1, 2, 7, 40].includes(n)
              ? relativeDifference(laws.varianceAfter(n, start, lambda, c, rule), v)
              : 0;
          });
        }),
      ),
    );
    return {
      holds: proven && worst(errors) <= 1e-11,
      evidence: `symbolic in ηλ, η²c/b, v₀ and (1−ηλ)^{2n}; iterated over 40 steps to ${scientific(worst(errors))}`,
    };
  },
};
