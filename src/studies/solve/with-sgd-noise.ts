import { noiselessSgdNoise } from '../../exact/noiseless/sgd-noise.js';
import { symmetricPoint, symmetricPointAtMargin } from '../../exact/noiseless/symmetric.js';
import { noiseAlongFlow, stationaryNoise, type LineModel, type SgdNoise } from '../../exact/noisy/index.js';
import type { SgdRule } from '../../sgd-noise/rule.js';
import type { SolvedNoise, SolvedState } from './solve-document.js';

/** The states of `solve` with the noise of SGD in them: relaxed at the given margins or, where there are none, along the flow. */
export function withSgdNoise(
  states: readonly SolvedState[],
  model: LineModel,
  rule: SgdRule,
  at: { readonly margins?: readonly number[]; readonly times: readonly number[] },
): SolvedState[] {
  if (model.noise === 0)
    return states.map((state) => withoutNoiseInData(state, model.classes, rule, at.margins !== undefined));
  const noises =
    at.margins?.map((margin) => stationaryNoise({ ...model, margin }, rule)) ?? alongFlow(model, rule, at.times);
  return states.map((state, i) => withNoise(state, noises[i]!));
}

/** At times in any order. */
function alongFlow(model: LineModel, rule: SgdRule, times: readonly number[]): SgdNoise[] {
  const ascending = [...new Set(times)].sort((x, y) => x - y);
  const found = noiseAlongFlow(model, rule, ascending);
  return times.map((time) => found[ascending.indexOf(time)]!);
}

function withNoise(state: SolvedState, { levels, ...noise }: SgdNoise): SolvedState {
  return {
    ...state,
    levels: state.levels.map((level, i) => {
      const { covariance, covarianceError, gradientEnergy } = levels[i]!;
      return { ...level, covariance, covarianceError, gradientEnergy };
    }),
    noise: summary(noise),
  };
}

function summary({ gradientEnergy, topFraction, overlap, overlapSpread, secondOrder }: SolvedNoise): SolvedNoise {
  return { gradientEnergy, topFraction, overlap, overlapSpread, secondOrder };
}

/** Without noise in the data flow and noise lie in one level, the gradient's: f_top and overlap are those of the flow. */
function withoutNoiseInData(state: SolvedState, k: number, rule: SgdRule, isAtRest: boolean): SolvedState {
  const point = isAtRest ? symmetricPointAtMargin(k, state.margin!) : symmetricPoint(k, state.time!);
  const { covariance, gradientEnergy, secondOrder } = noiselessSgdNoise(point, rule, isAtRest ? 'rest' : 'flow');
  const { lower, upper } = state.topFraction;
  return {
    ...state,
    levels: state.levels.map((level) => {
      const isGradient = level.sector === 'gradient';
      return {
        ...level,
        covariance: isGradient ? (covariance * (k - 1)) / k : 0,
        covarianceError: isGradient ? state.relativeError : 0,
        gradientEnergy: isGradient ? gradientEnergy.flow + gradientEnergy.noise : 0,
      };
    }),
    noise: {
      gradientEnergy,
      topFraction: { lower, upper, stationary: { lower, upper } },
      overlap: 1,
      overlapSpread: 0,
      secondOrder,
    },
  };
}
