import type { GradientNoise } from '../../loss/noise/gradient-noise.js';
import { noiseEnergy, type DrawnSteps } from '../../loss/noise/noise-null.js';
import { restTrace } from '../../loss/noise/rest-traces.js';
import { shuffledVariance, varianceAfter } from '../../sgd-noise/index.js';

/** Energies of the noise along known eigenvectors, and in all of the rest. */
export interface PredictedEnergies {
  readonly top: readonly number[];
  readonly rest: number;
}

/**
 * What the noise is taken to be:
 *   stationary  at rest, each step's noise independent of the others;
 *   shuffled    at rest, the noises of an epoch adding up to zero, mean over its steps; null for momentum, and where nothing is shuffled;
 *   relaxing    after the steps there were, from none; null for momentum.
 */
export interface LawEnergies {
  readonly stationary: PredictedEnergies;
  readonly shuffled: PredictedEnergies | null;
  readonly relaxing: PredictedEnergies | null;
}

/** The laws at one θ, `elapsed` steps after the noise began. Modes of negative λ count as those of |λ|. Throws UsageError where steps are unstable. */
export function lawEnergies({ samples, top, rest }: GradientNoise, steps: DrawnSteps, elapsed: number): LawEnergies {
  const { learningRate, batch, momentum = 0, replacement } = steps;
  const of = (energy: (eigenvalue: number, c: number) => number): PredictedEnergies => ({
    top: Array.from(top.eigenvalues, (x, i) => energy(x, top.covariances[i]!)),
    rest: restTrace(rest, 'covariances', (x) => energy(x, 1)),
  });
  const drawn = replacement ? 1 : (samples - batch) / (samples - 1);
  const perEpoch = Math.max(2, Math.round(samples / batch)); // whole batches
  return {
    stationary: of(noiseEnergy(steps, samples)),
    shuffled:
      momentum > 0 || replacement
        ? null
        : of((x, c) => {
            if (x === 0) return 0;
            const whole = { learningRate, batch: 1, samples: perEpoch };
            return x ** 2 * (drawn / batch) * shuffledVariance(Math.abs(x), c, whole).mean;
          }),
    relaxing:
      momentum > 0
        ? null
        : of((x, c) => drawn * x ** 2 * varianceAfter(elapsed, 0, Math.abs(x), c, { learningRate, batch })),
  };
}
