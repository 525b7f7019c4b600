import { resolution } from './class-integral.js';
import { covarianceIntegrals, type CovarianceIntegrals, type CovarianceTerm } from './covariance-integrals.js';
import { flowTerms } from './margin-point.js';
import { alongEigenvector, blockOfCopies, type StandardBlock } from './standard-block.js';
import {
  defaultDigits,
  noisyLevels,
  normOfMean,
  roundingError,
  type NoisyLevel,
  type NoisyPoint,
  type NoisySpectrum,
} from './symmetric-levels.js';

/** A sector of the covariance C of one sample's gradient, beside the level of the Hessian there. */
export interface CovarianceLevel {
  /** Its eigenvalue λ, multiplicity and name. */
  readonly level: NoisyLevel;
  /** c = vᵀCv along a unit eigenvector v of H. */
  readonly covariance: number;
  /** c/Ω_C, of order one however small c is. */
  readonly ratio: number;
  /** Estimate of the relative error of c; 0 where c is exactly 0. */
  readonly relativeError: number;
}

/** The covariance of one sample's gradient at a symmetric point. */
export interface GradientCovariance {
  /** That of the Hessian. */
  readonly spectrum: NoisySpectrum;
  /** log Ω_C, Ω_C = 2 E p_1² + (k−2) E p_1p_2. */
  readonly logUnit: number;
  /** In the order of the levels of the Hessian. */
  readonly levels: readonly CovarianceLevel[];
  /** The block of the standard sector, over Ω_C. */
  readonly standard: StandardBlock;
}

/**
 * C = E[∇ℓ ∇ℓᵀ] − GGᵀ of one sample at W = αB: by Schur's lemma one number on each sector of the Hessian (noisyLevels), and a block on the copies of
 * the standard one, of which a level has c = vᵀCv along H's eigenvector v. At α* = 1/σ² the model is well specified, and C = H.
 *
 * With equiangular means and biases as for the Hessian: (1−ρ) times the values at (α(1−ρ), σ/√(1−ρ)), and the same form of the standard block.
 *
 * Relative error about 1e-13. Where σ is small most of a sample's gradient is that of its class, and what is left in the trivial, symmetric and antisymmetric
 * sectors loses a factor 1/σ²: up to 1e-9 at σ = 0.01. Of the standard block c is known relative to its largest entry. Each with its estimate: the difference of two
 * resolutions plus rounding. Values that underflow are 0, their `ratio` and `logUnit` remain. Throws UsageError outside the domain of noisyLevels.
 * Cost: some 10 ms, whatever k and d.
 */
export function gradientCovariance(point: NoisyPoint): GradientCovariance {
  const { classes: k, noise, margin, correlation: rho = 0, bias = false } = point;
  const spectrum = noisyLevels(point);
  const s = Math.sqrt(1 - rho);
  const [alpha, sigma] = [margin * s ** 2, noise / s];
  // What is left of the trivial sector cancels: one resolution more than the levels need.
  const coarseDigits = Math.min(14.5, defaultDigits(k).fine);
  const at = (precision: number): CovarianceIntegrals & { readonly flow: number; readonly flowSize: number } => {
    const integrals = covarianceIntegrals(k, sigma, alpha, resolution(alpha * sigma, precision));
    const { logWrong, balance } = flowTerms(point, precision);
    // ‖G‖²/Ω_C, ‖G‖² = (k−1)(1−ρ)(dα/dt)²
    const size = (k - 1) * s ** 2 * Math.exp(2 * logWrong - integrals.logUnit) * Math.abs(1 - balance);
    return { ...integrals, flow: size * Math.abs(1 - balance), flowSize: size * (1 + balance) };
  };
  const [fine, coarse] = [at(coarseDigits + 1.5), at(coarseDigits)];
  const rounding = roundingError(k, fine.largestExponent);
  const errorOf = (term: CovarianceTerm): number =>
    Math.abs(fine.values[term] - coarse.values[term]) + rounding * fine.sizes[term];

  const meanNorm = normOfMean(k, rho);
  const { means: C, differences: D } = fine.values;
  const standard = blockOfCopies({ meanNorm, noise, spread: s, C, D }, { bias, hasDifferences: k > 2 });
  const standardError =
    2 * s * (meanNorm + Number(bias)) * errorOf('means') +
    s ** 2 * errorOf('differences') +
    rounding * Math.max(...standard.entries);
  const [trivial, coarseTrivial] = [fine, coarse].map(({ values, flow }) => s ** 2 * values.trivial - flow) as [
    number,
    number,
  ];
  const trivialError = Math.abs(trivial - coarseTrivial) + rounding * (s ** 2 * fine.sizes.trivial + 2 * fine.flowSize);

  const inUnits = ({ sector, mixture }: NoisyLevel): { readonly ratio: number; readonly error: number } => {
    switch (sector) {
      case 'trivial':
        return { ratio: trivial, error: trivialError };
      case 'symmetric':
      case 'antisymmetric':
        return { ratio: s ** 2 * fine.values[sector], error: s ** 2 * errorOf(sector) };
      case 'bulk':
        return { ratio: noise ** 2, error: 0 };
      case 'gauge':
        return { ratio: 0, error: 0 };
      default:
        return { ratio: alongEigenvector(standard, mixture!), error: standardError };
    }
  };
  const unit = Math.exp(fine.logUnit);
  const unitError = Math.abs(fine.logUnit - coarse.logUnit) + rounding;
  return {
    spectrum,
    logUnit: fine.logUnit,
    levels: spectrum.levels.map((level): CovarianceLevel => {
      const { ratio, error } = inUnits(level);
      return { level, covariance: ratio * unit, ratio, relativeError: ratio === 0 ? 0 : error / ratio + unitError };
    }),
    standard,
  };
}
