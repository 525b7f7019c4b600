import { UsageError } from '../errors.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { gramProgram } from '../numeric/kernels/inner-products.js';
import { atOnce, type Pausing } from '../numeric/kernels/pausing.js';
import { unitFactor } from '../numeric/kernels/unit-scale.js';
import { spectralEdgeProgram, type DecomposedWindow, type SpectralEdge } from './spectral-edge.js';

/** Singular values of a window of updates and where they fall off. */
export type UpdateSpectrum = SpectralEdge;

/**
 * Singular values of the n × w matrix of the last w parameter updates, by way of its w × w Gram matrix D_ij = δ_i · δ_j, and the
 * position of the largest consecutive ratio: directions above it are coherent, those below noise (Xu 2026, arXiv:2603.15678).
 *
 * Throws UsageError if there are fewer than two updates or their lengths differ, NumericalError if all are zero. Cost: n w² operations,
 * with w = 10 that of 5 inner products per update.
 */
export function updateSpectrum(updates: readonly FloatArray[]): UpdateSpectrum {
  return atOnce(updateSpectrumProgram(updates));
}

/** `updateSpectrum` with pauses; float32 updates are taken as they are. */
export function* updateSpectrumProgram(updates: readonly FloatArray[]): Pausing<UpdateSpectrum> {
  return (yield* decomposed(updates)).spectrum;
}

/** A window of updates with its leading directions in parameter space. */
export interface EdgeDirections {
  /** Of the window. */
  readonly spectrum: UpdateSpectrum;
  /** v_1 … v_k one after the other, n entries each, orthonormal to about eps (σ₁/σ_k)². The sign of each is that of its sum over the window: ⟨v, Σδ⟩ ≥ 0. */
  readonly directions: Float64Array;
}

/**
 * The first k directions in parameter space, v_j = Σ_i u_ij δ_i/σ_j, u_j the eigenvectors of the Gram matrix: right singular vectors of the updates as rows.
 * `count` is k; left out, k*. Throws UsageError as updateSpectrum does, and where σ_k is not resolved. Cost: n w (w + k) operations.
 */
export function edgeDirections(updates: readonly FloatArray[], count?: number): EdgeDirections {
  const { spectrum, vectors, joined, factor } = atOnce(decomposed(updates));
  const w = updates.length;
  const n = joined.length / w;
  const k = count ?? spectrum.edge;
  if (!Number.isInteger(k) || k < 1 || !((spectrum.singularValues[k - 1] ?? 0) > 0)) {
    const rank = spectrum.singularValues.filter((sigma) => sigma > 0).length;
    throw new UsageError(`a window of rank ${rank} has 1 to ${rank} directions, received ${k}`);
  }
  const directions = new Float64Array(n * k);
  for (let j = 0; j < k; j++) {
    const shares = vectors.subarray(j * w, (j + 1) * w);
    const sign = shares.reduce((sum, x) => sum + x, 0) < 0 ? -1 : 1;
    const scale = sign / (factor * spectrum.singularValues[j]!);
    shares.forEach((share, i) => {
      for (let f = 0; f < n; f++) directions[j * n + f]! += scale * share * joined[i * n + f]!;
    });
  }
  return { spectrum, directions };
}

/** The window decomposed; its updates joined in units in which their squares neither over- nor underflow, `factor` times θ's. */
function* decomposed(
  updates: readonly FloatArray[],
): Pausing<DecomposedWindow & { readonly joined: Float64Array; readonly factor: number }> {
  const w = updates.length;
  const n = updates[0]?.length ?? 0;
  if (w < 2) throw new UsageError(`a window needs at least 2 updates, received ${w}`);
  if (updates.some(({ length }) => length !== n)) {
    throw new UsageError(`updates must have one length, received ${updates.map(({ length }) => length).join(', ')}`);
  }
  const joined = new Float64Array(n * w);
  for (const [i, update] of updates.entries()) {
    yield;
    joined.set(update, i * n);
  }
  const factor = unitFactor(joined);
  for (let i = 0; i < joined.length; i++) joined[i]! *= factor;
  const { spectrum, vectors } = yield* spectralEdgeProgram(yield* gramProgram(joined, w, n), w);
  const restored = {
    ...spectrum,
    singularValues: spectrum.singularValues.map((sigma) => sigma / factor),
    gaps: spectrum.gaps.map((gap) => gap / factor / factor),
    drift: spectrum.drift / factor,
  };
  return { spectrum: restored, vectors, joined, factor };
}
