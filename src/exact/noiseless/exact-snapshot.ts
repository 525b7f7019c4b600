import type { Level, Spectrum } from '../../observe/spectrum.js';
import type { Snapshot } from '../../observe/snapshot.js';
import { classEigenpairs, type ClassEigenpair } from './class-spectrum.js';
import { checkModel } from './domain.js';
import type { ExactState } from './exact-flow.js';
import { checkBasisSize, noiselessHessian } from './mean-space.js';
import { relativeLevelError } from './sector-level.js';

/** A unit eigenvector v ⊗ μ_a of H. */
export interface ExactEigenpair {
  readonly classIndex: number;
  readonly value: number;
  readonly vector: Float64Array;
}

/**
 * The positive eigenpairs of H = (1/k) Σ_a S_a ⊗ μ_a μ_aᵀ, descending over all classes: a lazy k-way merge of the classes'
 * own spectra, so that the top m of the k(k−1) cost O(k) secular roots and m more. Cost: O(k²) per root.
 */
export function* exactEigenpairs(state: ExactState): Generator<ExactEigenpair, void, undefined> {
  const k = state.classes;
  const sources = Array.from({ length: k }, (_, a) => {
    const pairs = classEigenpairs(Float64Array.from({ length: k }, (_, c) => state.probabilities[c * k + a]!));
    return { classIndex: a, pairs, head: pairs.next() };
  });
  for (;;) {
    let best: { classIndex: number; pair: ClassEigenpair; source: (typeof sources)[number] } | undefined;
    for (const source of sources) {
      if (source.head.done === true) continue;
      const pair = source.head.value;
      if (best === undefined || pair.value > best.pair.value) best = { classIndex: source.classIndex, pair, source };
    }
    if (best === undefined) return;
    yield { classIndex: best.classIndex, value: best.pair.value / k, vector: best.pair.vector };
    best.source.head = best.source.pairs.next();
  }
}

/**
 * What the observables see of an exact state: gradient, Hessian and the top of the spectrum on the k×k coordinates of the
 * mean space; `parameters` = k·dim counts the frozen rest too.
 *
 * `top`: how many eigenvalues to compute at least (default k + 1); the list goes on to the end of a multiplet that is not
 * resolved at its last member. `Infinity` gives all k(k−1) positive ones, and then the remainder is known to be zero.
 * Throws UsageError if dim < k. Cost: O(k² (k + top)).
 */
export function exactSnapshot(state: ExactState, dim: number, top: number = state.classes + 1): Snapshot {
  const k = state.classes;
  checkModel(k, dim);
  return {
    time: state.time,
    loss: state.loss,
    parameters: k * dim,
    gradient: state.gradient,
    hessian: noiselessHessian(k, state.probabilities),
    spectrum: exactSpectrum(state, top),
    origin: 'exact',
  };
}

function exactSpectrum(state: ExactState, top: number): Spectrum {
  const k = state.classes;
  const relativeError = relativeLevelError(k, state.largestLog);
  const pairs: ExactEigenpair[] = [];
  for (const pair of exactEigenpairs(state)) {
    const last = pairs.at(-1);
    if (last && pairs.length >= top && pair.value < last.value * (1 - 2 * relativeError)) break;
    pairs.push(pair);
  }
  return {
    dimension: k * k,
    levels: pairs.map(({ value }): Level => ({ value, multiplicity: 1, error: relativeError * value })),
    remainder: pairs.length === k * (k - 1) ? 'null' : 'below',
    energy(level, x) {
      const { classIndex, vector } = pairs[level]!;
      let inner = 0;
      for (let c = 0; c < k; c++) inner += vector[c]! * x[c * k + classIndex]!;
      return inner ** 2;
    },
    basis(level) {
      checkBasisSize(k * k, 1);
      const { classIndex, vector } = pairs[level]!;
      const dense = new Float64Array(k * k);
      for (let c = 0; c < k; c++) dense[c * k + classIndex] = vector[c]!;
      return dense;
    },
    // H errs by factors of 1 ± δ: sin φ ≤ δ √(λλ′)/(λ − λ′), the relative sin Θ theorem (Li, SIAM J. Matrix Anal. 20, 1998).
    tilt(count) {
      if (count === 0 || count >= pairs.length) return 0;
      const [above, below] = [pairs[count - 1]!.value, pairs[count]!.value];
      const gap = above - below - relativeError * (above + below);
      return gap > 0 ? Math.min(1, (relativeError * Math.sqrt(above * below)) / gap) : 1;
    },
  };
}
