export { gradientHessianOverlap } from './gradient-hessian-overlap.js';
export { measuredSpectrum } from './measured-spectrum.js';
export { linearSpectrumOverlapNull, randomFractionNull, randomOverlapNull } from './null-values.js';
export type { Snapshot } from './snapshot.js';
export { effectiveRank, participationRatio } from './spectral-dimension.js';
export type { Level, Spectrum } from './spectrum.js';
export { subspaceOverlap, type SubspaceOverlap } from './subspace-overlap.js';
export { topFraction, type TopFraction } from './top-fraction.js';
