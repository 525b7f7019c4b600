import { UsageError } from '../../errors.js';
import { chebyshevSeries } from '../../numeric/quadrature/chebyshev.js';
import { resolution } from './class-integral.js';
import { covarianceIntegrals } from './covariance-integrals.js';
import { flowTerms } from './margin-point.js';
import { bySector, type NoiseSector } from './noise-sector.js';
import { blockOfCopies, type BlockNumbers, type StandardBlock } from './standard-block.js';
import { symmetricIntegrals } from './symmetric-integrals.js';
import { normOfMean, type NoisyPoint } from './symmetric-levels.js';

/** A model on the line, wherever it is. */
export type LineModel = Omit<NoisyPoint, 'margin'>;

/** H and C on one sector: matrices over its copies, row by row, in true units. */
export interface SectorNoise {
  readonly size: number;
  readonly hessian: Float64Array;
  readonly covariance: Float64Array;
}

/** H and C of all sectors as smooth functions of the margin. */
export type NoiseCurves = (margin: number) => Readonly<Record<NoiseSector, SectorNoise>>;

/**
 * Interpolates the integrals of H and C on 0 ≤ α ≤ `largestMargin` ≤ α*, so that both cost microseconds along a path. Relative error about ten times `tolerance`.
 * Throws UsageError for σ < 0.05, where C's trivial part is known too badly to interpolate. Cost: 33 to 500 times eight class integrals, once.
 */
export function noiseCurves(model: LineModel, largestMargin: number, tolerance = 1e-10): NoiseCurves {
  const digits = Math.min(15.5, 5.5 - Math.log10(tolerance));
  const { classes: k, noise, correlation: rho = 0, bias = false } = model;
  if (noise < 0.05) {
    throw new UsageError(
      `the noise of SGD along a path needs σ of at least 0.05, or 0, received ${noise}; at one margin it is known from 0.01 on`,
    );
  }
  const [s, optimal] = [Math.sqrt(1 - rho), 1 / noise ** 2];
  const series = chebyshevSeries(
    (u) => {
      const inner = u * optimal * s ** 2;
      const res = resolution((inner * noise) / s, digits);
      const H = symmetricIntegrals(k, noise / s, inner, res);
      const { logUnit, values } = covarianceIntegrals(k, noise / s, inner, res);
      const { logWrong, balance } = flowTerms({ ...model, margin: u * optimal }, digits);
      const flow = (k - 1) * (Math.exp(logWrong - logUnit / 2) * (1 - balance)) ** 2;
      return [
        ...[H.logUnit, H.trivial, H.symmetric, H.antisymmetric, H.means, H.differences],
        ...[logUnit, values.trivial - flow, values.symmetric, values.antisymmetric, values.means, values.differences],
      ];
    },
    0,
    Math.min(1, largestMargin / optimal),
    tolerance,
  );
  const blockOf = (C: number, D: number): StandardBlock => {
    const numbers: BlockNumbers = { meanNorm: normOfMean(k, rho), noise, spread: s, C, D };
    return blockOfCopies(numbers, { bias, hasDifferences: k > 2 });
  };
  const matrices = (u: number, first: number): Readonly<Record<NoiseSector, StandardBlock>> => {
    const [logUnit, trivial, symmetric, antisymmetric, C, D] = series
      .slice(first, first + 6)
      .map((one) => one.value(u)) as [number, number, number, number, number, number];
    const unit = Math.exp(logUnit);
    const single = (ratio: number): StandardBlock => ({ size: 1, entries: Float64Array.of(ratio * unit) });
    const { size, entries } = blockOf(C, D);
    return {
      trivial: single(s ** 2 * trivial),
      symmetric: single(s ** 2 * symmetric),
      antisymmetric: single(s ** 2 * antisymmetric),
      bulk: single(noise ** 2),
      standard: { size, entries: entries.map((entry) => entry * unit) },
    };
  };
  return (margin) => {
    const u = Math.min(1, margin / optimal);
    const [H, C] = [matrices(u, 0), matrices(u, 6)];
    return bySector((sector) => ({
      size: H[sector].size,
      hessian: H[sector].entries,
      covariance: C[sector].entries,
    }));
  };
}
