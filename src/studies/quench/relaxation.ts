import { varianceAfter } from '../../sgd-noise/index.js';

/** A part of the gradient along eigenvectors of one eigenvalue λ: ‖P g‖² at the switch, and Σ vᵀCv over them, C the covariance of one sample's gradient. */
export interface RelaxingLevel {
  readonly eigenvalue: number;
  readonly energy: number;
  readonly covariance: number;
}

/** The gradient at the switch: the levels of the top space, and those of the rest. */
export interface SwitchedGradient {
  readonly top: readonly RelaxingLevel[];
  readonly rest: readonly RelaxingLevel[];
}

/** SGD after the switch: η, and b samples a step, drawn with replacement; null for all of them, which has no noise. */
export interface SwitchedRule {
  readonly learningRate: number;
  readonly batch: number | null;
}

/** Energies of the gradient some steps after the switch. */
export interface RelaxedEnergies {
  readonly step: number;
  /** ‖P g‖² of each level of the top space. */
  readonly top: readonly number[];
  /** Of all of the rest. */
  readonly rest: number;
}

/**
 * The gradient n steps after the switch, from the gradient and the noise there alone, H and C taken as constant: E‖P g‖² of each level is
 *   g² (1 − ηλ)^{2n} + (η/b) cλ/(2 − ηλ) (1 − (1 − ηλ)^{2n}),
 * the second term the noise, which full batches have not. Modes of negative λ count as those of |λ| in it. Throws UsageError where ηλ ≥ 2 with noise. Cost: O(levels).
 */
export function relaxed({ top, rest }: SwitchedGradient, rule: SwitchedRule, n: number): SwitchedGradient {
  const after = (level: RelaxingLevel): RelaxingLevel => ({ ...level, energy: energyAfter(level, rule, n) });
  return { top: top.map(after), rest: rest.map(after) };
}

/** The energies of `relaxed` after each of some numbers of steps. */
export function relaxedEnergies(
  levels: SwitchedGradient,
  rule: SwitchedRule,
  steps: readonly number[],
): RelaxedEnergies[] {
  return steps.map((step) => {
    const { top, rest } = relaxed(levels, rule, step);
    return { step, top: top.map(({ energy }) => energy), rest: rest.reduce((sum, { energy }) => sum + energy, 0) };
  });
}

function energyAfter(
  { eigenvalue, energy, covariance }: RelaxingLevel,
  { learningRate, batch }: SwitchedRule,
  n: number,
): number {
  const left = energy * (1 - learningRate * eigenvalue) ** (2 * n);
  if (batch === null) return left;
  return left + eigenvalue ** 2 * covariance * varianceAfter(n, 0, Math.abs(eigenvalue), 1, { learningRate, batch });
}

/** The share of the top space: of energies as they are, or of their means. */
export function shareOfTop({ top, rest }: Omit<RelaxedEnergies, 'step'>): number {
  const inside = top.reduce((sum, energy) => sum + energy, 0);
  return inside / (inside + rest);
}
