import {
  equivariantMaps,
  familyRank,
  isOneEigenspace,
  isStandardBlock,
  sectorFamilies,
  withoutGauge,
  type IntegerMatrix,
} from './exact/equivariant-hessian.js';
import type { Laws } from './laws.js';
import { once, relativeDifference, scientific, worst } from './numerics.js';
import type { Theorem } from './theorem.js';

/**
 * The population is invariant under S_k, which relabels classes and means together, and under O(d − k) on the features off the means, so H
 * commutes with both; and it annihilates the gauge, H = P H P with P the projector that takes column means out. So its part on the k×k matrices
 * is a combination of P E P over the maps E of `equivariantMaps`: exactly, each of these has every family as an eigenspace and the
 * standard copies as a block. Off the means reflections f → −f leave no coupling to them, and rotations leave one k×k matrix on v ⊗ f for all f, a
 * combination of 1 and 11ᵀ, one number on Σv = 0. The gradient is an invariant k×k matrix of zero column sums: invariant ones are x 1 + y 11ᵀ, hence a
 * multiple of B. Ranks show that the families, the copies and the gauge are everything.
 */
const sectorsAreEigenspaces = once(() =>
  [3, 4, 5, 6].every((k) => {
    const families = sectorFamilies(k);
    const ranks = Object.values(families)
      .map(familyRank)
      .reduce((sum, rank) => sum + rank, 0);
    const dimensions = [
      familyRank(families.trivial) === 1,
      familyRank(families.symmetric) === (k * (k - 3)) / 2,
      familyRank(families.antisymmetric) === ((k - 1) * (k - 2)) / 2,
      familyRank(families.gauge) === k,
      ranks + 2 * (k - 1) === k * k,
    ];
    const maps = equivariantMaps(k);
    return (
      dimensions.every(Boolean) &&
      maps.length === (k === 3 ? 14 : 15) &&
      maps.every((map) => {
        const apply = (X: IntegerMatrix): IntegerMatrix => withoutGauge(k, map(withoutGauge(k, X)));
        return Object.values(families).every((family) => isOneEigenspace(apply, family)) && isStandardBlock(k, apply);
      })
    );
  }),
);

export const sevenLevels: Theorem = {
  id: 'seven-levels',
  statement:
    'by symmetry alone H has at most seven eigenvalues: trivial (1), standard± (k−1 each), symmetric (k(k−3)/2), antisymmetric ((k−1)(k−2)/2), bulk ((k−1)(d−k)), 0 (d); the gradient is the trivial eigenvector',
  formula: String.raw`\begin{gathered} \begin{array}{l|cccc} \text{level} & \text{trivial} & \text{standard}\pm & \text{symmetric} & \text{antisymmetric} \\ \text{multiplicity} & 1 & k-1 \text{ each} & \frac{k(k-3)}2 & \frac{(k-1)(k-2)}2 \end{array} \\ \begin{array}{l|cc} \text{level} & \text{bulk} & 0 \\ \text{multiplicity} & (k-1)(d-k) & d \end{array} \qquad H G = \lambda_{\mathrm{trivial}}\, G \end{gathered}`,
  assumptions: 'W = αB, any noise, equal priors, S_k-symmetric means',
  reference: 'Schur’s lemma; derived here',
  method: 'rational proof',
  expected: 'proved',
  check(laws) {
    const multiplicities = [2, 3, 4, 5, 6].every((k) => libraryMultiplicitiesAreRight(laws, k));
    const aligned = [3, 6].map((k) => {
      const snapshot = laws.noisySnapshot({ classes: k, dim: k + 1, noise: 0.4, margin: 2 });
      return 1 - laws.gradientHessianOverlap(snapshot);
    });
    return {
      holds: sectorsAreEigenspaces() && multiplicities && worst(aligned.map(Math.abs)) <= 1e-12,
      evidence:
        'every map that commutes with S_k, for k = 3…6 in integers, ranks included; the library’s multiplicities for k = 2…6',
    };
  },
};

function libraryMultiplicitiesAreRight(laws: Laws, k: number): boolean {
  const d = k + 3;
  const families = sectorFamilies(k);
  const expected: Record<string, number> = {
    trivial: 1,
    'standard+': k - 1,
    'standard-': k > 2 ? k - 1 : 0,
    symmetric: k > 3 ? familyRank(families.symmetric) : 0,
    antisymmetric: familyRank(families.antisymmetric),
    bulk: (k - 1) * (d - k),
    gauge: d,
  };
  const { levels } = laws.noisyLevels({ classes: k, dim: d, noise: 0.5, margin: 1.5 });
  const found = Object.fromEntries(levels.map(({ sector, multiplicity }) => [sector, multiplicity]));
  return Object.entries(expected).every(([sector, multiplicity]) => (found[sector] ?? 0) === multiplicity);
}

