import { shiftedLattices, type Quadrature } from '../../exact/population/index.js';
import { addScaled, dot, orthonormalise, type Columns } from '../../numeric/kernels/orthonormalise.js';
import type { SymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import { randomStream } from '../../numeric/random.js';
import type { SimulatedModel } from './fresh-gradient.js';
import { softmaxMoments } from './softmax-moments.js';

/** The population at one W, on the n features that matter there: the k of the means, and at most k − 1 that the rows of W span beside them. */
export interface ReducedPoint {
  readonly loss: number;
  /** k×n. */
  readonly gradient: Float64Array;
  /** Of k·n dimensions. On all other features it is σ² E[S] ⊗ 1, the lowest level, and the gradient has nothing there. */
  readonly hessian: () => ReducedHessian;
  /** k×n matrices as k×d. */
  readonly expanded: (matrix: Float64Array) => Float64Array;
}

/** A Hessian that is kept whole. */
export interface ReducedHessian extends SymmetricOperator {
  /** Row-major, of dimension². */
  readonly matrix: Float64Array;
}

/**
 * Loss, gradient and Hessian of the population at any W, for more classes than a tensor rule can sum: by a lattice rule of so many `points` for each class, over the part of the
 * noise that the scores see, ζ in x = μ_y + σUζ. The same points at every W, keyed by the seed.
 *
 * On the line W = αB the gradient is along B, by symmetry: what the rule gives there beside B is its error, and is taken away from the gradient at W too, at the nearest αB. With 509 points
 * what is left is 1e-6 at k = 10, d = 50, σ = 0.3, of ‖g‖² = 4e-5. Cost: O(k · points · k r) for loss and gradient, O(k · points · k² r²) for the Hessian, r ≤ k − 1.
 */
export function reducedPopulation(
  { classes: k, dim, noise }: SimulatedModel,
  points: number,
  seed: number,
): (weights: Float64Array) => ReducedPoint {
  const [lattice] = shiftedLattices(points, 1, randomStream(seed, 'population lattice', k));
  const rules = new Map<number, ReturnType<Quadrature>>();
  const rule: Quadrature = (dimension) => {
    const known = rules.get(dimension) ?? lattice!(dimension);
    rules.set(dimension, known);
    return known;
  };
  return (weights) => {
    const features = featuresOf(weights, k, dim);
    const reduced = reducedTo(weights, features, k);
    const shape = { k, n: features.count, noise };
    const margin = alongB(reduced, shape) / (k - 1);
    const own = latticeSums(reduced, shape, rule);
    const error = latticeSums(lineMatrix(margin, shape), shape, rule).gradient;
    const straight = lineMatrix(alongB(error, shape) / (k - 1), shape);
    return {
      loss: own.loss,
      gradient: own.gradient.map((g, i) => g - error[i]! + straight[i]!),
      hessian: own.hessian,
      expanded(matrix) {
        const whole = new Float64Array(k * dim);
        const { count, data } = features;
        for (let c = 0; c < k; c++)
          for (let j = 0; j < count; j++) addScaled(matrix[c * count + j]!, data, j * dim, whole, c * dim, dim);
        return whole;
      },
    };
  };
}

interface Shape {
  readonly k: number;
  /** Features. */
  readonly n: number;
  readonly noise: number;
}

/** αB, B_cf = δ_cf − 1/k on the features of the means. */
const lineMatrix = (margin: number, { k, n }: Shape): Float64Array =>
  Float64Array.from({ length: k * n }, (_, i) => {
    const [c, f] = [Math.floor(i / n), i % n];
    return f < k ? margin * ((c === f ? 1 : 0) - 1 / k) : 0;
  });

/** ⟨W, B⟩. */
function alongB(matrix: Float64Array, shape: Shape): number {
  return dot(matrix, 0, lineMatrix(1, shape), 0, matrix.length);
}

/** The means, which are the first k features, and an orthonormal basis of what the rows of W span beside them. */
function featuresOf(weights: Float64Array, k: number, dim: number): Columns {
  const means = { dimension: dim, data: new Float64Array(k * dim), count: k };
  for (let a = 0; a < k; a++) means.data[a * dim + a] = 1;
  const rows = centred(weights, k, dim);
  const beside = orthonormalise(rows, means, 1e-9 * lengthOf(rows.data));
  const data = new Float64Array((k + beside.count) * dim);
  data.set(means.data);
  data.set(beside.data.subarray(0, beside.count * dim), k * dim);
  return { dimension: dim, data, count: k + beside.count };
}

function reducedTo(weights: Float64Array, { data, count, dimension }: Columns, k: number): Float64Array {
  return Float64Array.from({ length: k * count }, (_, i) =>
    dot(weights, Math.floor(i / count) * dimension, data, (i % count) * dimension, dimension),
  );
}

/** Sums over classes and points, the noise across the rows of W averaged first: nothing in the gradient, σ² E[S] ⊗ (1 − UUᵀ) in the Hessian. */
function latticeSums(weights: Float64Array, { k, n, noise }: Shape, rule: Quadrature) {
  const rows = centred(weights, k, n);
  const none = { dimension: n, data: new Float64Array(0), count: 0 };
  const U = orthonormalise(rows, none, Math.max(1e-9 * lengthOf(rows.data), Number.MIN_VALUE));
  const r = U.count;
  const points = rule(r);
  const slopes = Float64Array.from(
    { length: k * r },
    (_, i) => noise * dot(weights, Math.floor(i / r) * n, U.data, (i % r) * n, n),
  );
  const momentsOf = (y: number, withCurvature: boolean) =>
    softmaxMoments(
      Float64Array.from({ length: k }, (_, c) => weights[c * n + y]!),
      slopes,
      y,
      points,
      withCurvature,
    );
  const gradient = new Float64Array(k * n);
  let loss = 0;
  for (let y = 0; y < k; y++) {
    const { loss: own, residual } = momentsOf(y, false);
    loss += own / k;
    for (let c = 0; c < k; c++) {
      gradient[c * n + y]! += residual[c * (1 + r)]! / k;
      for (let j = 0; j < r; j++)
        addScaled((noise / k) * residual[c * (1 + r) + 1 + j]!, U.data, j * n, gradient, c * n, n);
    }
  }
  const hessian = (): ReducedHessian => {
    const size = k * n;
    const H = new Float64Array(size * size);
    const block = new Float64Array(n * n);
    const byClass = Array.from({ length: k }, (_, y) => momentsOf(y, true).curvature);
    const terms = 1 + r + (r * (r + 1)) / 2;
    for (let c = 0, at = 0; c < k; c++) {
      for (let b = 0; b <= c; b++, at += terms) {
        const moments = byClass.map((curvature) => curvature.subarray(at, at + terms));
        featureBlock(moments, U, noise, block);
        for (let f = 0; f < n; f++) {
          H.set(block.subarray(f * n, (f + 1) * n), (c * n + f) * size + b * n);
          H.set(block.subarray(f * n, (f + 1) * n), (b * n + f) * size + c * n);
        }
      }
    }
    return { dimension: size, matrix: H, apply: (vectors, columns) => products(H, vectors, columns, size) };
  };
  return { loss, gradient, hessian };
}

/** E[S_cb x xᵀ], the mean over y of M₀ (e_y e_yᵀ + σ²(1 − UUᵀ)) + σ(e_y m₁ᵀ + m₁ e_yᵀ) + σ² U M₂ Uᵀ, m₁ = U M₁, from the moments of each class. */
function featureBlock(
  classes: readonly Float64Array[],
  { data, count: r, dimension: n }: Columns,
  noise: number,
  out: Float64Array,
): void {
  const k = classes.length;
  const mean = classes[0]!.map((_, i) => classes.reduce((sum, moments) => sum + moments[i]!, 0) / k);
  out.fill(0);
  for (let f = 0; f < n; f++) out[f * n + f] = noise ** 2 * mean[0]!;
  for (let i = 0, at = 1 + r; i < r; i++) {
    for (let j = 0; j <= i; j++, at++) {
      const second = noise ** 2 * (mean[at]! - (i === j ? mean[0]! : 0));
      for (let f = 0; f < n; f++) {
        addScaled(second * data[i * n + f]!, data, j * n, out, f * n, n);
        if (i !== j) addScaled(second * data[j * n + f]!, data, i * n, out, f * n, n);
      }
    }
  }
  classes.forEach((moments, y) => {
    out[y * n + y]! += moments[0]! / k;
    for (let j = 0; j < r; j++) {
      const first = (noise / k) * moments[1 + j]!;
      addScaled(first, data, j * n, out, y * n, n);
      for (let f = 0; f < n; f++) out[f * n + y]! += first * data[j * n + f]!;
    }
  });
}

function products(H: Float64Array, vectors: Float64Array, columns: number, size: number): Float64Array {
  const result = new Float64Array(vectors.length);
  for (let j = 0; j < columns; j++)
    for (let l = 0; l < size; l++) result[j * size + l] = dot(H, l * size, vectors, j * size, size);
  return result;
}

/** The rows less their mean. */
function centred(weights: Float64Array, k: number, dimension: number): Columns {
  const data = weights.slice();
  for (let f = 0; f < dimension; f++) {
    let mean = 0;
    for (let c = 0; c < k; c++) mean += weights[c * dimension + f]! / k;
    for (let c = 0; c < k; c++) data[c * dimension + f]! -= mean;
  }
  return { dimension, data, count: k };
}

const lengthOf = (x: Float64Array): number => Math.sqrt(dot(x, 0, x, 0, x.length));
