import { UsageError } from '../../errors.js';
import { gradientCovariance, noisySnapshot, type Sector } from '../../exact/noisy/index.js';
import { stationaryEnergy, type SgdRule } from '../../sgd-noise/index.js';
import type { RelaxedEnergies, RelaxingLevel, SwitchedGradient } from './relaxation.js';

/** The gradient of SGD at rest in the exact model, sector by sector. */
export interface ModelLevels {
  /** Of the levels of the top space, then of the rest, without the gauge. */
  readonly sectors: readonly { readonly sector: Sector; readonly eigenvalue: number; readonly multiplicity: number }[];
  /** E‖P_s g‖² at rest, and Σ c. */
  readonly gradient: SwitchedGradient;
  /** ‖P_s g‖² of a gradient, k×d. */
  readonly energiesOf: (gradient: Float64Array) => Omit<RelaxedEnergies, 'step'>;
}

/**
 * SGD at rest at α* = 1/σ², where the flow of the population rests, C = H, and E g² = (η/b) λ²/(2 − ηλ) along every eigenvector; the top space is that of the k largest
 * eigenvalues. Throws UsageError where k cuts a level, so that this is no space, outside the domain, and where the rule is unstable. Cost: some 10 ms.
 */
export function modelLevels(
  model: { readonly classes: number; readonly dim: number; readonly noise: number },
  rule: SgdRule,
): ModelLevels {
  const { classes: k, dim, noise } = model;
  const point = { classes: k, dim, noise, margin: 1 / noise ** 2 };
  const { spectrum } = noisySnapshot(point);
  const found = gradientCovariance(point).levels.filter(({ level }) => level.sector !== 'gauge');
  const levels = found.map(({ level: { value, multiplicity }, covariance }): RelaxingLevel => ({
    eigenvalue: value,
    energy: multiplicity * stationaryEnergy(value, covariance, rule),
    covariance: multiplicity * covariance,
  }));
  const above = found.map((_, i) => found.slice(0, i + 1).reduce((sum, { level }) => sum + level.multiplicity, 0));
  const cut = above.indexOf(k) + 1;
  if (cut === 0) {
    throw new UsageError(
      `the ${k} largest eigenvalues are no space of their own at rest: the levels end after ${above.join(', ')}; choose 3 classes, or another noise`,
    );
  }
  return {
    sectors: found.map(({ level: { sector, value: eigenvalue, multiplicity } }) => ({
      sector,
      eigenvalue,
      multiplicity,
    })),
    gradient: { top: levels.slice(0, cut), rest: levels.slice(cut) },
    energiesOf: (gradient) => {
      const onMeans = Float64Array.from({ length: k * k }, (_, i) => gradient[Math.floor(i / k) * dim + (i % k)]!);
      const outside = gradient.reduce((sum, g, i) => (i % dim < k ? sum : sum + g ** 2), 0);
      const energies = found.map(({ level: { sector } }, i) =>
        sector === 'bulk' ? outside : spectrum.energy(i, onMeans),
      );
      return { top: energies.slice(0, cut), rest: energies.slice(cut).reduce((sum, energy) => sum + energy, 0) };
    },
  };
}
