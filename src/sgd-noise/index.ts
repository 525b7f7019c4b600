export {
  expectedFraction,
  gaussianFraction,
  gaussianOverlap,
  type GaussianMoments,
  type GradientLevel,
} from './gaussian-gradient.js';
export type { SgdRule } from './rule.js';
export { shuffledVariance, type ShuffledVariance } from './shuffled.js';
export { noiseGain, stationaryEnergy, stationaryVariance } from './stationary.js';
export { varianceAfter } from './transient.js';
export { updateCovariance, type SteppedRule, type UpdateWindow } from './update-covariance.js';
