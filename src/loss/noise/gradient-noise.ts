import type { EigenPairs } from '../../numeric/lanczos/eigen-pairs.js';
import type { KrylovSpace } from '../../numeric/lanczos/krylov-space.js';
import { atOnce } from '../../numeric/kernels/pausing.js';
import { ritzPairs } from '../../numeric/lanczos/ritz-pairs.js';
import type { FloatArray } from '../../numeric/kernels/float-array.js';
import { UsageError } from '../../errors.js';
import type { Objective, Statistics } from '../objective.js';
import { probeSpaces } from './probe-spaces.js';

/**
 * What one random probe z of the space outside the top says of H there, and of C: zᵀf(H)z = Σ weights f(nodes), zᵀC f(H)z = Σ covariances f(nodes), for z of
 * squared length the dimension of that space.
 */
export interface NoiseProbe {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  readonly covariances: Float64Array;
}

/** The space orthogonal to the top eigenvectors: traces over it are means over the probes. */
export interface RestNoise {
  readonly dimension: number;
  readonly probes: readonly NoiseProbe[];
}

/** The covariance C of the gradient of one of n samples, ∇ℓ_i about its mean g, as far as the noise of SGD depends on it. */
export interface GradientNoise {
  /** n. */
  readonly samples: number;
  /** The top eigenvalues λ_i of the Hessian, and c_i = v_iᵀ C v_i. */
  readonly top: { readonly eigenvalues: Float64Array; readonly covariances: Float64Array };
  readonly rest: RestNoise;
  /** Hessian products, and directions along which the slopes of samples were taken. */
  readonly products: number;
  readonly slopes: number;
}

/** How closely what lies outside the top is looked at. */
export interface NoiseProbeOptions {
  readonly statistics?: Statistics;
  /** Random vectors, at least 2; default 10. Standard errors are their spread. */
  readonly probes?: number;
  /** Hessian products of each, at least 2; default 6. Polynomials f of degree 2 · steps − 1 in H are exact for the probe, with C of degree steps − 1. */
  readonly steps?: number;
  readonly seed?: number;
}

/**
 * The noise of a training loss at θ, from slopes of single samples: c_i is the variance over samples of ∇ℓ·v_i; outside the top, with z random and
 * orthogonal to it,
 *   Tr f(H) = E zᵀf(H)z,   Tr(C f(H)) = E Cov_samples(∇ℓ·z, ∇ℓ·f(H)z),
 * where f(H)z is that of the Krylov space of z (Lanczos): slopes along its basis give every f at once, Tr C, Tr CH and the laws of SGD.
 *
 * C is that of the samples there are, exactly; what is random are the probes, keyed by the seed. Throws UsageError for counts that are not legal. Cost: probes · steps
 * products, and as many slopes besides one for each pair; memory: probes · steps vectors at most.
 */
export async function gradientNoise(
  objective: Objective,
  weights: FloatArray,
  { dimension, values, vectors }: Pick<EigenPairs, 'dimension' | 'values' | 'vectors'>,
  { statistics = {}, probes = 10, steps = 6, seed = 1 }: NoiseProbeOptions = {},
): Promise<GradientNoise> {
  if (!Number.isInteger(probes) || probes < 2 || !Number.isInteger(steps) || steps < 2) {
    throw new UsageError(`noise needs at least 2 probes of 2 products each, received ${probes} of ${steps}`);
  }
  const along = (directions: Float64Array, columns: number): Promise<Float64Array> =>
    objective.sampleSlopes(weights, directions, columns, statistics);
  const count = values.length;
  const slopes = await along(vectors, count);
  const n = slopes.length / count;
  const hessian = objective.curvature('hessian', weights, { statistics });
  const rest: NoiseProbe[] = [];
  let products = 0;
  const random = { probes: count < dimension ? probes : 0, steps, seed };
  for await (const space of probeSpaces(hessian, { vectors, count }, random)) {
    const basis = Float64Array.from(space.vectors.read(0, space.size));
    rest.push(probeOf(space, firstCovariances(await along(basis, space.size), space.size, n), dimension - count));
    products += space.size;
  }
  return {
    samples: n,
    top: {
      eigenvalues: values.slice(),
      covariances: values.map((_, i) => {
        const of = slopes.subarray(i * n, (i + 1) * n);
        return covarianceOf(of, of);
      }),
    },
    rest: { dimension: dimension - count, probes: rest },
    products,
    slopes: count + products,
  };
}

/** κ_j, the covariance over samples of the slopes along the first and the j-th vector. */
function firstCovariances(slopes: Float64Array, columns: number, n: number): number[] {
  const first = slopes.subarray(0, n);
  return Array.from({ length: columns }, (_, j) => covarianceOf(first, slopes.subarray(j * n, (j + 1) * n)));
}

/** (1/n) Σ (x − x̄)(y − ȳ). */
function covarianceOf(x: Float64Array, y: Float64Array): number {
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  return x.reduce((sum, value, i) => sum + (value - meanX) * (y[i]! - meanY), 0) / x.length;
}

/** With f(H)z = |z| Q f(T) e₁ and T = U θ Uᵀ: nodes θ, weights U₁², and U₁ (Uᵀκ) of C, all times |z|². */
function probeOf(space: KrylovSpace, kappa: readonly number[], squaredLength: number): NoiseProbe {
  const { values: nodes, vectors: u } = atOnce(ritzPairs(space));
  const s = space.size;
  const first = (l: number): number => u[l * s]! * squaredLength;
  return {
    nodes,
    weights: nodes.map((_, l) => u[l * s]! * first(l)),
    covariances: nodes.map((_, l) => first(l) * kappa.reduce((sum, k, j) => sum + u[l * s + j]! * k, 0)),
  };
}
