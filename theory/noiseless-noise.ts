import { derivative, isIdenticallyZero } from './exact/identity.js';
import { exactRank } from './exact/rank.js';
import { centred, firstLevel, isEigenvector } from './exact/symmetric-hessian.js';
import type { Laws } from './laws.js';
import { once, provenClasses, relativeDifference, scientific, worst } from './numerics.js';
import type { Theorem } from './theorem.js';

/**
 * All samples of class a are alike: Z ∇ℓ_a = −V_a, V_a = (k e_a − 1) ⊗ μ_a, Z = e^α + k − 1. So k²Z² C = k Σ V_aV_aᵀ − (ΣV_a)(ΣV_a)ᵀ, integers whatever α is.
 */
function covariance(k: number): { readonly gradients: bigint[][]; readonly matrix: bigint[][] } {
  const range = Array.from({ length: k }, (_, a) => a);
  const gradients = range.map((a) => centred(k, a).flatMap((x) => range.map((f) => (f === a ? x : 0n))));
  const total = gradients[0]!.map((_, i) => gradients.reduce((sum, V) => sum + V[i]!, 0n));
  const matrix = total.map((x, i) =>
    total.map((y, j) => BigInt(k) * gradients.reduce((sum, V) => sum + V[i]! * V[j]!, 0n) - x * y),
  );
  return { gradients, matrix };
}

const apply = (matrix: readonly (readonly bigint[])[], x: readonly bigint[]): bigint[] =>
  matrix.map((row) => row.reduce((sum, a, i) => sum + a * x[i]!, 0n));

/** C has rank k − 1, the eigenvalue (k−1)/Z² on what of span V_a is off their sum, and 0 on the sum, B; and H is λ₁ on all V_a, so that it commutes with C. */
const isProjector = once((): boolean =>
  provenClasses.every((k) => {
    const { gradients, matrix } = covariance(k);
    const total = gradients[0]!.map((_, i) => gradients.reduce((sum, V) => sum + V[i]!, 0n));
    const unit = BigInt(k * k * (k - 1)); // k²Z² (k−1)/Z²
    return (
      exactRank(matrix) === k - 1 &&
      apply(matrix, total).every((x) => x === 0n) &&
      gradients.slice(1).every((V, i) => {
        const off = V.map((x, j) => x - gradients[i]![j]!);
        return apply(matrix, off).every((x, j) => x === unit * off[j]!);
      }) &&
      gradients.every((V) => {
        const rows = Array.from({ length: k }, (_, c) => V.slice(c * k, (c + 1) * k));
        return isEigenvector(k, rows, firstLevel(k));
      })
    );
  }),
);

/**
 * v = ε² t/(k−1) per η/b solves dv/dt = −2λ₁v + ε²/(k−1), λ₁ = ε(1−ε)/(k−1), along dα/dt = ε/(k−1), e^α + (k−1)α = t + 1, from v = 0 at t = 0: for dε/dα = −ε(1−ε) and
 * dt/dα = (k−1)/ε. Its k−1 directions have (η/b) ε²(1−ε)² t/(k−1) of the flow's energy ‖G‖² = ε²/(k−1).
 */
const isVariance = once((): boolean => {
  const epsilon = '((k - 1)/(x + k - 1))';
  const v = 'e^2*t/(k - 1)';
  const slope = `(-e*(1 - e)*(${derivative(v, 'e')}) + (k - 1)/e*(${derivative(v, 't')}))*e/(k - 1)`;
  return (
    isIdenticallyZero(`x*(${derivative(epsilon, 'x')}) + ${epsilon}*(1 - ${epsilon})`, ['x', 'k'], 4) &&
    isIdenticallyZero(
      `x*(${derivative('x', 'x')}) + (${derivative('(k - 1)*a', 'a')}) - (k - 1)/${epsilon}`,
      ['x', 'k'],
      3,
    ) && // prettier-ignore
    isIdenticallyZero(`${slope} + 2*e*(1 - e)/(k - 1)*${v} - e^2/(k - 1)`, ['e', 't', 'k'], 5) &&
    isIdenticallyZero(`(k - 1)*(e*(1 - e)/(k - 1))^2*${v} - e^2*(1 - e)^2*t/(k - 1)*e^2/(k - 1)`, ['e', 't', 'k'], 6) &&
    // ε t/(k−1) = t/(e^α + k − 1) ≤ 1 + α: with x = e^α what is missing is αx + k ≥ 0.
    isIdenticallyZero('(1 + a)*(x + k - 1) - (x + (k - 1)*a - 1) - (a*x + k)', ['a', 'x', 'k'], 2)
  );
});

