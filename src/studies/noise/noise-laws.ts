import { batchVariance, drawnLaws, type DrawnLaw, type DrawnSteps } from '../../loss/noise/drawn-laws.js';
import type { GradientNoise } from '../../loss/noise/gradient-noise.js';
import { restTrace } from '../../loss/noise/rest-traces.js';
import { varianceAfter } from '../../sgd-noise/index.js';

/** Energies of the noise along known eigenvectors, and in all of the rest. */
export interface PredictedEnergies {
  readonly top: readonly number[];
  readonly rest: number;
}

/** What the noise is taken to be: null where the law has nothing to say. */
export interface LawEnergies {
  /** At rest, each step's noise independent of the others. */
  readonly stationary: PredictedEnergies | null;
  /** At rest, the noises of an epoch adding up to zero: mean over its steps. */
  readonly shuffled: PredictedEnergies | null;
  /** After the steps there were, from none, each step's noise independent. */
  readonly relaxing: PredictedEnergies | null;
}

/** The laws at one θ, `elapsed` steps after the noise began. */
export function lawEnergies({ samples, top, rest }: GradientNoise, steps: DrawnSteps, elapsed: number): LawEnergies {
  const of = (law: DrawnLaw | null): PredictedEnergies | null =>
    law && {
      top: Array.from(top.eigenvalues, (x, i) => law(x, top.covariances[i]!)),
      rest: restTrace(rest, 'covariances', (x) => law(x, 1)),
    };
  const { stationary, shuffled } = drawnLaws(
    steps,
    samples,
    [top.eigenvalues, ...rest.probes.map(({ nodes }) => nodes)].flatMap((part) => [...part]),
  );
  const { learningRate, momentum = 0 } = steps;
  const unit = batchVariance(steps, samples);
  const relaxing: DrawnLaw = (x, c) =>
    x ** 2 * varianceAfter(elapsed, 0, Math.abs(x), unit * c, { learningRate, batch: 1 });
  return {
    stationary: of(stationary),
    shuffled: of(shuffled),
    relaxing: of(stationary === null || momentum > 0 ? null : relaxing),
  };
}
