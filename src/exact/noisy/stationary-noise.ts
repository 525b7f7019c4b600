import { UsageError } from '../../errors.js';
import type { SgdRule } from '../../sgd-noise/rule.js';
import { noiseGain } from '../../sgd-noise/stationary.js';
import { gradientCovariance, type GradientCovariance } from './gradient-covariance.js';
import { flowTerms } from './margin-point.js';
import { squareOfB } from './second-order.js';
import { sgdNoiseState, type SgdNoise } from './sgd-noise-state.js';
import { defaultDigits, type NoisyPoint } from './symmetric-levels.js';

/**
 * The gradient under SGD at a point of the line whose noise has relaxed, v_s = (η/b) c_s/(λ_s(2 − ηλ_s)) along every eigenvector, beside that of the flow there: exact at
 * α*, elsewhere as if the flow stood still. `subspace`: m of f_top(m), k if left out.
 *
 * Leading order in η/b; `secondOrder` estimates what that leaves out. Throws UsageError outside the domain, or where SGD is unstable. Cost: some 30 ms,
 * whatever k and d.
 */
export function stationaryNoise(point: NoisyPoint, rule: SgdRule, subspace = point.classes): SgdNoise {
  checkSubspace(subspace, point);
  const covariance = gradientCovariance(point);
  const now = relaxedVariances(covariance, rule);
  return sgdNoiseState(covariance, { now, stationary: now, time: Infinity }, logFlowEnergy(point), subspace);
}

/** The stationary variances of all levels, in their order; c/λ in units that do not underflow. */
export function relaxedVariances({ levels, logUnit, spectrum }: GradientCovariance, rule: SgdRule): number[] {
  const units = Math.exp(logUnit - spectrum.logUnit);
  return levels.map(({ ratio, level }) =>
    ratio === 0 ? 0 : (noiseGain(level.value, rule) * units * ratio) / level.ratio,
  );
}

/** log ‖G‖², −∞ at α*. */
export function logFlowEnergy(point: NoisyPoint): number {
  const { logWrong, balance } = flowTerms(point, defaultDigits(point.classes).fine);
  return 2 * (logWrong + Math.log(Math.abs(1 - balance))) + Math.log(squareOfB(point));
}

/** Throws UsageError unless m is an integer from 1 to the number of weights. */
export function checkSubspace(
  subspace: number,
  { classes, dim, bias = false }: Pick<NoisyPoint, 'classes' | 'dim' | 'bias'>,
): void {
  const most = classes * (dim + Number(bias));
  if (!(Number.isInteger(subspace) && subspace >= 1 && subspace <= most)) {
    throw new UsageError(`the top space must have from 1 to ${most} dimensions, received ${subspace}`);
  }
}
