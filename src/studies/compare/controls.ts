import type { Samples } from '../../loss/network/sample-sums.js';
import type { ObservableName } from './observables.js';

/**
 * Moments of a sample whose expectation is fixed by how it is drawn (x = μ_y + σξ, y uniform, μ_a the a-th basis vector), and so needs no theory
 * of what is trained on it. C = Σ_i (e_y − 1/k) xᵀ/n is minus the gradient at W = 0. They carry most of the sampling noise of a trained
 * network, early in training nearly all of it.
 */
export const controls = {
  'C[1,1]': 'class 1 against the feature of its mean: (1 − 1/k)/k',
  'C[2,1]': 'class 2 against the feature of the mean of class 1: −1/k²',
  'C·B': '⟨C, B⟩/‖B‖²: 1/k',
  'x² on the means': 'mean square of the first k features: 1/k + σ²',
  'x² elsewhere': 'mean square of the others: σ²',
} as const;

export type ControlName = keyof typeof controls;
export const controlNames = Object.keys(controls) as ControlName[];

/** Values by name; 'x² elsewhere' is missing where d = k. */
export type Controls = Partial<Readonly<Record<ControlName, number>>>;

export function expectedControls({ classes: k, dim, noise }: Mixture): Controls {
  return {
    'C[1,1]': (1 - 1 / k) / k,
    'C[2,1]': -1 / k ** 2,
    'C·B': 1 / k,
    'x² on the means': 1 / k + noise ** 2,
    ...(dim > k ? { 'x² elsewhere': noise ** 2 } : {}),
  };
}

/** The moments of the first samples up to each of the given counts, ascending. Cost: O(n d). */
export function measuredControls(
  { inputs, targets }: Samples,
  { classes: k, dim }: Omit<Mixture, 'noise'>,
  counts: readonly number[],
): Controls[] {
  const sums = { own: 0, other: 0, trace: 0, means: 0, elsewhere: 0 };
  let i = 0;
  return counts.map((count): Controls => {
    for (; i < count; i++) {
      for (let f = 0; f < dim; f++) sums[f < k ? 'means' : 'elsewhere'] += inputs[i * dim + f]! ** 2;
      const first = inputs[i * dim]!;
      sums.own += (targets[i * k]! - 1 / k) * first;
      sums.other += (targets[i * k + 1]! - 1 / k) * first;
      for (let a = 0; a < k; a++) sums.trace += (targets[i * k + a]! - 1 / k) * inputs[i * dim + a]!;
    }
    return {
      'C[1,1]': sums.own / count,
      'C[2,1]': sums.other / count,
      'C·B': sums.trace / (count * (k - 1)),
      'x² on the means': sums.means / (count * k),
      ...(dim > k ? { 'x² elsewhere': sums.elsewhere / (count * (dim - k)) } : {}),
    };
  });
}

/** The controls of an observable, the closest first. Chosen by what they are moments of, the same in every cell. */
export function controlsOf(name: ObservableName): readonly ControlName[] {
  const common = ['C·B', 'x² on the means'] as const;
  if (name === 'W[1,1]') return ['C[1,1]', ...common];
  if (name === 'W[2,1]') return ['C[2,1]', ...common];
  if (name === 'bulk level') return ['x² elsewhere', ...common];
  return common;
}

interface Mixture {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
}
