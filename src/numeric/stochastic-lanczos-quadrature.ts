import { UsageError } from '../errors.js';
import * as krylov from './krylov-space.js';
import { runProgram, runProgramAsync, type ProductProgram } from './product-program.js';
import { randomStream } from './random.js';
import { ritzPairs } from './ritz-pairs.js';
import { scaleFree } from './scale-free.js';
import type { AsyncSymmetricOperator, SymmetricOperator } from './symmetric-operator.js';

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

export interface SpectralQuadrature {
  readonly dimension: number;
  readonly probes: readonly ProbeQuadrature[];
  readonly products: number;
}

/** A mean over probes and its standard error. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/**
 * Stochastic Lanczos quadrature: (1/n) tr f(A) = E vᵀf(A)v for v uniform on the unit sphere, with the Gauss rule that Lanczos from
 * v gives for each (Golub & Welsch 1969; Ubaru, Chen & Saad 2017; for Hessians Ghorbani, Krishnan & Xiao 2019, arXiv:1901.10159).
 *
 * Full reorthogonalisation, so that no eigenvalue appears twice. A probe whose Krylov space is exhausted ends early, and is exact.
 * Throws UsageError for counts that are not legal, NumericalError if products are not finite.
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
    const spaces = Array.from({ length: Math.min(together, probes - first) }, (_, i) => {
      const space = krylov.krylovSpace(n, Math.min(n, steps + 1));
      const stream = randomStream(seed, 'quadrature', first + i);
      krylov.addOpen(
        space,
        new Float64Array(n).map(() => stream.normal()),
      );
      return space;
    });
    for (let step = 0; step < Math.min(steps, n); step++) {
      const going = spaces.filter(({ open }) => open > 0);
      if (going.length === 0) break;
      const block = new Float64Array(n * going.length);
      going.forEach(({ columns, size }, i) => {
        block.set(columns.subarray(size * n, (size + 1) * n), i * n);
      });
      const moved = yield { block, columns: going.length };
      products += going.length;
      going.forEach((space, i) => {
        krylov.absorb(space, 1, moved.slice(i * n, (i + 1) * n));
      });
    }
    rules.push(...spaces.map(gaussRule));
  }
  return { dimension: n, probes: rules, products };
}

/** Nodes are the eigenvalues of T, weights the squared first entries of its eigenvectors. */
function gaussRule(space: krylov.KrylovSpace): ProbeQuadrature {
  const { values, vectors } = ritzPairs(space);
  return { nodes: values, weights: values.map((_, j) => vectors[j * space.size]! ** 2) };
}

/** (1/n) tr f(A), for instance a moment with f(x) = x^k. */
export function spectralAverage({ probes }: SpectralQuadrature, f: (x: number) => number): Estimate {
  const values = probes.map(({ nodes, weights }) => nodes.reduce((sum, x, i) => sum + weights[i]! * f(x), 0));
  const value = values.reduce((sum, x) => sum + x, 0) / values.length;
  const square = values.reduce((sum, x) => sum + (x - value) ** 2, 0);
  return { value, standardError: Math.sqrt(square / (values.length * (values.length - 1))) };
}

/** The fraction of eigenvalues up to x, with the step at each node taken whole. */
export function cumulativeDensity(quadrature: SpectralQuadrature, x: number): Estimate {
  return spectralAverage(quadrature, (node) => (node <= x ? 1 : 0));
}

/**
 * The density of eigenvalues on a grid, each node replaced by a Gaussian of standard deviation `width`:
 * φ(x) = (1/n) Σ_i exp(−(x − λ_i)²/2w²)/(w√2π). Throws UsageError if the width is not positive.
 */
export function spectralDensity(quadrature: SpectralQuadrature, grid: readonly number[], width: number): Estimate[] {
  if (!(width > 0)) throw new UsageError(`width must be positive, received ${width}`);
  const height = 1 / (width * Math.sqrt(2 * Math.PI));
  return grid.map((x) => spectralAverage(quadrature, (node) => height * Math.exp(-(((x - node) / width) ** 2) / 2)));
}
