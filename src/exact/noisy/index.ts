export { boundary, firstCrossing, smallNoiseLaw, type Boundary, type Crossing } from './boundary.js';
export { noiseAlongFlow, type NoiseAtTime } from './noise-along-flow.js';
export { noisePath, type NoisePath, type PathVariances } from './noise-path.js';
export { noiseTakeover, type NoiseTakeover } from './noise-takeover.js';
export { noisePhase, type NoisePhaseOptions, type NoisePhasePoint, type NoisePhaseRow } from './noise-phase.js';
export { noiseOfSteps, type NoiseAtStep } from './noise-of-steps.js';
export type { LineModel, NoiseCurves, SectorNoise } from './noise-curves.js';
export { stationaryNoise } from './stationary-noise.js';
export type { SgdNoise, SgdNoiseLevel } from './sgd-noise-state.js';
export { classCosine, type ClassCosine } from './class-cosine.js';
export { gradientCovariance, type CovarianceLevel, type GradientCovariance } from './gradient-covariance.js';
export { flowLogTime } from './flow-time.js';
export { marginClock, type MarginClock } from './margin-clock.js';
export { marginPoint, noisyMarginRate, flowTerms, type MarginPoint } from './margin-point.js';
export { noisySnapshot } from './noisy-snapshot.js';
export {
  phaseDiagram,
  type PhaseCrossing,
  type PhaseDiagramOptions,
  type PhasePoint,
  type PhaseRow,
} from './phase-diagram.js';
export { softmaxMoment, type Moment, type MomentFactor } from './moments.js';
export {
  noisyLevels,
  type Digits,
  type NoisyLevel,
  type NoisyPoint,
  type NoisySpectrum,
  type Sector,
} from './symmetric-levels.js';
export { noiselessResponse } from './noiseless-response.js';
export { sectorName } from './sector-name.js';
export { linearResponse, type ResponseModel } from './linear-response.js';
export type { ResponseMode, ResponseState } from './response-state.js';
export { collapse, collapses, type Collapse, type CollapseState, type CollapseWindow } from './response-statistics.js';
export { linePoint, type LinePoint } from './line-snapshot.js';
export { joinSectors, splitSectors, type SectorParts } from './sectors.js';
