import { UsageError } from '../../errors.js';
import { ruleNumbers, type SgdRule } from '../../sgd-noise/rule.js';
import { noiseGain } from '../../sgd-noise/stationary.js';
import { gradientCovariance } from './gradient-covariance.js';
import type { LineModel } from './noise-curves.js';
import { noisePath, restingShare } from './noise-path.js';
import { varianceAlong } from './noise-sector.js';
import { sgdNoiseState, type SgdNoise } from './sgd-noise-state.js';
import { checkSubspace, logFlowEnergy, relaxedVariances } from './stationary-noise.js';

/** The noise of SGD at a time of the flow. */
export interface NoiseAtTime extends SgdNoise {
  readonly time: number;
  /** Estimate of the error of the variances, relative to the largest. */
  readonly relativeError: number;
}

/**
 * The noise of SGD along the flow from W(0) = 0, in continuous time: V′ = −HV − VH + (η/b)C in every sector, V(0) = 0 (noisePath). Heavy ball counts as
 * η/(1−μ), and the time of n steps is ηn/(1−μ).
 *
 * Leading order in η/b and for ηλ ≪ 1; for steps of finite η see noiseOfSteps. Throws UsageError for times that do not ascend from 0 on, where SGD at the rate is unstable, outside the
 * domain, and for σ < 0.05. Cost: one or two seconds, at σ = 0.05 and k from 1000 on half a minute, then some 30 ms for each time.
 */
export function noiseAlongFlow(
  model: LineModel,
  rule: SgdRule,
  times: readonly number[],
  subspace = model.classes,
): NoiseAtTime[] {
  checkSubspace(subspace, model);
  checkAscending(times);
  const { strength } = ruleNumbers(rule);
  const { clock, at } = noisePath(model, Math.max(1e-200, times.at(-1) ?? 0));
  return times.map((time) => {
    const margin = clock.marginAt(time);
    const point = { ...model, margin };
    const covariance = gradientCovariance(point);
    for (const { level } of covariance.levels) noiseGain(level.value, rule); // of a rate at which SGD is stable
    const stationary = relaxedVariances(covariance, { learningRateOverBatch: strength });
    const rests = margin >= restingShare * clock.optimalMargin;
    const { sectors, error } = at(margin);
    const now = covariance.levels.map(({ level }) => strength * varianceAlong(sectors, level));
    const variances = { now: rests ? stationary : now, stationary, time };
    return {
      ...sgdNoiseState(covariance, variances, logFlowEnergy(point), subspace),
      time,
      relativeError: rests ? 0 : error,
    };
  });
}

function checkAscending(times: readonly number[]): void {
  if (!times.every((time, i) => time >= (times[i - 1] ?? 0))) {
    throw new UsageError(`times must ascend from 0 on, received ${times.join(', ')}`);
  }
}
