import { nonEmpty, type SectorLevel } from '../noiseless/sector-level.js';
import { resolution } from './class-integral.js';
import { checkCorrelation, checkDimensions, checkPoint } from './domain.js';
import { blockOfCopies, standardLevels } from './standard-block.js';
import { symmetricIntegrals, type SingleSector, type SymmetricIntegrals } from './symmetric-integrals.js';

export type Sector =
  'trivial' | 'standard+' | 'standard0' | 'standard-' | 'symmetric' | 'antisymmetric' | 'bulk' | 'gauge';

/** A level of the Hessian at the symmetric point. */
export interface NoisyLevel extends SectorLevel {
  readonly sector: Sector;
  /** λ/Ω: of order one however small λ is; σ² for the bulk. */
  readonly ratio: number;
  /** Estimate of the relative error of `value`; `ratioError` that of `ratio`. */
  readonly relativeError: number;
  readonly ratioError: number;
  /** λ/Ω − σ², how far the level is above the bulk, and an estimate of its absolute error: much less than that of λ/Ω where σ² is large. */
  readonly aboveBulk: number;
  readonly aboveBulkError: number;
  /** Standard levels: the unit vector over their copies (see standardLevels). */
  readonly mixture?: readonly number[];
}

/** The symmetric point W = α Σ_a e_a ν_aᵀ at noise σ, for means of Gram matrix (1−ρ) 1 + ρ 11ᵀ, ν_a = μ_a − m̄. */
export interface NoisyPoint {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  readonly margin: number;
  /** ρ; 0 for orthonormal means. */
  readonly correlation?: number;
  readonly bias?: boolean;
}

/** The spectrum at a symmetric point, levels descending, and log Ω, Ω = E(1 − ‖p‖²)/(k−1). */
export interface NoisySpectrum {
  readonly point: NoisyPoint;
  readonly logUnit: number;
  readonly levels: readonly NoisyLevel[];
}

/** Digits to which the finer and the coarser of the two resolutions are computed. */
export interface Digits {
  readonly fine: number;
  readonly coarse: number;
}

/** Spectators enter as Ψ^k, which takes log₁₀ k of the digits: half of them are given back. */
export function defaultDigits(classes: number): Digits {
  const coarse = 12 + Math.log10(classes) / 2;
  return { fine: coarse + 2, coarse };
}

/**
 * Rounding of exponents that cancelled, and of the factors: as log Ψ is relatively accurate, k of them err by an eps of their sum, which is
 * at most some 40 where the integrand counts, or of k where log Ψ < −0.1, hence k < 400.
 */
export function roundingError(classes: number, largestExponent: number): number {
  return Number.EPSILON * (64 + 4 * largestExponent + Math.min(classes, 400));
}

/**
 * All eigenvalues of the population Hessian at a symmetric point: at most seven distinct ones (with biases eight), by the irreps
 * of S_k × O(d − k):
 *
 * | sector         | multiplicity  | eigenvectors                                                                     |
 * | trivial        | 1             | B, the gradient                                                                  |
 * | standard±      | k−1 each      | mixtures of v m̄ᵀ and diag(v) with row and column means removed, Σv = 0            |
 * | symmetric      | k(k−3)/2      | symmetric, zero diagonal, zero row sums                                           |
 * | antisymmetric  | (k−1)(k−2)/2  | antisymmetric, zero row sums                                                      |
 * | bulk           | (k−1)(d−k)    | features orthogonal to all means                                                  |
 * | gauge          | d             | 1 ⊗ v: exactly 0                                                                  |
 *
 * Relative error of each level about 1e-13, at σ = 0.01 up to 1e-10, and of standard−, the smaller eigenvalue of a block, up to 1e-7; each with
 * its estimate: the difference of two resolutions plus rounding. Values that
 * underflow are 0, their `ratio` and `logUnit` remain. Throws UsageError outside the domain. Cost: a few milliseconds, whatever k
 * and d.
 */
