import { isIdenticallyZero } from './exact/identity.js';
import { lyapunov, refuses } from './noise-recursion.js';
import { once, relativeDifference, scientific, worst } from './numerics.js';
import { symmetricEigen } from './quadrature/jacobi.js';
import { momentumSystem, product } from './quadrature/noise-along-the-flow.js';
import type { Theorem } from './theorem.js';

/**
 * Of the step w′ = μw + λx + ζ, x′ = x − ηw′ the velocity drops out, x″ = (1 + μ − ηλ) x′ − μx − ηζ′, and ζ′ is independent of what was before: γ_n = E x_{m+n} x_m has that recursion,
 * from γ_0 = V and γ_1 = V − η(μK + λV), in units of s/D as in `isStationary`. Without momentum γ_n = V (1 − ηλ)^n, and a second difference in N steps, ρ = (1 − ηλ)^N, is that of a
 * geometric sequence: 2ρ^j − ρ^{j−1} − ρ^{j+1} = −(1 − ρ)² ρ^{j−1}.
 */
const isRecursion = once((): boolean => {
  const next = '(m*w + l*x + z)'; // w′
  const after = `(m*${next} + l*(x - e*${next}) + y)`; // w″
  return (
    isIdenticallyZero(
      `((x - e*${next}) - e*${after}) - ((1 + m - e*l)*(x - e*${next}) - m*x - e*y)`,
      ['x', 'w', 'z', 'y', 'l', 'e', 'm'],
      2,
    ) &&
    isIdenticallyZero(
      '(1 + m)*(e*(1 + m) - e*(m*(-e*l) + l*e*(1 + m))) - e*(1 + m)*(1 + m - e*l)',
      ['l', 'e', 'm'],
      3,
    ) &&
    isIdenticallyZero('2*r*q - q - r^2*q + (1 - r)^2*q', ['r', 'q'], 3)
  );
});

/** A slow mode moves by 1e-5 of its variance in an update: so many digits cancel. */
const allowed = 1e-10;
const covariance = 0.7;
const plain = { learningRate: 0.1, batch: 4 };
const { batch } = plain;
const rules: readonly (typeof plain & { readonly momentum?: number })[] = [0.05, 1].flatMap((learningRate) =>
  [{}, { momentum: 0.5 }, { momentum: 0.9 }].map((momentum) => ({ ...plain, ...momentum, learningRate })),
);
const eigenvalues = [1e-3, 0.3, 1.7];
const windows = [
  { updates: 4, every: 1 },
  { updates: 3, every: 6 },
];

export const covarianceOfUpdates: Theorem = {
  id: 'update-covariance',
  statement:
    'at rest along an eigenvector of H two updates of N steps have the covariance 2γ_{Nj} − γ_{N(j−1)} − γ_{N(j+1)}, j steps of the window apart: −v(1−ρ)²ρ^{j−1}, ρ = (1−ηλ)^N, without momentum; what is relaxed within an update is taken back by the next, and what is slow is white, η²cN/b',
  formula: String.raw`\begin{gathered} \delta_s = x_{sN} - x_{(s-1)N}, \quad \gamma_n = \mathbb E\,x_{i+n}\,x_i: \qquad \mathbb E\,\delta_s \delta_{s+j} = 2\gamma_{Nj} - \gamma_{N|j-1|} - \gamma_{N(j+1)}, \\ \gamma_{n+1} = (1 + \mu - \eta\lambda)\,\gamma_n - \mu\,\gamma_{n-1}, \quad \gamma_0 = v, \quad \gamma_1 = v\,\frac{1 + \mu - \eta\lambda}{1 + \mu}; \\ \mu = 0, \; \rho = (1 - \eta\lambda)^N: \quad \mathbb E\,\delta_s^2 = 2v\,(1 - \rho), \quad \mathbb E\,\delta_s \delta_{s+j} = -v\,(1 - \rho)^2 \rho^{j-1} \; (j \ge 1); \\ \rho \to 0: \; \text{eigenvalues } 2v\Bigl(1 - \cos\frac{\pi i}{W+1}\Bigr), \quad i = 1, \dots, W; \qquad \lambda \to 0: \; \frac{\eta^2 c N}{b}\, 1 \end{gathered}`,
  assumptions:
    'x_n the coordinate along the eigenvector after n steps, W updates; fixed H and C, batches of b drawn with replacement, 0 < ηλ < 2(1+μ)',
  reference: 'the recursion of the heavy ball; Σ = AΣAᵀ + Q and its powers; derived here',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    const errors = rules.flatMap((rule) =>
      eigenvalues.flatMap((lambda) =>
        windows.map((window) => {
          const own = reference(lambda, rule, window);
          const found = laws.updateCovariance(lambda, covariance, rule, window);
          return worst([...found].map((x, i) => Math.abs(x - own[i]!) / own[0]!));
        }),
      ),
    );
    const white = [0, 1e-9].flatMap((lambda) =>
      [...laws.updateCovariance(lambda, covariance, plain, windows[1]!)].map((x, i) =>
        i % 4 === 0 ? relativeDifference(x, (0.01 * covariance * 6) / batch) : Math.abs(x),
      ),
    );
    const relaxed = laws.updateCovariance(1, covariance, { ...plain, learningRate: 1 }, windows[0]!); // ρ = 0, v = c/b
    const matrix = [0, 4, 8, 12].map((i) => [...relaxed.subarray(i, i + 4)]);
    const spread = symmetricEigen(matrix)
      .values.toSorted((x, y) => x - y)
      .map((value, i) =>
        relativeDifference(value, ((2 * covariance) / batch) * (1 - Math.cos((Math.PI * (i + 1)) / 5))),
      );
    const edges =
      laws.updateCovariance(1, 0, rules[0]!, windows[0]!).every((x) => x === 0) &&
      refuses(() => laws.updateCovariance(0, covariance, { ...plain, momentum: 0.9 }, windows[0]!)) &&
      refuses(() => laws.updateCovariance(2, covariance, { ...plain, learningRate: 1 }, windows[0]!));
    const off = worst(errors);
    return {
      holds: isRecursion() && edges && off <= allowed && worst(white) <= 1e-8 && worst(spread) <= 1e-12,
      evidence: `symbolic in η, λ, μ and ρ; library within ${scientific(off)} of Σ and its powers`,
    };
  },
};

/** E δ_sδ_t, row-major, from the stationary covariance of (x, w) and the powers of a step. */
function reference(
  lambda: number,
  { learningRate, momentum = 0 }: (typeof rules)[number],
  { updates: W, every: N }: (typeof windows)[number],
): number[] {
  const [A, noise] = momentumSystem({ hessian: [[lambda]], covariance: [[covariance]] }, learningRate, batch, momentum);
  const gamma: number[] = [];
  for (let n = 0, power = lyapunov(A, noise); n <= N * (W + 1); n++, power = product(A, power))
    gamma.push(power[0]![0]!);
  return Array.from({ length: W * W }, (_, i) => {
    const j = Math.abs(Math.floor(i / W) - (i % W));
    return 2 * gamma[N * j]! - gamma[N * Math.abs(j - 1)]! - gamma[N * (j + 1)]!;
  });
}
