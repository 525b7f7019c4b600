import { UsageError } from '../errors.js';
import { ruleNumbers } from './rule.js';
import { checkMode, stationaryVariance } from './stationary.js';

/** Of a window: its matrix has W² entries, and with momentum each step is followed. */
const [mostUpdates, mostSteps] = [5000, 1e7];

/** W updates δ_s = θ_{n_s} − θ_{n_{s−1}} of N steps each, one after the other. */
export interface UpdateWindow {
  /** W. */
  readonly updates: number;
  /** N. */
  readonly every: number;
}

/** SGD of a learning rate and a batch; momentum μ of the heavy ball, 0 if left out. */
export interface SteppedRule {
  readonly learningRate: number;
  readonly batch: number;
  readonly momentum?: number;
}

/**
 * E δ_sδ_t along one eigenvector of H at rest, row-major W × W, a Toeplitz matrix: with γ_n the covariance of two excursions n steps apart, v = γ_0,
 *   2γ_{Nj} − γ_{N|j−1|} − γ_{N(j+1)},  j = |s − t|;  without momentum γ_n = v(1 − ηλ)^n, so that with ρ = (1 − ηλ)^N
 *   2v(1 − ρ) for j = 0, and −v(1 − ρ)² ρ^{j−1} from j = 1 on.
 * A relaxed mode, ρ → 0, has 2v and −v beside it, eigenvalues 2v(1 − cos πj/(W+1)): its updates take back each other. A slow one is white, η²cN/b. With c = 0 none.
 *
 * Batches are drawn with replacement; leading order in η/b. Throws UsageError for windows that are none, with momentum for λ = 0 < c, and as stationaryVariance does. Cost: O(W² + NW).
 */
export function updateCovariance(
  eigenvalue: number,
  covariance: number,
  rule: SteppedRule,
  window: UpdateWindow,
): Float64Array {
  const { updates: w, every: N } = checked(window);
  const { learningRate, batch, momentum = 0 } = rule;
  const x = learningRate * eigenvalue;
  const v = stationaryVariance(eigenvalue, covariance, { learningRate, batch, momentum });
  if (momentum === 0 && (eigenvalue === 0 || v === Infinity)) {
    const { ratio } = ruleNumbers(rule);
    return toeplitz(w, (j) => (j === 0 ? learningRate * ratio * covariance * N : 0));
  }
  if (v === Infinity) {
    throw new UsageError('along a flat direction, λ = 0, the noise of the heavy ball has no state of rest');
  }
  if (momentum === 0) {
    const left = x < 1 ? -Math.expm1(N * Math.log1p(-x)) : 1 - (1 - x) ** N; // 1 − ρ, which for slow modes is no difference
    return toeplitz(w, (j) => (j === 0 ? 2 * v * left : -v * left ** 2 * (1 - left) ** (j - 1)));
  }
  const gamma = [v, (v * (1 + momentum - x)) / (1 + momentum)];
  for (let n = 2; n <= N * (w + 1); n++) gamma.push((1 + momentum - x) * gamma[n - 1]! - momentum * gamma[n - 2]!);
  return toeplitz(w, (j) => 2 * gamma[N * j]! - gamma[N * Math.abs(j - 1)]! - gamma[N * (j + 1)]!);
}

/** Where a window begins. */
export interface WindowStart {
  /** Steps of SGD before the first update, from no excursion. */
  readonly before: number;
  /** n, where batches are drawn in epochs that take every sample once, the last batch of each with what is left; the first epoch begins `before` steps before the window. With replacement if left out. */
  readonly samples?: number;
}

/**
 * E δ_sδ_t along one eigenvector from the very noises: no excursion at first, then `before` steps, then the window. With x_l the excursion l steps after a unit noise,
 * x_1 = −η, x_{l+1} = (1 + μ − ηλ) x_l − μ x_{l−1}, an update is Σ_i a_si ζ_i, a_si = x_{n_s − i} − x_{n_{s−1} − i}, and
 *   E δ_sδ_t = (c/b) Σ_i a_si a_ti   with replacement,   c n/(n−1) Σ_epochs [Σ_i a_si a_ti/b_i − (Σ_i a_si)(Σ_i a_ti)/n]   in epochs, whose noises add up to zero.
 *
 * Leading order in η/b. Throws UsageError for windows and starts that are none, n < b, and as updateCovariance does, but for λ = 0. Cost: O(W² (before + NW)).
 */
export function updateCovarianceFrom(
  eigenvalue: number,
  covariance: number,
  rule: SteppedRule,
  window: UpdateWindow,
  { before, samples }: WindowStart,
): Float64Array {
  const { updates: w, every: N } = checked(window);
  const { learningRate, batch, momentum = 0 } = rule;
  stationaryVariance(eigenvalue, 0, rule);
  checkMode(eigenvalue, covariance);
  if (!(Number.isInteger(before) && before >= 0 && before <= mostSteps)) {
    throw new UsageError(`steps before a window are an integer from 0 to ${mostSteps}, received ${before}`);
  }
  if (samples !== undefined && !(Number.isInteger(samples) && samples >= batch && samples > 1)) {
    throw new UsageError(`epochs need at least a batch of ${batch} samples, received ${samples}`);
  }
  const steps = before + N * w;
  const x = [0, -learningRate];
  for (let l = 1; l < steps; l++) x.push((1 + momentum - learningRate * eigenvalue) * x[l]! - momentum * x[l - 1]!);
  const after = (l: number): number => (l > 0 ? x[l]! : 0);
  const perEpoch = samples === undefined ? steps : Math.ceil(samples / batch);
  const result = new Float64Array(w * w);
  for (let first = 0; first < steps; first += perEpoch) {
    const sums = new Float64Array(w);
    for (let i = first; i < Math.min(first + perEpoch, steps); i++) {
      const a = Array.from({ length: w }, (_, s) => after(before + N * (s + 1) - i) - after(before + N * s - i));
      const size = samples === undefined ? batch : Math.min(batch, samples - (i - first) * batch);
      for (let s = 0; s < w; s++) {
        sums[s]! += a[s]!;
        for (let t = 0; t < w; t++) result[s * w + t]! += (a[s]! * a[t]!) / size;
      }
    }
    if (samples !== undefined) {
      for (let s = 0; s < w; s++) for (let t = 0; t < w; t++) result[s * w + t]! -= (sums[s]! * sums[t]!) / samples;
    }
  }
  const unit = samples === undefined ? covariance : (covariance * samples) / (samples - 1);
  return result.map((value) => unit * value);
}

function checked(window: UpdateWindow): UpdateWindow {
  const { updates, every } = window;
  if (!(Number.isInteger(updates) && updates >= 1 && Number.isInteger(every) && every >= 1)) {
    throw new UsageError(`a window is a number of updates of a number of steps each, received ${updates} of ${every}`);
  }
  if (updates > mostUpdates || updates * every > mostSteps) {
    throw new UsageError(
      `a window has at most ${mostUpdates} updates and ${mostSteps} steps, received ${updates} updates of ${every}`,
    );
  }
  return window;
}

function toeplitz(w: number, at: (lag: number) => number): Float64Array {
  const values = Array.from({ length: w }, (_, j) => at(j));
  return Float64Array.from({ length: w * w }, (_, i) => values[Math.abs(Math.floor(i / w) - (i % w))]!);
}
