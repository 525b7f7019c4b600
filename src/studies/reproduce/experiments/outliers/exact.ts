import { biasLevels, symmetricLevels, symmetricPoint } from '../../../../exact/noiseless/index.js';
import type { Entries } from '../../engine/experiment.js';
import { largestGap, type GapCount } from './largest-gap.js';
import { meanOfValues } from '../../shared/train-row.js';
import type { ClassStructure } from '../../probes/class-structure.js';
import { classes } from '../../shared/settings.js';

/** Classes, the mini-bulk of the noiseless model, and the time at which it is looked at. */
export const miniBulk = classes * (classes - 2);
export const exactTime = 20;

/** In the noiseless model at the same time G_class is (1 − ε) λ₁, k-fold, G_{c=c} is ε λ₁ in the same space, and G_cross is λ₂, k(k − 2)-fold. */
export function besideExact(found: readonly ClassStructure[]): Entries {
  const { error } = symmetricPoint(classes, exactTime);
  const over = (of: (one: ClassStructure) => number): string => meanOfValues(found.map(of)).toPrecision(3);
  const [outlying, mini] = [
    { from: 0, to: classes },
    { from: classes, to: classes + miniBulk },
  ] as const;
  const level = ({ eigenvalues }: ClassStructure, { from, to }: typeof outlying | typeof mini) =>
    meanOfValues(eigenvalues.slice(from, to));
  return {
    'G_class/λ₁ (exact)': `${over((one) => meanOfValues(one.between) / level(one, outlying))} (${(1 - error).toPrecision(3)})`,
    'largest of G_{c=c}/λ₁ (exact)': `${over((one) => one.own / level(one, outlying))} (${error.toPrecision(3)})`,
    'G_cross/λ₂ (exact)': `${over((one) => meanOfValues(one.cross.slice(0, miniBulk)) / level(one, mini))} (1)`,
  };
}

export function exactMultiplicities(): readonly [number, number] {
  const [first, second] = symmetricLevels(symmetricPoint(classes, exactTime), 30);
  return [first!.multiplicity, second!.multiplicity];
}

/** The same rule on the exact model with biases: k − 1 larger eigenvalues, then the gradient's. */
export function exactWithBiases(): GapCount {
  const levels = biasLevels(symmetricPoint(classes, exactTime), 30);
  const eigenvalues = levels.flatMap(({ value, multiplicity }) => Array.from({ length: multiplicity }, () => value));
  return largestGap(eigenvalues, 1, 2 * classes);
}