const rules = [
  { learningRateOverBatch: 0.03 },
  { learningRate: 0.4, batch: 8 },
  { learningRate: 0.4, batch: 8, momentum: 0.7 },
] as const;

export const noiselessCovariance: Theorem = {
  id: 'noiseless-covariance',
  statement:
    'without feature noise C is ε²/(k−1) on k−1 directions of λ₁’s eigenspace and 0 elsewhere, along the gradient too; so C commutes with H, and from W(0) = 0 v = (η/b) ε² t/(k−1): the noise stays in the top space, and its share (η/b) ε²(1−ε)² t/(k−1) of the flow’s energy, at most (η/b) ε(1+α), falls to 0',
  formula: String.raw`\begin{gathered} C = \frac{\varepsilon^2}{k-1}\,\Pi, \qquad \Pi = \Pi^2 = \Pi^{\mathsf T}, \qquad \operatorname{rank} \Pi = k - 1, \\ H \Pi = \lambda_1 \Pi, \qquad C G = 0, \qquad C H = H C, \\ W(0) = 0: \qquad v = \frac{\eta}{b}\, \frac{\varepsilon^2\,t}{k-1}, \\ \frac{(k-1)\,\lambda_1^2\,v}{\lVert G\rVert^2} = \frac\eta b\, \frac{\varepsilon^2 (1-\varepsilon)^2\,t}{k-1} \le \frac\eta b\,\varepsilon\,(1+\alpha) \;\xrightarrow{t \to \infty}\; 0 \end{gathered}`,
  assumptions: 'zero noise, orthonormal means, W = αB, ηλ ≪ 1 along the flow',
  reference: 'all samples of a class are alike; dv/dt = −2λ₁v + (η/b)c by differentiation',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    const errors = [2, 3, 10, 1000].flatMap((k) =>
      [0.01, 1, 300, 3e4, 1e8].flatMap((t) =>
        rules.flatMap((rule) => noiselessErrors(laws, laws.symmetricPoint(k, t), rule)),
      ),
    );
    return {
      holds: isProjector() && isVariance() && worst(errors) <= 1e-12,
      evidence: `rank, eigenspaces and commuting exact for k = 2 … 8, the equation of v symbolic in ε, t and k; library off by ${scientific(worst(errors))}`,
    };
  },
};

function noiselessErrors(
  laws: Laws,
  point: ReturnType<Laws['symmetricPoint']>,
  rule: (typeof rules)[number],
): number[] {
  const { classes: k, time, error: e } = point;
  const c = e ** 2 / (k - 1);
  const level = (e * (1 - e)) / (k - 1);
  const mu = 'momentum' in rule ? rule.momentum : 0;
  const ratio = ('batch' in rule ? rule.learningRate / rule.batch : rule.learningRateOverBatch) / (1 - mu);
  return (['flow', 'rest'] as const).flatMap((path) => {
    const { covariance, variance, gradientEnergy, secondOrder } = laws.noiselessSgdNoise(point, rule, path);
    const v = path === 'flow' ? ratio * c * time : laws.stationaryVariance(level, c, rule);
    return [
      relativeDifference(covariance, c),
      relativeDifference(variance, v),
      relativeDifference(gradientEnergy.flow, c), // ‖G‖² = ε²/(k−1)
      relativeDifference(gradientEnergy.noise, (k - 1) * level ** 2 * v),
      // d log λ₁/dα = 2ε − 1, as in the noisy model with no fluctuation of the margin; 1 − 2ε cancels near ε = 1/2
      Math.abs(secondOrder - (2 * e - 1) ** 2 * v * (path === 'flow' ? Math.min(1, level * time) : 1)) / (v || 1),
    ];
  });
}
