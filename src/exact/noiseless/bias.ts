import type { SymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import type { Snapshot } from '../../observe/snapshot.js';
import type { Spectrum } from '../../observe/spectrum.js';
import { biasSectors, type BiasSector } from './bias-sectors.js';
import { checkModel } from './domain.js';
import { noiselessHessian } from './mean-space.js';
import { nonEmpty, relativeLevelError, type SectorLevel } from './sector-level.js';
import { symmetricPoint, type SymmetricPoint } from './symmetric.js';
import { symmetricGradient, symmetricProbabilities } from './symmetric-snapshot.js';

/**
 * The spectrum at the symmetric point when the logits have biases, that is, inputs (μ_a, 1). By symmetry the biases stay 0
 * and the flow is the one without them, but the constant feature couples the classes:
 *   standard±: eigenvalues of [[λ₁(1 + c₁²), √(λ₁λ₂) c₁c₂], [·, λ₂(1 + c₂²)]], c₁² = k/(k−1), c₂² = k(k−2)/(k−1); k − 1 each;
 *   gradient:  λ₁, once — smaller than standard+, which is GRD18's claim that the gradient aligns with the smaller one;
 *   mini-bulk: λ₂, k² − 3k + 1 times;  null: 0, the rest of k(d + 1).
 * For k = 2 the block has one row, 3λ₁. Throws UsageError outside the domain. Source: GRD18 §4 (claim). Cost: O(1).
 */
export function biasLevels(point: Pick<SymmetricPoint, 'classes' | 'error'>, dim: number): SectorLevel[] {
  const k = point.classes;
  checkModel(k, dim);
  const sectors = biasSectors(point);
  const levels = sectors.map(({ sector, value, multiplicity }) => ({ sector, value, multiplicity }));
  return nonEmpty([...levels, { sector: 'null', value: 0, multiplicity: k * (dim + 1) - k * (k - 1) }]);
}

/**
 * What the observables see of the symmetric solution with biases. Coordinates: k×(k+1), entry of class c and mean a at
 * `c * (k + 1) + a`, the bias of class c at `c * (k + 1) + k`; `parameters` = k(d + 1).
 */
export function biasSnapshot(classes: number, dim: number, time: number): Snapshot {
  return biasSnapshotAt(symmetricPoint(classes, time), dim);
}

/** The same for a point that is known already, for instance by its margin. */
export function biasSnapshotAt(point: SymmetricPoint, dim: number): Snapshot {
  const { classes: k, time } = point;
  checkModel(k, dim);
  const withoutBias = symmetricGradient(point);
  const gradient = new Float64Array(k * (k + 1));
  for (let c = 0; c < k; c++) gradient.set(withoutBias.subarray(c * k, (c + 1) * k), c * (k + 1));
  return {
    time,
    loss: point.loss,
    parameters: k * (dim + 1),
    gradient,
    hessian: biasHessian(k, symmetricProbabilities(point)),
    spectrum: biasSpectrum(point),
    origin: 'exact',
  };
}

/** H = (1/k) Σ_a S_a ⊗ (μ_a, 1)(μ_a, 1)ᵀ = Aᵀ (noiseless H) A, where A adds the bias to every column. */
function biasHessian(k: number, probabilities: Float64Array): SymmetricOperator {
  const inner = noiselessHessian(k, probabilities);
  const row = k + 1;
  return {
    dimension: k * row,
    apply(block, columns) {
      const logits = new Float64Array(k * k * columns);
      for (let i = 0; i < logits.length; i++) {
        const c = Math.floor(i / k); // rows of all columns of the block are counted through
        logits[i] = block[c * row + (i % k)]! + block[c * row + k]!;
      }
      const moved = inner.apply(logits, columns);
      const result = new Float64Array(k * row * columns);
      for (let i = 0; i < moved.length; i++) {
        const c = Math.floor(i / k);
        result[c * row + (i % k)] = moved[i]!;
        result[c * row + k]! += moved[i]!;
      }
      return result;
    },
  };
}

function biasSpectrum(point: SymmetricPoint): Spectrum {
  const k = point.classes;
  const relativeError = relativeLevelError(k);
  const sectors: readonly BiasSector[] = biasSectors(point).filter((sector) => sector.multiplicity > 0);
  return {
    dimension: k * (k + 1),
    levels: sectors.map(({ value, multiplicity }) => ({ value, multiplicity, error: relativeError * value })),
    remainder: 'null',
    energy: (level, x) => sectors[level]!.energy(x),
    basis: (level) => sectors[level]!.basis(),
  };
}
