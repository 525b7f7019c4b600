import { dishonesty } from './error-bars.js';
import { isIdenticallyZero } from './exact/identity.js';
import type { Laws } from './laws.js';
import { relativeDifference, scientific, worst } from './numerics.js';
import type { Theorem } from './theorem.js';

/**
 * The tilted law. Fix c = ασ² < 1/2. For small σ, p_0 p_c′ ≈ e^{−D}, D = α(u_0 − u_c′) of mean α and variance 2α²σ², and the tilt by
 * e^{−D} moves u = e_0 + ση to the mean (1−c) e_0 + c e_c′ with the same covariance σ²: still D ≈ α(1 − 2c) → ∞, so that only this pair
 * takes part; pairs of wrong classes are exponentially rarer. With w = E p_0p_c′ an eigenvalue is w times the average of
 * ½·2((Xu)_0 − (Xu)_c′)² over the k(k−1) ordered pairs, over k ‖X‖²: the squared mean gives ℓ, the covariance 2σ² for every X.
 *   trivial: (Xu)_0 − (Xu)_c′ = u_0 − u_c′ = 1 − 2c for each of the k−1 pairs, ‖B‖² = k−1:   ℓ = (1−2c)²
 *   symmetric: X_{yc}(2c − 1):   ℓ = (1−2c)²/k;      antisymmetric: ± X_{yc}:   ℓ = 1/k;      bulk: 0
 *   standard: the 2×2 problem A x = ℓ N x below.
 */
function sectorLimits(k: number, c: number): Record<string, number> {
  const A = [
    [2, 1],
    [1, ((k - 1) * (1 - 2 * c + 2 * c * c) + 2 * c * (1 - c)) / k],
  ] as const;
  const N = [
    [k, 1],
    [1, 1 - 1 / k],
  ] as const;
  // det(A − ℓN) = 0
  const quadratic = N[0][0] * N[1][1] - N[0][1] ** 2;
  const linear = A[0][0] * N[1][1] + A[1][1] * N[0][0] - 2 * A[0][1] * N[0][1];
  const constant = A[0][0] * A[1][1] - A[0][1] ** 2;
  const root = Math.sqrt(linear ** 2 - 4 * quadratic * constant);
  return {
    trivial: (1 - 2 * c) ** 2,
    'standard+': (linear + root) / (2 * quadratic),
    'standard-': (2 * constant) / (linear + root),
    symmetric: (1 - 2 * c) ** 2 / k,
    antisymmetric: 1 / k,
    bulk: 0,
  };
}

export const smallNoiseLimits: Theorem = {
  id: 'small-noise-levels',
  statement:
    'at α = cα*, 0 < c < 1/2, σ → 0 every level is w(ℓ + 2σ²) with w = E p_0p_1 and the ℓ of its sector, up to terms exponentially small in 1/σ²',
  formula: String.raw`\begin{gathered} \alpha = c\,\alpha^*, \quad 0 < c < \tfrac12: \qquad \lambda_s = w\,\bigl(\ell_s + 2\sigma^2\bigr)\bigl(1 + O(e^{-\kappa/\sigma^2})\bigr), \\ w = \mathbb E p_0 p_1, \qquad \kappa > 0 \qquad (\sigma \to 0), \\ \ell_{\mathrm{trivial}} = (1-2c)^2, \quad \ell_{\mathrm{symmetric}} = \frac{(1-2c)^2}{k}, \quad \ell_{\mathrm{antisymmetric}} = \frac1k, \quad \ell_{\mathrm{bulk}} = 0, \\ \ell_{\mathrm{std}\pm}: \quad \det\begin{pmatrix} 2 - k\,\ell & 1 - \ell \\ 1 - \ell & q - (1 - \frac1k)\,\ell \end{pmatrix} = 0, \\ q = \frac{(k-1)(1 - 2c + 2c^2) + 2c(1-c)}{k} \end{gathered}`,
  assumptions: 'orthonormal means, k ≥ 3',
  reference: 'tilted law of class collisions; derived here',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors = [3, 4, 10].flatMap((k) =>
      [0.1, 0.2, 0.3].flatMap((c) => {
        const noise = 0.02;
        const { levels } = laws.noisyLevels({ classes: k, dim: k + 1, noise, margin: c / noise ** 2 });
        const limits = sectorLimits(k, c);
        // In units of Ω = 2w + …
        return levels
          .filter(({ sector }) => sector !== 'gauge')
          .map(({ sector, ratio }) => Math.abs(2 * ratio - (limits[sector]! + 2 * noise ** 2)));
      }),
    );
    return {
      holds: worst(errors) <= 1e-8,
      evidence: `σ = 0.02, k = 3, 4, 10, c = 0.1, 0.2, 0.3: every sector within ${scientific(worst(errors))}`,
    };
  },
};

