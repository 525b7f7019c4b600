import { scientific, worstOver } from './numerics.js';
import { symmetricEigen } from './quadrature/jacobi.js';
import { differences, noiseless, snapshotErrors } from './snapshot-errors.js';
import type { Theorem } from './theorem.js';

/** α of the noiseless flow from 0: Newton's iteration on expm1(α) + (k−1) α = t. */
export function marginAt(k: number, t: number): number {
  let alpha = Math.min(t / k, Math.log1p(t));
  for (let round = 0; round < 60; round++) {
    alpha -= (Math.expm1(alpha) + (k - 1) * alpha - t) / (Math.exp(alpha) + k - 1);
  }
  return alpha;
}

const symmetricProbabilities = (k: number, alpha: number): number[][] => {
  const Z = Math.exp(alpha) + k - 1;
  return Array.from({ length: k }, (_, a) => Array.from({ length: k }, (__, c) => (c === a ? Math.exp(alpha) : 1) / Z));
};

const cases = [
  [3, 0.3],
  [3, 40],
  [4, 1e6],
  [6, 0.3],
  [6, 40],
  [6, 1e6],
] as const;
const manyClasses = [0.3, 300, 1e6].map((t) => [101, t] as const);

export const symmetricSnapshots: Theorem = {
  id: 'symmetric-snapshots',
  statement:
    'gradient, Hessian, levels, their bases and error bounds of the symmetric solution, with and without biases, are those of G = (1/k) Σ (p − e_a) x_aᵀ, H = (1/k) Σ S_a ⊗ x_a x_aᵀ',
  formula: String.raw`\begin{gathered} G = \frac1k \sum_a (p_a - e_a)\,x_a^{\mathsf T}, \qquad H = \frac1k \sum_a S_a \otimes x_a x_a^{\mathsf T}, \qquad x_a = \mu_a \text{ or } (\mu_a, 1), \\ H X = \lambda_s X \text{ for } X \text{ in the basis of level } s, \qquad |\hat\lambda_s - \lambda_s| \le \mathrm{error}_s \end{gathered}`,
  assumptions: 'zero noise, orthonormal means, W(0) = 0',
  reference: 'definitions; α by Newton’s iteration',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const error = worstOver([...cases, ...manyClasses], 1e-9, ([k, t]) => {
      const alpha = marginAt(k, t);
      const p = symmetricProbabilities(k, alpha);
      const Z = Math.exp(alpha) + k - 1;
      const entry = (c: number, a: number): number => (c === a ? -(k - 1) : 1) / (k * Z);
      const gradient = Array.from({ length: k * k }, (_, i) => entry(Math.floor(i / k), i % k));
      const dim = k + 2;
      const loss = Math.log1p((k - 1) * Math.exp(-alpha));
      const plain = {
        time: t,
        loss,
        parameters: k * dim,
        gradient,
        apply: noiseless(k, p),
        levels: [
          { value: Math.exp(alpha) / Z ** 2, multiplicity: k },
          { value: 1 / (k * Z), multiplicity: k * (k - 2) },
        ],
      };
      const few = k < 100;
      const width = k + 1;
      const biased = {
        ...plain,
        parameters: k * (dim + 1),
        gradient: Array.from({ length: k * width }, (_, i) =>
          i % width === k ? 0 : entry(Math.floor(i / width), i % width),
        ),
        apply: noiseless(k, p, true),
        levels: biasedLevels(k, Math.exp(alpha)),
      };
      const [unbiased, withBias] = [laws.symmetricSnapshot(k, dim, t), laws.biasSnapshot(k, dim, t)];
      const point = { classes: k, time: t, margin: alpha, error: (k - 1) / Z, loss, gradientNorm: NaN };
      return [
        ...snapshotErrors(unbiased, plain, few),
        ...snapshotErrors(withBias, biased, few),
        ...differences(laws.symmetricSnapshotAt(point, dim), unbiased, few),
        ...differences(laws.biasSnapshotAt(point, dim), withBias, few),
      ];
    });
    return {
      holds: error <= 1e-9,
      evidence: `k = 3 … 101, t = 0.3 … 1e6: within ${scientific(error)}`,
    };
  },
};

/** Positive levels with biases, from the block on (X₁, X₂) in the docstring of biases.ts, in floating point. */
function biasedLevels(k: number, x: number): { value: number; multiplicity: number }[] {
  const Z = x + k - 1;
  const [first, second] = [x / Z ** 2, 1 / (k * Z)];
  const [c, d] = [k / (k - 1), (k * (k - 2)) / (k - 1)];
  const off = Math.sqrt(first * second * c * d);
  const { values } = symmetricEigen([
    [first * (1 + c), off],
    [off, second * (1 + d)],
  ]);
  return [
    { value: values[0]!, multiplicity: k - 1 },
    { value: first, multiplicity: 1 },
    { value: values[1]!, multiplicity: k - 1 },
    { value: second, multiplicity: k * k - 3 * k + 1 },
  ];
}