/** Models at which the closed form is confronted with a dense Hessian, and the nodes per dimension of two quadratures. */
const cases = [
  { classes: 2, noise: 0.8, margin: 1.5, correlation: 0, nodes: [40, 60] },
  { classes: 3, noise: 0.5, margin: 2, correlation: 0, nodes: [24, 36] },
  { classes: 3, noise: 0.4, margin: 2, correlation: -0.5, nodes: [24, 36] },
  { classes: 3, noise: 0.3, margin: 4, correlation: 0.6, nodes: [24, 36] },
  { classes: 4, noise: 0.3, margin: 2, correlation: 0.2, nodes: [7, 10] },
] as const;

export const noisySpectrum: Theorem = {
  id: 'noisy-spectrum',
  statement:
    'the seven levels, gradient, loss and error equal those of the population Hessian, by quadrature and dense eigenvalues',
  formula: String.raw`\begin{gathered} \operatorname{spec} H = \{\lambda_s\}, \qquad H = \mathbb E\bigl[(\operatorname{diag}(p) - p p^{\mathsf T}) \otimes x x^{\mathsf T}\bigr], \\ G = \mathbb E\bigl[(p - e_y)\,x^{\mathsf T}\bigr], \qquad L = -\mathbb E \log p_y, \qquad \varepsilon = \mathbb E(1 - p_y) \end{gathered}`,
  assumptions: 'any noise, equiangular means',
  reference: 'derived here',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const excess = cases.map(({ nodes, ...point }) => {
      const [rough, fine] = nodes.map((n) => population(laws, point, n)) as [Population, Population];
      const { levels } = laws.noisyLevels({ ...point, dim: point.classes + 1 });
      const { loss, error, gradientNorm } = laws.marginPoint(point);
      const exact = levels.flatMap(({ value, multiplicity }) => new Array<number>(multiplicity).fill(value));
      const numbers = [...exact, loss, error, gradientNorm];
      const [measured, coarse] = [fine, rough].map((p) => [...p.eigenvalues, p.loss, p.error, p.gradientNorm]) as [
        number[],
        number[],
      ];
      if (numbers.length !== measured.length) return Infinity;
      return worst(
        numbers.map((x, i) => Math.abs(x - measured[i]!) / (10 * Math.abs(measured[i]! - coarse[i]!) + 1e-11)),
      );
    });
    return {
      holds: worst(excess) <= 1,
      evidence: `k = 2, 3, 4, five noises and correlations: within ${worst(excess).toFixed(2)} of the quadrature’s own error`,
    };
  },
};

interface Population {
  readonly eigenvalues: readonly number[];
  readonly loss: number;
  readonly error: number;
  readonly gradientNorm: number;
}

function population(
  laws: Laws,
  { classes: k, noise, margin, correlation }: { classes: number; noise: number; margin: number; correlation: number },
  nodes: number,
): Population {
  const dim = k + 1;
  const gram = Array.from({ length: k * k }, (_, i) => (Math.floor(i / k) === i % k ? 1 : correlation));
  const model = laws.mixtureFromGram({ gram, dim, noises: new Array<number>(k).fill(noise) });
  const { means } = model;
  const weights = means.map((x, i) => {
    let mean = 0;
    for (let b = 0; b < k; b++) mean += means[b * dim + (i % dim)]! / k;
    return margin * (x - mean);
  });
  const { hessian, loss, error, gradient } = laws.populationPoint(model, weights, laws.tensorHermite(nodes));
  return { eigenvalues: [...laws.denseEigen(hessian).values], loss, error, gradientNorm: Math.hypot(...gradient) };
}

