import { NumericalError, UsageError } from '../errors.js';
import { smallSymmetricEigen } from '../numeric/kernels/small-symmetric-eigen.js';

/** R̂ = U S Uᵀ + μ (1 − U Uᵀ): r eigenpairs as they are, one level for the rest. */
export interface SpikeAndFlat {
  /** S: the r largest eigenvalues, descending. */
  readonly spike: Float64Array;
  /** U: their unit eigenvectors, one after the other. */
  readonly vectors: Float64Array;
  /** μ: the mean of the other n − r. */
  readonly flat: number;
  /** log(AM/GM) of these: what flatness costs, by half of it a degree of freedom; 0 where they are equal. */
  readonly cost: number;
}

/**
 * The spike-and-flat matrix nearest to an SPD matrix, n × n row by row, in the KL divergence of Gaussians (Pro-KLShampoo, arXiv:2605.06316): the r largest eigenpairs
 * kept, the others at their mean. Throws UsageError unless the matrix is square and symmetric to 1e-10 of its largest entry and 0 ≤ r < n, NumericalError unless it is positive definite.
 * Cost: O(n³).
 */
export function spikeAndFlat(matrix: Float64Array, n: number, r: number): SpikeAndFlat {
  if (matrix.length !== n * n)
    throw new UsageError(`an ${n} × ${n} matrix has ${n * n} entries, received ${matrix.length}`);
  checkRank(r, n);
  const largest = matrix.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const skew = matrix.reduce((most, x, i) => Math.max(most, Math.abs(x - matrix[(i % n) * n + Math.floor(i / n)]!)), 0);
  if (!(skew <= 1e-10 * largest))
    throw new UsageError(`the matrix is not symmetric: entries across its diagonal differ by ${skew}`);
  const { values, vectors } = smallSymmetricEigen(matrix, n);
  const cost = flatnessCosts(values)[r]!;
  const flat = values.subarray(r).reduce((sum, x) => sum + x, 0) / (n - r);
  return { spike: values.slice(0, r), vectors: vectors.slice(0, r * n), flat, cost };
}

/**
 * log(AM/GM) of what is below the r largest of n eigenvalues, for r = 0 … n − 1: half the KL divergence a degree of freedom between Gaussians of that covariance and of its mean level. 0 where they are
 * equal, the same in every unit. Throws UsageError unless the values are descending, NumericalError unless they are positive, and their ratios numbers. Cost: n.
 */
export function flatnessCosts(eigenvalues: ArrayLike<number>): number[] {
  const values = Array.from(eigenvalues);
  const wrong = values.findIndex((x) => !(x > 0 && x < Infinity));
  if (wrong >= 0 || values.length === 0) {
    throw new NumericalError(
      `a spike-and-flat fit needs positive eigenvalues, received ${values[wrong] ?? 'none'}; take the null space out, or add a multiple of the identity`,
    );
  }
  if (values.some((x, i) => i > 0 && x > values[i - 1]!)) throw new UsageError('eigenvalues must be descending');
  const costs: number[] = [];
  const least = values.at(-1)!;
  if (!(values.reduce((sum, x) => sum + x / least, 0) < Infinity)) {
    throw new NumericalError(
      `eigenvalues from ${values[0]!} to ${least} have ratios that are too large; add a multiple of the identity`,
    );
  }
  let [sum, logs] = [0, 0];
  for (let r = values.length - 1; r >= 0; r--) {
    const relative = values[r]! / least;
    sum += relative;
    logs += Math.log(relative);
    const count = values.length - r;
    costs.push(relative === 1 ? 0 : Math.max(0, Math.log(sum / count) - logs / count));
  }
  return costs.reverse();
}

/** ½ m (n − r) log(AM/GM): the KL divergence that the flat part costs in an m × n gradient with this factor of n. Errors as in `flatnessCosts`; UsageError unless 0 ≤ r < n and 0 < m < ∞. */
export function flatnessGap(eigenvalues: ArrayLike<number>, r: number, m: number): number {
  checkRank(r, eigenvalues.length);
  if (!(m > 0 && m < Infinity)) throw new UsageError(`m must be a positive number, received ${m}`);
  return (m * (eigenvalues.length - r) * flatnessCosts(eigenvalues)[r]!) / 2;
}

/** The rank of the spike by two rules. */
export interface SpikeRank {
  /** The least r at which log(AM/GM) of the rest is at most the tolerance: the rest is flat. 0 for an isotropic matrix. */
  readonly byCost: number;
  /** The r in 1 … n/2 with the largest ratio of neighbours λ_r/λ_{r+1}, and the ratio: where the spectrum falls most. */
  readonly byRatio: number;
  readonly ratio: number;
}

/**
 * How many eigenvalues stand above a flat rest. `tolerance`: of log(AM/GM), about half the variance of log λ; 0.1 is a scatter of ± 45 %. Errors as in `flatnessCosts`; UsageError unless the tolerance is positive and
 * there are two values.
 */
export function spikeRank(eigenvalues: ArrayLike<number>, tolerance: number): SpikeRank {
  if (!(tolerance > 0)) throw new UsageError(`the tolerance must be positive, received ${tolerance}; for example 0.1`);
  if (eigenvalues.length < 2) throw new UsageError('the rank of a spike needs at least two eigenvalues');
  const byCost = flatnessCosts(eigenvalues).findIndex((cost) => cost <= tolerance);
  const ratios = Array.from(
    { length: Math.floor(eigenvalues.length / 2) },
    (_, i) => eigenvalues[i]! / eigenvalues[i + 1]!,
  );
  const ratio = Math.max(...ratios);
  return { byCost, byRatio: 1 + ratios.indexOf(ratio), ratio };
}

function checkRank(r: number, n: number): void {
  if (!Number.isInteger(r) || r < 0 || r >= n)
    throw new UsageError(`the rank of a spike is an integer from 0 to ${n - 1}, received ${r}`);
}
