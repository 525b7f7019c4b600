import { UsageError } from '../errors.js';

/** Eigenvectors of H along which the updates of a window are alike: `multiplicity` of them, each with E δ_sδ_t = `covariance`, row-major W × W. */
export interface UpdateLevel {
  readonly multiplicity: number;
  readonly covariance: Float64Array;
}

/** Draws from a keyed stream. */
export interface NormalStream {
  /** Uniform on [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/** E G = Σ n S over the levels, S their covariances: the Gram matrix of the updates of noise alone, W × W. Throws UsageError for matrices of another size, or with numbers that are not finite. */
export function expectedGram(levels: readonly UpdateLevel[], w: number): Float64Array {
  const gram = new Float64Array(checkedWindow(w) ** 2);
  for (const { multiplicity, covariance } of levels) {
    checkLevel(multiplicity, covariance, w);
    for (let i = 0; i < gram.length; i++) gram[i]! += multiplicity * covariance[i]!;
  }
  return gram;
}

/**
 * The Gram matrix of one window of Gaussian noise, Σ L A Aᵀ Lᵀ with S = L Lᵀ: A Aᵀ is Wishart of n degrees of freedom, from n normal vectors for n < W, a whole number then, and beyond that by
 * Bartlett's decomposition (1933), for n that are no whole numbers too. So the finite number of dimensions makes σ, R and k* scatter.
 *
 * Throws UsageError as expectedGram does, and for n < W that is no whole number. Cost: O(W³) a level.
 */
export function drawnGram(levels: readonly UpdateLevel[], w: number, stream: NormalStream): Float64Array {
  const gram = new Float64Array(checkedWindow(w) ** 2);
  for (const { multiplicity: n, covariance } of levels) {
    checkLevel(n, covariance, w);
    if (n < w && !Number.isInteger(n)) {
      throw new UsageError(`fewer dimensions than updates are a whole number, received ${n} of ${w}`);
    }
    const L = factor(covariance, w);
    for (const column of columnsOf(n, w, stream)) {
      const x = Array.from({ length: w }, (_, s) => column.reduce((sum, a, t) => sum + L[s * w + t]! * a, 0));
      for (let s = 0; s < w; s++) for (let t = 0; t < w; t++) gram[s * w + t]! += x[s]! * x[t]!;
    }
  }
  return gram;
}

/** The columns of A. */
function columnsOf(n: number, w: number, stream: NormalStream): number[][] {
  if (n < w) return Array.from({ length: n }, () => Array.from({ length: w }, () => stream.normal()));
  return Array.from({ length: w }, (_, t) =>
    Array.from({ length: w }, (__, s) =>
      s < t ? 0 : s === t ? Math.sqrt(2 * gammaDraw((n - t) / 2, stream)) : stream.normal(),
    ),
  );
}

/** A Gamma variable of shape a, for a < 1 by way of a + 1 (Marsaglia & Tsang 2000). */
function gammaDraw(a: number, stream: NormalStream): number {
  if (a < 1) return gammaDraw(a + 1, stream) * (1 - stream.uniform()) ** (1 / a);
  const d = a - 1 / 3;
  for (;;) {
    const z = stream.normal();
    const v = (1 + z / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - stream.uniform()) < z ** 2 / 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}

/** L of S = L Lᵀ, lower; a pivot that is none leaves its column 0. */
function factor(S: Float64Array, w: number): Float64Array {
  const L = new Float64Array(w * w);
  for (let t = 0; t < w; t++) {
    for (let s = t; s < w; s++) {
      let left = S[s * w + t]!;
      for (let r = 0; r < t; r++) left -= L[s * w + r]! * L[t * w + r]!;
      if (s === t) L[s * w + s] = left > w * Number.EPSILON * S[s * w + s]! ? Math.sqrt(left) : 0;
      else L[s * w + t] = L[t * w + t] === 0 ? 0 : left / L[t * w + t]!;
    }
  }
  return L;
}

function checkedWindow(w: number): number {
  if (Number.isInteger(w) && w >= 1) return w;
  throw new UsageError(`a window has a positive number of updates, received ${w}`);
}

function checkLevel(n: number, covariance: Float64Array, w: number): void {
  if (!(n >= 0 && n < Infinity) || covariance.length !== w * w || !covariance.every(Number.isFinite)) {
    throw new UsageError(
      `a level has a number of dimensions and a ${w} × ${w} matrix, received ${n} and ${covariance.length} entries${covariance.every(Number.isFinite) ? '' : ', some not finite'}`,
    );
  }
}
