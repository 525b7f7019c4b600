import type { RandomStream } from '../../numeric/random.js';

/** k classes about orthonormal means in d features, of noise σ. */
export interface SimulatedModel {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
}

/**
 * The mean gradient of b fresh samples, drawn from the stream, at each of some W: (1/b) Σ (p − e_y) xᵀ with x = μ_y + σξ, k×d at `c * d + f`.
 * The samples are the same for all W. Cost: O(b d (1 + k · points)), without a copy of the samples.
 */
export function freshGradients(
  { classes: k, dim, noise }: SimulatedModel,
  batch: number,
  stream: RandomStream,
  points: readonly Float64Array[],
): Float64Array[] {
  const gradients = points.map(() => new Float64Array(k * dim));
  const x = new Float64Array(dim);
  const p = new Float64Array(k);
  for (let i = 0; i < batch; i++) {
    const label = stream.integer(k);
    for (let f = 0; f < dim; f++) x[f] = (f === label ? 1 : 0) + noise * stream.normal();
    for (let n = 0; n < points.length; n++) addSample(points[n]!, gradients[n]!, { x, p, label, share: 1 / batch });
  }
  return gradients;
}

/** gradient += share · (p − e_y) xᵀ at W. */
function addSample(
  weights: Float64Array,
  gradient: Float64Array,
  {
    x,
    p,
    label,
    share,
  }: { readonly x: Float64Array; readonly p: Float64Array; readonly label: number; readonly share: number },
): void {
  const [k, dim] = [p.length, x.length];
  let largest = -Infinity;
  for (let c = 0; c < k; c++) {
    let z = 0;
    for (let f = 0; f < dim; f++) z += weights[c * dim + f]! * x[f]!;
    p[c] = z;
    if (z > largest) largest = z;
  }
  let total = 0;
  for (let c = 0; c < k; c++) total += p[c] = Math.exp(p[c]! - largest);
  for (let c = 0; c < k; c++) {
    const residual = share * (p[c]! / total - (c === label ? 1 : 0));
    for (let f = 0; f < dim; f++) gradient[c * dim + f]! += residual * x[f]!;
  }
}
