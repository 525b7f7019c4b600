import { smallSymmetricEigen } from '../../numeric/kernels/small-symmetric-eigen.js';
import { gradientCovariance } from './gradient-covariance.js';
import { marginPoint } from './margin-point.js';
import type { NoisyPoint } from './symmetric-levels.js';

/** An eigenvalue of the second moment of one sample's gradient. */
export interface MomentLevel {
  readonly sector: 'trivial' | 'standard' | 'symmetric' | 'antisymmetric' | 'bulk';
  /** That of C. */
  readonly covariance: number;
  /** ‖G‖ of the mean gradient, which lies in the trivial sector; 0 elsewhere. */
  readonly mean: number;
  /** That of C + GGᵀ: covariance + mean². */
  readonly value: number;
  readonly multiplicity: number;
}

/**
 * The spectrum of M = E[∇ℓ ∇ℓᵀ] = C + GGᵀ at W = αB, without the gauge directions, where it is 0: that of σ²/n of the n × kd matrix of gradients of single samples as n → ∞. By sectors
 * as gradientCovariance, but the standard one by the eigenvalues of C's own block, which are not vᵀCv along the eigenvectors of H. Descending. Throws UsageError outside the domain. Cost: some 20 ms.
 */
export function gradientMoment(point: NoisyPoint): MomentLevel[] {
  const { levels, standard, logUnit } = gradientCovariance(point);
  const { gradientNorm } = marginPoint(point);
  const unit = Math.exp(logUnit);
  const block = smallSymmetricEigen(standard.entries, standard.size).values;
  let copy = 0;
  return levels
    .flatMap(({ level: { sector, multiplicity }, covariance }): MomentLevel[] => {
      if (sector === 'gauge') return [];
      if (sector === 'trivial') {
        return [{ sector, covariance, mean: gradientNorm, value: covariance + gradientNorm ** 2, multiplicity }];
      }
      const isStandard = sector === 'standard+' || sector === 'standard-' || sector === 'standard0';
      const value = isStandard ? block[copy++]! * unit : covariance;
      return [{ sector: isStandard ? 'standard' : sector, covariance: value, mean: 0, value, multiplicity }];
    })
    .sort((a, b) => b.value - a.value);
}