/** Is it that of the antisymmetric level, with α and α/α* the same, and an honest bar? */
const isConsistent = (
  { sector, margin, relativeMargin, errorBar }: ReturnType<Laws['firstCrossing']>,
  noise: number,
): boolean =>
  sector === 'antisymmetric' &&
  relativeDifference(margin * noise ** 2, relativeMargin) < 1e-12 &&
  dishonesty(errorBar / margin, 0, 0) === 0;

export const smallNoiseBoundary: Theorem = {
  id: 'small-noise-law',
  statement:
    'for σ → 0 the gradient leaves the top-k eigenspace at α_c/α* = (1 − 1/√k)/2, through the antisymmetric level, with no power correction in σ: the difference falls as e^{−1/(4kσ²)}',
  formula: String.raw`\begin{gathered} \lambda_{\mathrm{trivial}}(\alpha_c) = \lambda_{\mathrm{antisymmetric}}(\alpha_c), \\ \Bigl| \frac{\alpha_c}{\alpha^*} - \frac12 \Bigl(1 - \frac{1}{\sqrt k}\Bigr) \Bigr| = e^{-(1 + o(1))/(4k\sigma^2)} \qquad (\sigma \to 0) \end{gathered}`,
  assumptions: 'orthonormal means, k ≥ 3',
  reference: 'ℓ_trivial = ℓ_antisymmetric; derived here',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    // (1 − 2c)² = 1/k at c = (1 − r)/2 with r² = 1/k, as an identity in r.
    const exact = isIdenticallyZero('(1 - 2*((1 - r)/2))^2 - r^2', ['r'], 2);
    const first = [3, 4, 6, 10, 100].every((k) => {
      const critical = (1 - 1 / Math.sqrt(k)) / 2;
      return Array.from({ length: 50 }, (_, i) => ((i + 0.5) / 50) * critical).every((c) => {
        const { trivial, ...others } = sectorLimits(k, c);
        return ['antisymmetric', 'symmetric', 'standard-', 'bulk'].every((sector) => trivial! > others[sector]!);
      });
    });
    const sigmas = [0.09, 0.075, 0.06];
    // The correction is that of true collisions, D ≈ 0, of weight e^{−1/4σ²} against e^{−c(1−c)/σ²}: (1/2 − c)² = 1/(4k).
    const decay = [6].map((k) => {
      const law = (1 - 1 / Math.sqrt(k)) / 2;
      const found = sigmas.map((noise) => laws.firstCrossing(k, noise));
      if (!found.every((crossing, i) => isConsistent(crossing, sigmas[i]!))) return [Infinity];
      const logs = found.map(({ relativeMargin }) => Math.log(relativeMargin - law));
      return logs.slice(1).map((log, i) => (4 * k * (logs[i]! - log)) / (sigmas[i + 1]! ** -2 - sigmas[i]! ** -2));
    });
    const converges = decay.every((rates) => rates.every((rate, i) => rate > 1 && rate < (rates[i - 1] ?? 1.5)));
    const limit = worst(
      [4, 10].map((k) => {
        const crossing = laws.firstCrossing(k, 0.03);
        return isConsistent(crossing, 0.03) ? Math.abs(crossing.relativeMargin - laws.smallNoiseLaw(k)) : Infinity;
      }),
    );
    const closed = worst(
      [
        laws.smallNoiseLaw(2) - 1 / 2,
        ...[3, 4, 10, 30, 1000, 10_000].map((k) => Math.abs(laws.smallNoiseLaw(k) - (1 - k ** -0.5) / 2)),
      ].map(Math.abs),
    );
    return {
      holds: exact && first && converges && limit <= 1e-12 && closed <= 1e-15,
      evidence: `difference ~ e^{−κ/σ²}, κ falling to 1/(4k): 4kκ = ${decay.map((rates) => rates.map((r) => r.toFixed(3)).join(', ')).join('; ')} for k = 6, σ = 0.09…0.06; at σ = 0.03 it is ${scientific(limit)}`,
    };
  },
};

/**
 * With s² = 1 − ρ and α′ = αs², σ′ = σ/s, the trivial, symmetric, antisymmetric and bulk levels are all s² times those of orthonormal
 * means at (α′, σ′), so that their crossings do not depend on ρ. Only the standard block does, through β = ‖m̄‖/s, which grows with ρ:
 *   [β² + σ′², βC; βC, D], and f(λ) = β²(D − C² − λ) + (σ′² − λ)(D − λ) its determinant less λ.
 * f(σ′²) = β²(D − C² − σ′²) and f(D − C²) = C²(σ′² − D + C²) have opposite signs: for every β the lower root lies between
 * σ′², the bulk level (or D, where that is lower still), and D − C². Below the trivial level at both ends of the range of ρ it is so for all.
 */
