import { UsageError } from '../../errors.js';
import { checkCorrelation, checkDimensions, checkNoise } from './domain.js';
import { smallSymmetricEigen } from '../../numeric/kernels/small-symmetric-eigen.js';
import { levelCurves, type Graded } from './level-curves.js';
import { marginClock } from './margin-clock.js';
import { noiselessResponse } from './noiseless-response.js';
import { propagate, relativeTolerance, type Propagation } from './propagation.js';
import type { ResponseMode, ResponseState } from './response-state.js';

/** k classes of equiangular means with inner product ρ (`correlation`, 0 if left out) in d features, of noise σ. */
export interface ResponseModel {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  readonly correlation?: number;
}

/**
 * First-order response to W(0) = δ about the symmetric flow: δ_s′ = −λ_s(α(t)) δ_s for each sector, a 2×2 system for standard.
 *
 * The gradient is −(dα/dt) ∂W/∂α + H δ, and a deviation also turns the eigenvectors: by H′[δ] ∂W/∂α = (dH/dα) δ, the third
 * derivative being symmetric, the component of the gradient on the perturbed eigenvectors of a level λ_s is
 *   c_s = [λ_s + α̇ (dλ_s/dα)/(λ_trivial − λ_s)] δ_s,
 * exact to first order in δ, so that 1 − f_top(m) = Σ_below ‖c_s‖²/‖G‖² is exact to second. (Between levels on the same side of the
 * cut the turning does not matter.) It holds while δ is small against
 * the gaps: not within t ~ δ of the start, where all sectors are degenerate, nor at a crossing.
 *
 * Times ascend. Without noise (σ = 0) it is a closed form: noiselessResponse. Throws UsageError outside the domain, or for 0 < σ < 0.02,
 * where α* is out of the flow's reach.
 * Cost: about a second for the curves, then milliseconds.
 */
export function linearResponse(model: ResponseModel, times: readonly number[]): ResponseState[] {
  const { classes: k, dim, noise, correlation = 0 } = model;
  if (!times.every((time) => time > 0)) {
    throw new UsageError(
      `times must be positive, received ${times[0]!}: at W = 0 all levels coincide, and nothing is linear`,
    );
  }
  if (noise === 0 && correlation === 0) return noiselessResponse(k, dim, times);
  checkNoise(k, noise);
  checkDimensions(k, dim);
  checkCorrelation(k, correlation);
  if (noise < 0.02) {
    throw new UsageError(
      `linear response needs noise of at least 0.02, or none, received ${noise}: below it curvatures underflow`,
    );
  }
  const latest = times.at(-1) ?? 0;
  const clock = marginClock({ classes: k, noise, correlation }, 1.01 * latest);
  const curves = levelCurves({ classes: k, noise, correlation }, clock.marginAt(latest));
  const s = Math.sqrt(1 - correlation);
  const multiplicities = {
    symmetric: k > 3 ? (k * (k - 3)) / 2 : 0,
    antisymmetric: ((k - 1) * (k - 2)) / 2,
    bulk: (k - 1) * (dim - k),
  };
  const propagations = propagate(curves, clock, times, {
    differences: k > 2,
    symmetric: multiplicities.symmetric > 0,
    antisymmetric: multiplicities.antisymmetric > 0,
    bulk: multiplicities.bulk > 0,
  });
  return propagations.map(({ time, margin, rate, logUnit, exponents, propagator }): ResponseState => {
    const levels = curves.at(margin);
    const speed = rate * Math.exp(logUnit);
    const decay = {
      symmetric: Math.exp(-exponents[0]),
      antisymmetric: Math.exp(-exponents[1]),
      bulk: Math.exp(-exponents[2]),
    };
    const turned = ({ value, slope }: Graded): number => value + (speed * slope) / (levels.trivial.value - value);
    const single = (sector: keyof typeof multiplicities): ResponseMode => ({
      sector,
      multiplicity: multiplicities[sector],
      level: levels[sector].value,
      plain: [levels[sector].value * decay[sector]],
      turned: [turned(levels[sector]) * decay[sector]],
    });
    const modes = [
      ...standardModes(k, levels.standard, levels.trivial.value, speed, propagator),
      single('symmetric'),
      single('antisymmetric'),
      single('bulk'),
    ].filter(({ multiplicity }) => multiplicity > 0);
    return {
      time,
      margin,
      logUnit,
      gradientNorm: rate * s * Math.sqrt(k - 1),
      trivialLevel: levels.trivial.value,
      modes,
      decay,
      propagator,
    };
  });
}

/** Both standard levels: with e an eigenvector of the block M, the component is eᵀ[M + α̇ M′/(λ_trivial − λ)] P δ(0). */
function standardModes(
  k: number,
  [mm, md, dd]: readonly [Graded, Graded, Graded],
  trivialLevel: number,
  rate: number,
  [p11, p12, p21, p22]: Propagation['propagator'],
): ResponseMode[] {
  const modes = (level: number, x: number, y: number) => {
    const turning = rate / (trivialLevel - level);
    const row = (extra: number): readonly number[] => {
      const along = x * (mm.value + extra * mm.slope) + y * (md.value + extra * md.slope);
      const across = x * (md.value + extra * md.slope) + y * (dd.value + extra * dd.slope);
      return k === 2 ? [along * p11] : [resolvedSum(along * p11, across * p21), resolvedSum(along * p12, across * p22)];
    };
    return { multiplicity: k - 1, level, plain: row(0), turned: row(turning) };
  };
  if (k === 2) return [{ sector: 'standard+', ...modes(mm.value, 1, 0) }];
  const { values, vectors } = smallSymmetricEigen(Float64Array.of(mm.value, md.value, md.value, dd.value), 2);
  return [
    { sector: 'standard+', ...modes(values[0]!, vectors[0]!, vectors[1]!) },
    { sector: 'standard-', ...modes(values[1]!, vectors[2]!, vectors[3]!) },
  ];
}

/** x + y, and 0 where what they leave of each other is below the accuracy of the propagator that they are made of. */
function resolvedSum(x: number, y: number): number {
  const sum = x + y;
  return Math.abs(sum) < relativeTolerance * (Math.abs(x) + Math.abs(y)) ? 0 : sum;
}
