import type { Snapshot } from '../../observe/snapshot.js';
import type { Spectrum } from '../../observe/spectrum.js';
import { checkModel } from './domain.js';
import { helmertVector } from './helmert-basis.js';
import { checkBasisSize, noiselessHessian } from './mean-space.js';
import { relativeLevelError } from './sector-level.js';
import { symmetricLevels, symmetricPoint, type SymmetricPoint } from './symmetric.js';

/**
 * What the observables see of the symmetric solution at time t, with its multiplets as single levels, so that k = 1000 and
 * d = 10⁶ cost O(k²). Same coordinates as exactSnapshot. Throws UsageError outside the domain.
 */
export function symmetricSnapshot(classes: number, dim: number, time: number): Snapshot {
  return symmetricSnapshotAt(symmetricPoint(classes, time), dim);
}

/** The same for a point that is known already, for instance by its margin. */
export function symmetricSnapshotAt(point: SymmetricPoint, dim: number): Snapshot {
  const { classes: k, time } = point;
  checkModel(k, dim);
  return {
    time,
    loss: point.loss,
    parameters: k * dim,
    gradient: symmetricGradient(point),
    hessian: noiselessHessian(k, symmetricProbabilities(point)),
    spectrum: symmetricSpectrum(point, dim),
    origin: 'exact',
  };
}

/** p_c for an input of class a, k×k: 1 − ε on the diagonal, ε/(k−1) elsewhere. */
export function symmetricProbabilities({ classes: k, error }: SymmetricPoint): Float64Array {
  const p = new Float64Array(k * k).fill(error / (k - 1));
  for (let a = 0; a < k; a++) p[a * k + a] = 1 - error;
  return p;
}

/** G = −(ε/(k−1)) B on the mean space, B = 1 − 11ᵀ/k. */
export function symmetricGradient({ classes: k, error }: SymmetricPoint): Float64Array {
  const gradient = new Float64Array(k * k).fill(error / (k * (k - 1)));
  for (let a = 0; a < k; a++) gradient[a * k + a] = -error / k;
  return gradient;
}

function symmetricSpectrum(point: SymmetricPoint, dim: number): Spectrum {
  const k = point.classes;
  const relativeError = relativeLevelError(k);
  const levels = symmetricLevels(point, dim)
    .filter((level) => level.sector !== 'null')
    .map(({ value, multiplicity }) => ({ value, multiplicity, error: relativeError * value }));

  /** Σ_a over input classes of ‖projection of column a of x‖² on n_a = e_a − 1/k, or on the zero sums orthogonal to it. */
  const energy = (level: number, x: Float64Array): number => {
    const others = new Float64Array(k); // mean over the wrong classes, for every class of inputs
    for (let c = 0; c < k; c++) for (let a = 0; a < k; a++) if (a !== c) others[a]! += x[c * k + a]! / (k - 1);
    let total = 0;
    for (let c = 0; c < k; c++) {
      if (level === 0) total += ((k - 1) / k) * (x[c * k + c]! - others[c]!) ** 2;
      else for (let a = 0; a < k; a++) if (a !== c) total += (x[c * k + a]! - others[a]!) ** 2;
    }
    return total;
  };

  const basis = (level: number): Float64Array => {
    const perClass = level === 0 ? 1 : k - 2;
    checkBasisSize(k * k, k * perClass);
    const dense = new Float64Array(k * k * k * perClass);
    for (let a = 0; a < k; a++) {
      for (let n = 0; n < perClass; n++) {
        const start = (a * perClass + n) * k * k;
        // Helmert's last vector is −n_a/‖n_a‖ once class a is put last; the ones before it span the rest.
        const vector = helmertVector(k, level === 0 ? k - 1 : n + 1);
        for (let i = 0; i < k; i++) dense[start + (i === k - 1 ? a : i < a ? i : i + 1) * k + a] = vector[i]!;
      }
    }
    return dense;
  };

  return { dimension: k * k, levels, remainder: 'null', energy, basis };
}