export const correlationInvariance: Theorem = {
  id: 'boundary-independent-of-rho',
  statement:
    'for equiangular means the boundary in α/α* depends on σ/√(1−ρ) only: the trivial and the antisymmetric level scale alike, and at no ρ does another cross first',
  formula: String.raw`\begin{gathered} \frac{\alpha_c}{\alpha^*} = F_k\Bigl(\frac{\sigma}{\sqrt{1-\rho}}\Bigr), \\ \lambda_s(\alpha, \sigma, \rho) = (1-\rho)\,\lambda_s\Bigl((1-\rho)\,\alpha,\, \frac{\sigma}{\sqrt{1-\rho}},\, 0\Bigr), \quad s = \text{trivial, antisymmetric}, \\ \lambda_{\mathrm{trivial}} > \lambda_{\mathrm{symmetric}},\, \lambda_{\mathrm{std}-},\, \lambda_{\mathrm{bulk}} \quad (0 < \alpha \le \alpha_c) \end{gathered}`,
  assumptions: 'Gram matrix (1−ρ) 1 + ρ 11ᵀ, −1/(k−1) ≤ ρ ≤ 0.99, k ≥ 3',
  reference: 'derived here',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors = [6].flatMap((k) => {
      const reference = laws.firstCrossing(k, 0.3);
      if (!isConsistent(reference, 0.3)) return [Infinity];
      return [-1 / (k - 1), 0.9].map((rho) => {
        const noise = 0.3 * Math.sqrt(1 - rho);
        const crossing = laws.firstCrossing(k, noise, rho);
        return isConsistent(crossing, noise)
          ? relativeDifference(crossing.relativeMargin, reference.relativeMargin)
          : Infinity;
      });
    });
    const vieta = isIdenticallyZero(
      '((b^2 + n)*d - b^2*c^2 - l*(b^2 + n + d) + l^2) - (b^2*(d - c^2 - l) + (n - l)*(d - l))',
      ['b', 'c', 'd', 'n', 'l'],
      2,
    );
    // Gaps between the trivial level and those that are not in the top k, in error bars, at both ends of ρ.
    const gaps = [3, 100].flatMap((k) =>
      [0.15, 1.5].flatMap((inner) => {
        const { relativeMargin } = laws.firstCrossing(k, inner);
        return [-1 / (k - 1), 0.99].flatMap((rho) =>
          [0.3, 1].flatMap((share) => {
            const noise = inner * Math.sqrt(1 - rho);
            const margin = (share * relativeMargin) / noise ** 2;
            const { levels } = laws.noisyLevels({ classes: k, dim: k + 1, noise, margin, correlation: rho });
            const trivial = levels.find(({ sector }) => sector === 'trivial')!;
            return levels
              .filter(({ sector, ratio }) => ['standard-', 'symmetric', 'bulk'].includes(sector) && ratio > 0)
              .map(
                ({ ratio, ratioError }) =>
                  (trivial.ratio - ratio) / (trivial.ratio * (ratioError + trivial.ratioError)),
              );
          }),
        );
      }),
    );
    const least = Math.min(...gaps);
    return {
      holds: worst(errors) <= 1e-10 && vieta && least > 10,
      evidence:
        `k = 6, ρ = −1/(k−1) and 0.9: within ${scientific(worst(errors))}; k = 3, 100, up to the boundary at both ends of ρ ` +
        `the other levels stay below the trivial one, by ${scientific(least)} error bars at least`,
    };
  },
};

export const overlapIsBlind: Theorem = {
  id: 'overlap-blind-to-the-boundary',
  statement:
    'overlap(g, Hg) = 1 on both sides of the boundary, where f_top(k) falls from 1 to 0: the proxy cannot see the break',
  formula: String.raw`\operatorname{overlap}(g, Hg) = 1 \;\; (\alpha \ne \alpha^*), \qquad f_{\mathrm{top}}(k) = \begin{cases} 1 & 0 < \alpha < \alpha_c \\ 0 & \alpha > \alpha_c, \; \alpha \ne \alpha^* \end{cases}`,
  assumptions: 'W = αB, finite noise',
  reference: 'derived here',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const sides = [2, 4, 10].map((k) => {
      const { margin } = laws.firstCrossing(k, 0.3);
      const [before, after] = [0.999, 1.001].map((factor) => {
        const { snapshot } = laws.linePoint({ classes: k, dim: k + 5, noise: 0.3, margin: factor * margin });
        return { overlap: laws.gradientHessianOverlap(snapshot), ...laws.topFraction(snapshot, k) };
      });
      return (
        Math.abs(before!.overlap - 1) < 1e-12 &&
        Math.abs(after!.overlap - 1) < 1e-12 &&
        before!.lower === 1 &&
        after!.upper === 0
      );
    });
    return {
      holds: sides.every(Boolean),
      evidence: 'k = 2, 4, 10 at σ = 0.3, one part in a thousand before and after',
    };
  },
};
