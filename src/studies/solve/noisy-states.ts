import { flowLogTime, linePoint, marginClock, type NoisyPoint } from '../../exact/noisy/index.js';
import { gradientHessianOverlap } from '../../observe/gradient-hessian-overlap.js';
import { topFraction } from '../../observe/top-fraction.js';
import type { SolvedState } from './solve-document.js';

/** Symmetric states at finite noise, at the given margins or, where there are none, times of the flow from W(0) = 0. */
export function noisyStates(
  model: Omit<NoisyPoint, 'margin'>,
  at: { readonly margins?: readonly number[]; readonly times: readonly number[] },
): SolvedState[] {
  const { margins, times } = at;
  if (margins !== undefined) return margins.map((margin) => noisyState({ ...model, margin }, timeAt(model, margin)));
  const { marginAt } = marginClock(model, Math.max(1e-200, ...times));
  return times.map((time) => noisyState({ ...model, margin: marginAt(time) }, time));
}

/** When the flow passes a margin; null where that is never, or later than 1e300. */
function timeAt(model: Omit<NoisyPoint, 'margin'>, margin: number): number | null {
  const optimal = 1 / model.noise ** 2;
  if (margin === 0) return 0;
  if (!(margin < optimal)) return null;
  const logTime = margin <= 0.9 * optimal ? flowLogTime(model, margin) : marginClock(model).logTimeAt(margin);
  const time = Math.exp(logTime);
  return time <= 1e300 ? time : null;
}

function noisyState(point: NoisyPoint, time: number | null): SolvedState {
  const { spectrum, scalars, snapshot } = linePoint(point);
  const { classes: k } = point;
  const { gap, ...fraction } = topFraction(snapshot, k);
  return {
    time,
    margin: point.margin,
    marginRate: scalars.marginRate,
    loss: scalars.loss,
    error: scalars.error,
    gradientNorm: scalars.gradientNorm,
    relativeError: scalars.relativeError,
    levels: spectrum.levels.map(({ sector, value, multiplicity, relativeError }) => ({
      sector,
      value,
      multiplicity,
      relativeError,
    })),
    rank: spectrum.levels.reduce((sum, { ratio, multiplicity }) => sum + (ratio > 0 ? multiplicity : 0), 0),
    topFraction: { ...fraction, gap: gap * Math.exp(spectrum.logUnit) },
    overlapGradientHessianGradient: gradientHessianOverlap(snapshot),
  };
}
