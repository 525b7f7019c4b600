import { UsageError } from '../../errors.js';
import { addScaled, dot, orthonormalise } from '../../numeric/kernels/orthonormalise.js';
import type { SymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import type { MixtureModel } from './mixture-model.js';
import type { Quadrature } from './quadrature.js';

/** Loss, gradient and curvature of the population at one W, k×d row-major. */
export interface PopulationPoint {
  readonly loss: number;
  /** E(1 − p_y). */
  readonly error: number;
  readonly gradient: Float64Array;
  readonly hessian: SymmetricOperator;
}

/**
 * Softmax regression on the whole population of a mixture, at any W:
 *   G = E[(p − e_y) xᵀ],   H·V = E[S V x xᵀ],   S = diag(p) − ppᵀ.
 *
 * With D the diagonal matrix of the noise's shape, x = μ_a + σ_a Dξ. Only the part of ξ in the row space of the centred WD enters p, r ≤ k − 1
 * dimensions with orthonormal basis U: there x = μ_a + σ_a DUζ is averaged by the quadrature; across it the noise is
 * independent of p and adds σ_a² E_a[S] V D(1 − UUᵀ)D. This is what Stein's lemma gives with derivatives of S, without forming
 * them. It shares no formula with the symmetric closed form.
 *
 * Throws UsageError on a wrong number of weights or of features in the shape. Memory: points · k · (k + d). Cost: O(points · k² d) per class and vector.
 */
export function populationPoint(model: MixtureModel, weights: Float64Array, quadrature: Quadrature): PopulationPoint {
  const { classes: k, dim, means, priors, noises } = model;
  if (weights.length !== k * dim) {
    throw new UsageError(`weights must hold ${k}·${dim} = ${k * dim} numbers, received ${weights.length}`);
  }
  const { shape } = model;
  if (shape !== undefined && shape.length !== dim) {
    throw new UsageError(`the shape must hold one deviation for each of ${dim} features, received ${shape.length}`);
  }
  const U = rowSpace(shaped(weights, shape), k, dim);
  const { points, weights: shares } = quadrature(U.count);
  const directions = shape === undefined ? U.data : U.data.map((x, i) => x * shape[i % dim]!); // DU
  const count = k * shares.length;
  const nodes = { x: new Float64Array(count * dim), p: new Float64Array(count * k), share: new Float64Array(count) };
  const leading = new Uint32Array(count);
  const gradient = new Float64Array(k * dim);
  const acrossNoise = new Float64Array(k * k); // Σ_a π_a σ_a² E_a[S]
  let [loss, error] = [0, 0];
  for (let n = 0; n < count; n++) {
    const [a, i] = [Math.floor(n / shares.length), n % shares.length];
    const x = nodes.x.subarray(n * dim, (n + 1) * dim);
    const p = nodes.p.subarray(n * k, (n + 1) * k);
    for (let f = 0; f < dim; f++) x[f] = means[a * dim + f]!;
    for (let j = 0; j < U.count; j++) {
      addScaled(noises[a]! * points[i * U.count + j]!, directions, j * dim, x, 0, dim);
    }
    for (let c = 0; c < k; c++) p[c] = dot(weights, c * dim, x, 0, dim);
    const share = (nodes.share[n] = priors[a]! * shares[i]!);
    const softmax = softmaxInPlace(p, a);
    leading[n] = softmax.leading;
    loss += share * softmax.logLoss;
    for (let c = 0; c < k; c++) {
      if (c !== a) error += share * p[c]!;
      addScaled(share * (c === a ? -others(p, a) : p[c]!), x, 0, gradient, c * dim, dim);
      const across = share * noises[a]! ** 2 * p[c]!;
      for (let b = 0; b < k; b++) acrossNoise[c * k + b]! += across * (b === c ? others(p, c) : -p[b]!);
    }
  }

  const apply = (block: Float64Array, columns: number): Float64Array => {
    const result = new Float64Array(block.length);
    const u = new Float64Array(k);
    for (let j = 0; j < columns; j++) {
      const V = block.subarray(j * k * dim, (j + 1) * k * dim);
      const out = result.subarray(j * k * dim, (j + 1) * k * dim);
      for (let n = 0; n < count; n++) {
        for (let c = 0; c < k; c++) u[c] = dot(V, c * dim, nodes.x, n * dim, dim);
        const score = u[leading[n]!]!;
        for (let c = 0; c < k; c++) u[c]! -= score; // so that the mean is small where the other p_c are
        const mean = dot(nodes.p, n * k, u, 0, k);
        for (let c = 0; c < k; c++) {
          const moved = nodes.share[n]! * nodes.p[n * k + c]! * (u[c]! - mean);
          addScaled(moved, nodes.x, n * dim, out, c * dim, dim);
        }
      }
      addAcross(out, V, { A: acrossNoise, U, shape }, k);
    }
    return result;
  };
  return { loss, error, gradient, hessian: { dimension: k * dim, apply } };
}

type Basis = ReturnType<typeof orthonormalise>;

/** An orthonormal basis of the row space of W with its column means taken out. */
function rowSpace(weights: Float64Array, k: number, dim: number): Basis {
  const centred = weights.slice();
  for (let f = 0; f < dim; f++) {
    let mean = 0;
    for (let c = 0; c < k; c++) mean += weights[c * dim + f]! / k;
    for (let c = 0; c < k; c++) centred[c * dim + f]! -= mean;
  }
  const size = Math.sqrt(dot(centred, 0, centred, 0, k * dim));
  const none = { dimension: dim, data: new Float64Array(0), count: 0 };
  if (size === 0) return none;
  return orthonormalise({ dimension: dim, data: centred, count: k }, none, 1e-13 * size);
}

/** The logits become probabilities; `leading`: the class of the largest. */
function softmaxInPlace(z: Float64Array, label: number): { readonly leading: number; readonly logLoss: number } {
  let leading = 0;
  for (let c = 1; c < z.length; c++) if (z[c]! > z[leading]!) leading = c;
  const [top, own] = [z[leading]!, z[label]!];
  for (let c = 0; c < z.length; c++) z[c] = Math.exp(z[c]! - top);
  const odds = others(z, leading); // of all other classes
  for (let c = 0; c < z.length; c++) z[c]! /= 1 + odds;
  return { leading, logLoss: Math.log1p(odds) + (top - own) };
}

/** 1 − p_a without subtraction. */
function others(p: Float64Array, a: number): number {
  let sum = 0;
  for (let c = 0; c < p.length; c++) if (c !== a) sum += p[c]!;
  return sum;
}

/** W D: each feature times its relative deviation. */
function shaped(rows: Float64Array, shape: Float64Array | undefined): Float64Array {
  return shape === undefined ? rows : rows.map((x, i) => x * shape[i % shape.length]!);
}

/** out += A V D(1 − UUᵀ)D. */
function addAcross(
  out: Float64Array,
  V: Float64Array,
  { A, U, shape }: { readonly A: Float64Array; readonly U: Basis; readonly shape: Float64Array | undefined },
  k: number,
): void {
  const dim = U.dimension;
  for (let b = 0; b < k; b++) {
    const row = shaped(V.slice(b * dim, (b + 1) * dim), shape);
    for (let j = 0; j < U.count; j++) {
      const along = dot(U.data, j * dim, row, 0, dim);
      for (let f = 0; f < dim; f++) row[f]! -= along * U.data[j * dim + f]!;
    }
    const across = shaped(row, shape);
    for (let c = 0; c < k; c++) for (let f = 0; f < dim; f++) out[c * dim + f]! += A[c * k + b]! * across[f]!;
  }
}
