export { boundary, smallNoiseLaw, type Boundary, type Crossing } from './boundary.js';
export { marginClock, type MarginClock } from './margin-clock.js';
export { marginPoint, flowTerms, type MarginPoint } from './margin-point.js';
export { softmaxMoment, type Moment, type MomentFactor } from './moments.js';
export {
  noisyLevels,
  type Digits,
  type NoisyLevel,
  type NoisyPoint,
  type NoisySpectrum,
  type Sector,
} from './symmetric-levels.js';
