import { orthonormalise } from '../../../numeric/kernels/orthonormalise.js';
import { rightSingularVectors } from '../../../numeric/lanczos/right-singular-vectors.js';
import { randomStream } from '../../../numeric/random.js';
import type { DenseLayer } from './dense-layers.js';

/** A of an update B A of a dense layer: orthonormal rows, [rank, features]. */
export type LowRankRows = Float64Array;

type Widths = Pick<DenseLayer, 'units' | 'features'>;

/** Orthonormalised rows of independent normal numbers, keyed by the seed and the layer's name. */
export function randomRows(
  { name, features }: Pick<DenseLayer, 'name' | 'features'>,
  rank: number,
  seed: number,
): LowRankRows {
  const stream = randomStream(seed, 'low-rank-rows', name, rank);
  const data = new Float64Array(rank * features).map(() => stream.normal());
  const none = { dimension: features, data: new Float64Array(0), count: 0 };
  return orthonormalise({ dimension: features, data, count: rank }, none, 1e-9).data;
}

/** The leading right singular vectors of W Cov(x), Cov(x) = XᵀX/n of the centred inputs of the layer: TLoRA's start (arXiv:2604.18124). */
export function covarianceRows(layer: DenseLayer, rank: number): LowRankRows {
  const { units: rows, features: columns } = layer;
  return rightSingularVectors({ rows, columns, data: timesCovariance(layer) }, rank);
}

/** The leading right singular vectors of the matrices √λ_i V_i on top of each other, λ_i, V_i [units, features] the top eigenpairs of the layer's block of the Hessian: where it is curved, on its input side. Ours. */
export function curvatureRows(
  { units, features }: Widths,
  { values, vectors }: { readonly values: Float64Array; readonly vectors: Float64Array },
  rank: number,
): LowRankRows {
  const size = units * features;
  const data = vectors.map((x, at) => Math.sqrt(Math.max(0, values[Math.floor(at / size)]!)) * x);
  return rightSingularVectors({ rows: units * values.length, columns: features, data }, rank);
}

/** ‖M Aᵀ‖²/‖M‖² of a matrix with rows as long as those of A: how much of it an update B A can have. */
export function shareCaught(matrix: Float64Array, rows: LowRankRows, features: number): number {
  let [inside, whole] = [0, 0];
  for (let row = 0; row < matrix.length; row += features) {
    for (let i = 0; i < rows.length; i += features) {
      let along = 0;
      for (let f = 0; f < features; f++) along += rows[i + f]! * matrix[row + f]!;
      inside += along ** 2;
    }
    for (let f = 0; f < features; f++) whole += matrix[row + f]! ** 2;
  }
  return inside / whole;
}

/** W Cov(x) [units, features] = (W X_cᵀ) X_c/n, X_c the centred inputs. */
function timesCovariance({ units, features, weights, inputs }: DenseLayer): Float64Array {
  const count = inputs.length / features;
  const mean = new Float64Array(features);
  inputs.forEach((x, at) => (mean[at % features]! += x / count));
  const product = new Float64Array(units * features);
  for (let n = 0; n < count; n++) {
    for (let u = 0; u < units; u++) {
      let along = 0;
      for (let f = 0; f < features; f++) along += weights[u * features + f]! * (inputs[n * features + f]! - mean[f]!);
      along /= count;
      for (let f = 0; f < features; f++) product[u * features + f]! += along * (inputs[n * features + f]! - mean[f]!);
    }
  }
  return product;
}
