import { UsageError } from '../../errors.js';
import { ruleNumbers, type SgdRule } from '../../sgd-noise/rule.js';
import { gradientCovariance } from './gradient-covariance.js';
import { marginClock } from './margin-clock.js';
import { bySector, varianceAlong } from './noise-sector.js';
import { noiseCurves, type LineModel, type SectorNoise } from './noise-curves.js';
import { sgdNoiseState, type SgdNoise } from './sgd-noise-state.js';
import { checkSubspace, logFlowEnergy, relaxedVariances } from './stationary-noise.js';
import type { StandardBlock } from './standard-block.js';

/** The noise of SGD after a number of steps. */
export interface NoiseAtStep extends SgdNoise {
  readonly step: number;
}

/**
 * The noise of SGD with fresh samples from W(0) = 0, step by step: the mean moves along the line, v_α ← μ v_α + dα/dt, α ← α + η v_α, and in every sector x ← x − η w,
 * w ← μ w + Hx + ζ, Cov ζ = C/b, with H and C at the margin of the step. Leading order in η/b, exact in η.
 *
 * `steps` ascend, to 10⁷. Throws UsageError outside the domain, for σ < 0.05, for η/b without a learning rate, and for a rate at which the margin would overshoot α*,
 * ηλ_trivial > 1 − μ. Cost: one or two seconds, at σ = 0.05 and k from 1000 on half a minute for H and C along the line, then some ten microseconds a step.
 */
export function noiseOfSteps(
  model: LineModel,
  rule: SgdRule,
  steps: readonly number[],
  subspace = model.classes,
): NoiseAtStep[] {
  const { ratio, learningRate: eta, momentum: mu } = ruleNumbers(rule);
  checkSubspace(subspace, model);
  checkSteps(steps);
  if (eta === 0) throw new UsageError('steps need a learning rate and a batch, received η/b alone: see noiseAlongFlow');
  const latest = steps.at(-1) ?? 0;
  const clock = marginClock(model);
  const curves = noiseCurves(model, Math.min(clock.optimalMargin, clock.marginAt((1.5 * eta * latest) / (1 - mu)) + 1));
  const fastest = curves(0).trivial.hessian[0]!;
  if (!(eta * fastest <= 1 - mu)) {
    throw new UsageError(
      `the margin overshoots at ηλ > 1 − μ: received η = ${eta}, λ = ${fastest}, μ = ${mu}; use a learning rate of at most ${(1 - mu) / fastest}`,
    );
  }
  let [n, margin, velocity] = [0, 0, 0];
  let state = bySector((sector): StandardBlock => atRest(curves(0)[sector].size * (mu > 0 ? 2 : 1)));
  return steps.map((step) => {
    for (; n < step; n++) {
      const at = curves(margin);
      const before = state;
      state = bySector((sector) => moved(before[sector], at[sector], { eta, mu, variance: eta * ratio }));
      velocity = mu * velocity + clock.rateAt(margin);
      margin = Math.min(clock.optimalMargin, margin + eta * velocity);
    }
    const point = { ...model, margin };
    const covariance = gradientCovariance(point);
    const now = covariance.levels.map(({ level }) => varianceAlong(state, level));
    const variances = { now, stationary: relaxedVariances(covariance, rule), time: (eta * n) / (1 - mu) };
    return { ...sgdNoiseState(covariance, variances, logFlowEnergy(point), subspace), step };
  });
}

function atRest(size: number): StandardBlock {
  return { size, entries: new Float64Array(size * size) };
}

/** The covariance of positions and, with momentum, velocities after a step: M S Mᵀ + N, M = 1 − ηH and N = η²C/b, with momentum M = [1 − ηH, −ημ; H, μ] and N = [η², −η; −η, 1] ⊗ C/b. `variance`: η²/b. */
function moved(
  { size, entries }: StandardBlock,
  { size: n, hessian, covariance }: SectorNoise,
  { eta, mu, variance }: { readonly eta: number; readonly mu: number; readonly variance: number },
): StandardBlock {
  const M = new Float64Array(size * size);
  const next = new Float64Array(size * size);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const unit = i === j ? 1 : 0;
      const h = hessian[i * n + j]!;
      const noise = variance * covariance[i * n + j]!;
      M[i * size + j] = unit - eta * h;
      next[i * size + j] = noise;
      if (size === n) continue;
      M[i * size + n + j] = -eta * mu * unit;
      M[(n + i) * size + j] = h;
      M[(n + i) * size + n + j] = mu * unit;
      next[i * size + n + j] = -noise / eta;
      next[(n + i) * size + j] = -noise / eta;
      next[(n + i) * size + n + j] = noise / eta ** 2;
    }
  }
  for (let i = 0; i < size; i++) {
    for (let l = 0; l < size; l++) {
      let row = 0;
      for (let m = 0; m < size; m++) row += M[i * size + m]! * entries[m * size + l]!;
      for (let j = 0; j < size; j++) next[i * size + j]! += row * M[j * size + l]!;
    }
  }
  return { size, entries: next };
}

function checkSteps(steps: readonly number[]): void {
  if (!steps.every((n, i) => Number.isInteger(n) && n >= (steps[i - 1] ?? 0) && n >= 0 && n <= 1e7)) {
    throw new UsageError(`steps must be ascending integers from 0 to 10000000, received ${steps.join(', ')}`);
  }
}
