export { biasLevels, biasSnapshot, biasSnapshotAt } from './bias.js';
export { classClock, clockTime, type ClassClock } from './class-clock.js';
export { classEigenpairs, type ClassEigenpair } from './class-spectrum.js';
export { exactFlow, type ExactFlow, type ExactState } from './exact-flow.js';
export { exactEigenpairs, exactSnapshot, type ExactEigenpair } from './exact-snapshot.js';
export { gradientDescentMargins, stabilityLimit } from './gradient-descent.js';
export { joinWeights, randomWeights, splitWeights, type SplitWeights } from './initial-weights.js';
export { relativeLevelError, type SectorLevel } from './sector-level.js';
export {
  marginRate,
  symmetricLevels,
  symmetricPoint,
  symmetricPointAtMargin,
  type SymmetricPoint,
} from './symmetric.js';
export { symmetricSnapshot, symmetricSnapshotAt } from './symmetric-snapshot.js';
export { lateTimeGradient, lateTimeHessian, lateTimeWeights, printedGradient } from './two-classes.js';
export { noiselessSgdNoise, type NoiselessSgdNoise } from './sgd-noise.js';
