import { UsageError } from '../../errors.js';
import { checkedTotal } from '../kernels/checked-total.js';
import { absorb } from '../lanczos/absorb.js';
import { addOpen } from '../lanczos/join-vectors.js';
import { drawn, type Pausing } from '../kernels/pausing.js';
import { krylovSpace, type KrylovSpace } from '../lanczos/krylov-space.js';
import { runProgram, runProgramAsync, type ProductProgram } from '../lanczos/product-program.js';
import { randomStream } from '../random.js';
import { ritzPairs } from '../lanczos/ritz-pairs.js';
import { scaleFree } from '../kernels/scale-free.js';
import type { AsyncSymmetricOperator, SymmetricOperator } from '../kernels/symmetric-operator.js';

/** What the quadrature may cost: probes · steps products. */
export interface QuadratureOptions {
  /** Random vectors, at least 2; default 10. The error bands are their spread. */
  readonly probes?: number;
  /** Products per probe; default 80. Moments up to 2 · steps − 1 are those of the probe, exactly. */
  readonly steps?: number;
  /** Probes that are multiplied in one block; default 1. Each needs memory for `steps` vectors. */
  readonly together?: number;
  readonly seed?: number;
}

/** Gauss quadrature of the spectral measure of one probe v: vᵀf(A)v ≈ Σ w_i f(θ_i), Σ w_i = 1, nodes descending. */
export interface ProbeQuadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Gauss rules of the spectral measures vᵀf(A)v of random v, whose mean over the probes is tr f(A)/n. */
export interface SpectralQuadrature {
  readonly dimension: number;
  /** Products that a probe may take; rules with fewer nodes are exhausted, and exact. */
  readonly steps: number;
  readonly probes: readonly ProbeQuadrature[];
  readonly products: number;
}

/**
 * Stochastic Lanczos quadrature: (1/n) tr f(A) = E vᵀf(A)v for v uniform on the unit sphere, with the Gauss rule that Lanczos from
 * v gives for each (Golub & Welsch 1969; Ubaru, Chen & Saad 2017; for Hessians Ghorbani, Krishnan & Xiao 2019, arXiv:1901.10159).
 *
 * Full reorthogonalisation, so that no eigenvalue appears twice. A probe whose Krylov space is exhausted ends early, and is exact.
 * Throws UsageError for counts that are not legal, NumericalError if products are not finite or the weights of a probe do not add up to 1.
 * Cost: probes · steps products and 2n · steps² · probes operations.
 */
export function stochasticLanczosQuadrature(
  operator: SymmetricOperator,
  options: QuadratureOptions = {},
): SpectralQuadrature {
  return runProgram(operator, scaleFree(quadratureProgram(operator.dimension, options), scaled));
}

/** The same for an operator whose products are awaited. */
export function stochasticLanczosQuadratureAsync(
  operator: AsyncSymmetricOperator,
  options: QuadratureOptions = {},
): Promise<SpectralQuadrature> {
  return runProgramAsync(operator, scaleFree(quadratureProgram(operator.dimension, options), scaled));
}

/** The quadrature of s A, given that of A. */
function scaled({ probes, ...rest }: SpectralQuadrature, s: number): SpectralQuadrature {
  return { ...rest, probes: probes.map(({ nodes, weights }) => ({ nodes: nodes.map((x) => s * x), weights })) };
}

function* quadratureProgram(
  n: number,
  { probes = 10, steps = 80, together = 1, seed = 1 }: QuadratureOptions,
): ProductProgram<SpectralQuadrature> {
  for (const [name, value, least] of [
    ['probes', probes, 2],
    ['steps', steps, 1],
    ['together', together, 1],
  ] as const) {
    if (!Number.isInteger(value) || value < least) {
      throw new UsageError(`${name} must be an integer of at least ${least}, received ${value}`);
    }
  }
  const rules: ProbeQuadrature[] = [];
  let products = 0;
  for (let first = 0; first < probes; first += together) {
    const spaces: KrylovSpace[] = [];
    for (let probe = first; probe < Math.min(first + together, probes); probe++) {
      const space = krylovSpace(n, Math.min(n, steps + 1));
      const stream = randomStream(seed, 'quadrature', probe);
      yield* addOpen(space, yield* drawn(n, () => stream.normal()));
      spaces.push(space);
    }
    for (let step = 0; step < Math.min(steps, n); step++) {
      const going = spaces.filter(({ open }) => open > 0);
      if (going.length === 0) break;
      const block = new Float64Array(n * going.length);
      going.forEach(({ vectors, size }, i) => {
        block.set(vectors.read(size, 1), i * n);
      });
      const moved = yield { block, columns: going.length };
      products += going.length;
      for (const [i, space] of going.entries()) yield* absorb(space, 1, moved.slice(i * n, (i + 1) * n));
    }
    for (const space of spaces) rules.push(yield* gaussRule(space));
  }
  return { dimension: n, steps, probes: rules, products };
}

/** Nodes are the eigenvalues of T, weights the squared first entries of its eigenvectors: the squared norm of a unit vector, 1 to size² ε. */
function* gaussRule(space: KrylovSpace): Pausing<ProbeQuadrature> {
  const { values, vectors } = yield* ritzPairs(space);
  const weights = values.map((_, j) => vectors[j * space.size]! ** 2);
  const tolerance = space.size ** 2 * Number.EPSILON;
  return { nodes: values, weights: checkedTotal('the weights of a probe', weights, { total: 1, tolerance }) };
}
