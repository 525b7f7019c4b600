import type { Measurement } from '../../engine/experiment.js';
import { probeTask, type ProbeTask } from '../../engine/task.js';
import { modelLowRank, type ModelLowRank } from '../../probes/model-low-rank.js';
import { lawSeeds } from '../../shared/law-settings.js';
import { meanOfValues } from '../../shared/train-row.js';

const setting = { classes: 4, dim: 40, noise: 0.3, samples: 5000, margin: 5, angles: [30, 60, 90] } as const;

/** A data set for each seed. */
export function modelTasks(): ProbeTask<ModelLowRank>[] {
  return lawSeeds.map((seed) => probeTask(modelLowRank, { ...setting, seed }, { seconds: 1 }));
}

/**
 * How much of the span of the new means the SVD of W Cov(x) catches at rank k − 1, in the population. W reads μ_a = cos φ ν_a + sin φ τ_a and
 * Cov(x) = σ² + (1/k) Σ ν_a ν_aᵀ (centred), so that a row of W Cov(x) is that of W with σ² μ_a + (cos φ/k) ν_a for μ_a, and the share is the squared cosine of its angle to ν_a:
 *
 *   cos²φ (σ² + 1/k)² / (σ⁴ + cos²φ (2σ²/k + 1/k²)).
 */
export function caughtByCovariance(classes: number, noise: number, angle: number): number {
  const [near, v] = [Math.cos((angle * Math.PI) / 180) ** 2, noise ** 2];
  return (near * (v + 1 / classes) ** 2) / (v ** 2 + near * ((2 * v) / classes + 1 / classes ** 2));
}

/** The largest deviation over the angles. */
export function caughtDeviation({ model }: { readonly model: readonly ModelLowRank[] }): Measurement {
  const predicted = (angle: number): number => caughtByCovariance(setting.classes, setting.noise, angle);
  const mean = (at: number, start: 'random' | 'covariance' | 'hessian'): number =>
    meanOfValues(model.map(({ caught }) => caught[at]![start]));
  return {
    values: model.map(({ caught }) =>
      Math.max(...caught.map(({ angle, covariance }) => Math.abs(covariance - predicted(angle)))),
    ),
    beside: {
      'angle to the old means': setting.angles.map((angle) => `${angle}°`).join(', '),
      'caught by W Cov(x)': setting.angles.map((_, i) => mean(i, 'covariance').toFixed(3)).join(', '),
      predicted: setting.angles.map((angle) => predicted(angle).toFixed(3)).join(', '),
      'by the Hessian': setting.angles.map((_, i) => mean(i, 'hessian').toFixed(3)).join(', '),
      'by a random A': setting.angles.map((_, i) => mean(i, 'random').toFixed(3)).join(', '),
      'rank/d': (setting.classes - 1) / setting.dim,
    },
    settings: { ...setting, rank: setting.classes - 1, seeds: lawSeeds },
  };
}
