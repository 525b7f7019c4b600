export type { DescentConfig, DescentMethod, DescentRecord } from './descent-config.js';
export { finiteSample, type FiniteSample } from './finite-sample.js';
export { descend } from './subspace-descent.js';
export { lineBlocks, type LineBlock, type LineBlocks } from './line-blocks.js';
export { noiseAlong, type LineMode, type ExcursionState } from './noise-recursion.js';
export { predictedRecord, predictedRun, type PredictedRecord } from './predicted-run.js';
export { noiseScaling, type NoiseDeviation, type NoiseScaling } from './noise-scaling.js';
export { runsStudy, type RunsStudy, type RunsStudyRecord, type PredictedQuantity } from './runs-study.js';
export type { SgdPathConfig } from './sgd-path.js';
