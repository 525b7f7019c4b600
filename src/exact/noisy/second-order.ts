import type { NoisyPoint, Sector } from './symmetric-levels.js';

/** A level of H with the noise along it and how it moves with the margin. */
export interface MovingLevel {
  readonly sector: Sector;
  readonly multiplicity: number;
  /** λ, in any unit. */
  readonly eigenvalue: number;
  /** Of the weights, along an eigenvector. */
  readonly variance: number;
  /** d log λ/dα. */
  readonly slope: number;
}

/** ‖B‖² = (k−1)(1−ρ), so that ‖G‖² = ‖B‖² (dα/dt)². */
export function squareOfB({ classes, correlation = 0 }: Pick<NoisyPoint, 'classes' | 'correlation'>): number {
  return (classes - 1) * (1 - correlation);
}

/**
 * Relative size of what leading order in η/b leaves out. With H′ along the line diagonal in the sectors, the noise pulls the mean margin by
 * F = −½ Σ n_s v_s λ_s′/‖B‖² per unit time, for as long as 1/λ_trivial or the `time` there was, in units of 1/λ, and the margin fluctuates by
 * √v_trivial/‖B‖: 2 |λ_s′/λ_s Δα| + (λ_s′/λ_s)² Var α, averaged over the noise's energy. Proportional to η/b.
 */
export function secondOrderSize(levels: readonly MovingLevel[], squareOfB: number, time: number): number {
  const energies = levels.map(energyOf);
  const total = unitNoiseEnergy(levels);
  if (total === 0) return 0;
  const trivial = levels.find(({ sector }) => sector === 'trivial')!;
  const pull = levels.reduce(
    (sum, { multiplicity, variance, eigenvalue, slope }) => sum + multiplicity * variance * eigenvalue * slope,
    0,
  );
  const shift = (Math.abs(pull) / (2 * squareOfB)) * Math.min(time, 1 / trivial.eigenvalue);
  const spread = trivial.variance / squareOfB;
  const sizes = levels.map(({ slope }) => 2 * Math.abs(slope) * shift + slope ** 2 * spread);
  return sizes.reduce((sum, size, i) => sum + (size * energies[i]!) / total, 0);
}

/** Σ n_s λ_s² v_s = Σ n_s tr(H V H): E‖g‖² of the noise; over η/b, where variances are those at η/b = 1. */
export function unitNoiseEnergy(levels: readonly MovingLevel[]): number {
  return levels.reduce((sum, level) => sum + energyOf(level), 0);
}

function energyOf({ multiplicity, eigenvalue, variance }: MovingLevel): number {
  return multiplicity * eigenvalue ** 2 * variance;
}
