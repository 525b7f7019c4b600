import { linePoint, marginClock, type NoisyPoint } from '../noise/index.js';
import { gradientHessianOverlap, topFraction } from '../observe/index.js';
import type { SolvedState } from './solve-document.js';

/** Symmetric states at finite noise, at the given margins or, where there are none, times of the flow from W(0) = 0. */
export function noisyStates(
  model: Omit<NoisyPoint, 'margin'>,
  at: { readonly margins?: readonly number[]; readonly times: readonly number[] },
): SolvedState[] {
  const { margins, times } = at;
  const { optimalMargin, marginAt, logTimeAt } = marginClock(model);
  const timeAt = (margin: number): number | null => {
    const time = margin === 0 ? 0 : margin < optimalMargin ? Math.exp(logTimeAt(margin)) : Infinity;
    return Number.isFinite(time) ? time : null;
  };
  return margins === undefined
    ? times.map((time) => noisyState({ ...model, margin: marginAt(time) }, time))
    : margins.map((margin) => noisyState({ ...model, margin }, timeAt(margin)));
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
