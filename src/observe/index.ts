export { dominance, pastFractions, type Dominance, type PastFraction } from './dominance.js';
export { energyFraction, type EnergyFraction } from './energy-fraction.js';
export { gradientHessianOverlap } from './gradient-hessian-overlap.js';
export { klShampooStep, kroneckerStart, shampooTerm, type KroneckerFactors } from './kronecker-factors.js';
export { matrixDimension, type DenseMatrix, type MatrixDimension } from './matrix-dimension.js';
export { measuredSpectrum } from './measured-spectrum.js';
export { linearSpectrumOverlapNull, randomFractionNull, randomOverlapNull } from './null-values.js';
export { predictedChange, type ChangeRange, type PredictedChange } from './predicted-change.js';
export type { Snapshot } from './snapshot.js';
export { effectiveDimension, effectiveRank, participationRatio } from './spectral-dimension.js';
export type { Level, Spectrum } from './spectrum.js';
export {
  flatnessCosts,
  flatnessGap,
  spikeAndFlat,
  spikeRank,
  type SpikeAndFlat,
  type SpikeRank,
} from './spike-and-flat.js';
export { subspaceOverlap, type SubspaceOverlap } from './subspace-overlap.js';
export { topFraction, type TopFraction } from './top-fraction.js';
export { updateSpectrum, type UpdateSpectrum } from './update-spectrum.js';
