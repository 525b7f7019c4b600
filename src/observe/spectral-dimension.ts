import { NumericalError, UsageError } from '../errors.js';
import type { Spectrum } from './spectrum.js';

/**
 * Participation ratio (Σλ)² / Σλ² of the known part of a positive semidefinite spectrum, levels counted with multiplicity:
 * between 1 and the rank. Throws NumericalError if no eigenvalue is positive.
 */
export function participationRatio(spectrum: Pick<Spectrum, 'levels'>): number {
  const weights = positiveWeights(spectrum);
  return 1 / weights.reduce((sum, { weight, multiplicity }) => sum + multiplicity * weight ** 2, 0);
}

/**
 * Effective rank exp(−Σ w log w), w = λ/Σλ, of the known part of a positive semidefinite spectrum (Roy & Vetterli 2007):
 * between the participation ratio and the rank. Throws NumericalError if no eigenvalue is positive.
 */
export function effectiveRank(spectrum: Pick<Spectrum, 'levels'>): number {
  const weights = positiveWeights(spectrum);
  return Math.exp(
    -weights.reduce((sum, { weight, multiplicity }) => sum + multiplicity * weight * Math.log(weight), 0),
  );
}

/**
 * Effective dimension Σ λ/(λ + c) over the positive eigenvalues of the known part of a spectrum, levels counted with multiplicity:
 * how many directions have a curvature above c (MacKay 1992; Maddox, Benton & Wilson 2020). Between 0 and the number of positive
 * eigenvalues, and decreasing in c. Throws UsageError unless c is positive.
 */
export function effectiveDimension({ levels }: Pick<Spectrum, 'levels'>, c: number): number {
  if (!(c > 0)) throw new UsageError(`c must be positive, received ${c}; for example the regularisation`);
  return levels.reduce(
    (sum, { value, multiplicity }) => sum + (value > 0 ? (multiplicity * value) / (value + c) : 0),
    0,
  );
}

function positiveWeights({ levels }: Pick<Spectrum, 'levels'>): { weight: number; multiplicity: number }[] {
  const positive = levels.filter((level) => level.value > 0);
  if (positive.length === 0)
    throw new NumericalError('the spectrum has no positive eigenvalue: no dimension to speak of');
  const trace = positive.reduce((sum, level) => sum + level.value * level.multiplicity, 0);
  if (trace === Infinity)
    throw new NumericalError('the eigenvalues add up to more than a number holds: take smaller units');
  return positive.map(({ value, multiplicity }) => ({ weight: value / trace, multiplicity }));
}