export const zeroNoiseLimit: Theorem = {
  id: 'zero-noise-limit',
  statement:
    'as σ → 0 trivial and standard+ go to λ₁, symmetric, antisymmetric and standard− to λ₂, with corrections of order σ²; sectors that exist with and without noise have one name',
  formula: String.raw`\begin{gathered} \lambda_{\mathrm{trivial}},\, \lambda_{\mathrm{std}+} = \lambda_1 + O(\sigma^2), \\ \lambda_{\mathrm{symmetric}},\, \lambda_{\mathrm{antisymmetric}},\, \lambda_{\mathrm{std}-} = \lambda_2 + O(\sigma^2) \qquad (\sigma \to 0) \end{gathered}`,
  assumptions: 'orthonormal means, margin fixed, k ≥ 3',
  reference: 'derived here',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const top = new Set(['trivial', 'standard+']);
    const excess = [3, 4, 10].flatMap((k) =>
      [0.5, 2, 5].flatMap((alpha) => {
        const Z = Math.exp(alpha) + k - 1;
        const [first, second] = [Math.exp(alpha) / Z ** 2, 1 / (k * Z)]; // λ₁ = ε(1−ε)/(k−1), λ₂ = ε/(k(k−1))
        const deviations = (noise: number): number[] =>
          laws
            .noisyLevels({ classes: k, dim: k, noise, margin: alpha })
            .levels.filter(({ sector }) => sector !== 'gauge')
            .sort((x, y) => (x.sector < y.sector ? -1 : 1))
            .map(({ sector, value }) => value / (top.has(sector) ? first : second) - 1);
        const [coarse, fine] = [deviations(0.02), deviations(0.01)];
        // The next order is (ασ)² relative, with a factor of order one.
        return coarse.map((x, i) => Math.abs(x / fine[i]! - 4) / (4 * (alpha * 0.02) ** 2));
      }),
    );
    const error = worst(excess);
    const names = ['trivial', 'gauge', 'gradient', 'null', 'standard+', 'standard0', 'standard-', 'symmetric', 'bulk'];
    const shown = names.map((name) => laws.sectorName(name)).join();
    return {
      holds: error <= 10 && shown === ['gradient', 'null', ...names.slice(2)].join(),
      evidence: `k = 3, 4, 10: halving σ divides every deviation by 4 (1 + r (ασ)²), |r| ≤ ${error.toFixed(1)}`,
    };
  },
};

export const smallestLevel: Theorem = {
  id: 'trivial-level-ends-smallest',
  statement: 'at the Bayes-optimal margin the gradient’s level is the smallest positive eigenvalue',
  formula: String.raw`\alpha = \alpha^* = \frac1{\sigma^2} \;\Longrightarrow\; \lambda_{\mathrm{trivial}} = \min\{\lambda > 0 : \lambda \in \operatorname{spec} H\}`,
  assumptions: 'orthonormal means, 0.05 ≤ σ ≤ 3',
  reference: 'derived here',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const margins = [2, 3, 4, 10, 100].flatMap((k) =>
      [0.05, 0.2, 0.5, 1, 3].map((noise) => {
        const { levels } = laws.noisyLevels({ classes: k, dim: k + 1, noise, margin: 1 / noise ** 2 });
        const positive = levels.filter(({ ratio }) => ratio > 0);
        const last = positive.at(-1)!;
        const before = positive.at(-2)!;
        return last.sector === 'trivial' ? (before.ratio - last.ratio) / (before.ratio * before.ratioError) : -1;
      }),
    );
    const least = Math.min(...margins);
    return {
      holds: least > 10,
      evidence: `k = 2…100, σ = 0.05…3: below the next by ${scientific(least)} error bars at least`,
    };
  },
};

export const simplexStandardBulk: Theorem = {
  id: 'simplex-means',
  statement: 'for a simplex of means (ρ = −1/(k−1), neural collapse) standard− equals the bulk level exactly',
  formula: String.raw`\rho = -\frac1{k-1} \;\Longrightarrow\; \lambda_{\mathrm{std}-} = \lambda_{\mathrm{bulk}}`,
  assumptions: 'any noise and margin',
  reference: 'derived here: b = ‖m̄‖ = 0 decouples the feature along the mean of the means',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors = [3, 4, 10].flatMap((k) =>
      [0.2, 0.5].flatMap((noise) =>
        [0.5, 2, 0.5 / noise ** 2].map((margin) => {
          const { levels } = laws.noisyLevels({ classes: k, dim: k + 1, noise, margin, correlation: -1 / (k - 1) });
          const ratio = (sector: string): number => levels.find((level) => level.sector === sector)!.ratio;
          return relativeDifference(ratio('standard-'), ratio('bulk'));
        }),
      ),
    );
    return { holds: worst(errors) <= 1e-11, evidence: `k = 3, 4, 10: within ${scientific(worst(errors))}` };
  },
};