export function noisyLevels(point: NoisyPoint, digits = defaultDigits(point.classes)): NoisySpectrum {
  const { classes: k, dim, noise, margin, correlation: rho = 0 } = point;
  checkPoint(k, noise, margin);
  checkDimensions(k, dim);
  checkCorrelation(k, rho);
  const s = Math.sqrt(1 - rho);
  const [fine, coarse] = [integralsAt(point, digits.fine), integralsAt(point, digits.coarse)];
  const [ratios, coarseRatios] = [fine, coarse].map((integrals) => levelRatios(integrals, point, s)) as [
    LevelRatios,
    LevelRatios,
  ];
  const rounding = roundingError(k, fine.largestExponent);
  const unitError = Math.abs(fine.logUnit - coarse.logUnit) + rounding;
  const unit = Math.exp(fine.logUnit);
  const largest = Math.max(...ratios.map(({ ratio }) => ratio));

  const levels = ratios.map((level, i): NoisyLevel => {
    const { sector, multiplicity, mixture, size } = level;
    const coarseLevel = coarseRatios[i]!;
    const exact = sector === 'bulk' || sector === 'gauge';
    // Of a 2×2 block the eigenvalues are as accurate as its largest entry.
    const scale = mixture === undefined ? level.ratio : largest;
    const direct = exact ? 0 : Math.abs(level.ratio - coarseLevel.ratio) + rounding * scale;
    const aboveBulkError =
      size === undefined ? direct : Math.abs(level.aboveBulk - coarseLevel.aboveBulk) + rounding * size;
    // What a level has above the bulk is at times much better known than the level itself.
    const indirect = aboveBulkError + 2 * Number.EPSILON * noise ** 2;
    const isIndirect = 8 * indirect < direct;
    const ratio = isIndirect ? noise ** 2 + level.aboveBulk : level.ratio;
    const ratioError = ratio === 0 ? 0 : (isIndirect ? indirect : direct) / ratio;
    return {
      sector,
      value: ratio * unit,
      multiplicity,
      ratio,
      relativeError: ratio === 0 ? 0 : ratioError + unitError,
      ratioError,
      aboveBulk: level.aboveBulk,
      aboveBulkError,
      ...(mixture === undefined ? {} : { mixture }),
    };
  });
  return { point, logUnit: fine.logUnit, levels: nonEmpty(levels).sort((x, y) => y.ratio - x.ratio) };
}

/** The integrals of a point at one resolution: those of orthonormal means at α(1−ρ), σ/√(1−ρ). */
export function integralsAt(
  { classes, noise, margin, correlation: rho = 0 }: Pick<NoisyPoint, 'classes' | 'noise' | 'margin' | 'correlation'>,
  digits: number,
): SymmetricIntegrals {
  const s = Math.sqrt(1 - rho);
  const [innerMargin, innerNoise] = [margin * s ** 2, noise / s];
  return symmetricIntegrals(classes, innerNoise, innerMargin, resolution(innerMargin * innerNoise, digits));
}

/** ‖m̄‖ = √((1 + (k−1)ρ)/k), the norm of the mean of the means. */
export function normOfMean(classes: number, correlation: number): number {
  return Math.sqrt(Math.max(0, (1 + (classes - 1) * correlation) / classes));
}

export type LevelRatios = readonly {
  readonly sector: Sector;
  readonly ratio: number;
  readonly multiplicity: number;
  /** λ/Ω − σ²; `size`: the sum of the absolute values of its terms, where it was summed on its own. */
  readonly aboveBulk: number;
  readonly size?: number;
  readonly mixture?: readonly number[];
}[];

/** λ/Ω of every sector from the integrals at α(1−ρ), σ/√(1−ρ); `spread`: √(1−ρ). Sectors that are empty at this k and d included. */
export function levelRatios(
  integrals: Omit<SymmetricIntegrals, 'logUnit' | 'largestExponent'>,
  point: Omit<NoisyPoint, 'margin'>,
  spread: number,
): LevelRatios {
  const { classes: k, noise, correlation: rho = 0, bias = false } = point;
  const { means: C, differences: D, aboveBulk } = integrals;
  const meanNorm = normOfMean(k, rho);
  const standard = standardLevels(blockOfCopies({ meanNorm, noise, spread, C, D }, { bias, hasDifferences: k > 2 }));
  const names = standardSectors(standard.length);
  const single = (sector: SingleSector) => {
    const { value, size } = aboveBulk[sector];
    return {
      sector,
      ratio: spread ** 2 * integrals[sector],
      multiplicity: multiplicityOf(sector, point),
      aboveBulk: spread ** 2 * value,
      size: spread ** 2 * size,
    };
  };
  return [
    single('trivial'),
    ...standard.map(({ ratio, mixture }, i) => ({
      sector: names[i]!,
      ratio,
      multiplicity: multiplicityOf(names[i]!, point),
      mixture,
      aboveBulk: ratio - noise ** 2,
    })),
    single('symmetric'),
    single('antisymmetric'),
    { sector: 'bulk', ratio: noise ** 2, multiplicity: multiplicityOf('bulk', point), aboveBulk: 0 },
    { sector: 'gauge', ratio: 0, multiplicity: multiplicityOf('gauge', point), aboveBulk: -(noise ** 2) },
  ];
}

/** The levels of a standard block of so many copies, descending. */
export function standardSectors(copies: number): readonly Sector[] {
  return copies === 3 ? ['standard+', 'standard0', 'standard-'] : ['standard+', 'standard-'];
}

/** How many eigenvectors a level has; 0 for those that do not exist at this k and d. */
export function multiplicityOf(
  sector: Sector,
  { classes: k, dim, bias = false }: Pick<NoisyPoint, 'classes' | 'dim' | 'bias'>,
): number {
  switch (sector) {
    case 'trivial':
      return 1;
    case 'symmetric':
      return k > 3 ? (k * (k - 3)) / 2 : 0;
    case 'antisymmetric':
      return ((k - 1) * (k - 2)) / 2;
    case 'bulk':
      return (k - 1) * (dim - k);
    case 'gauge':
      return dim + (bias ? 1 : 0);
    default:
      return k - 1;
  }
}
