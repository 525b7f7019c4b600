export * from '../autodiff/index.js';
export { nativeRuntime, onnxRuntime, webRuntime, type Runtime } from '../engine/index.js';
export { architecture, type ArchitectureOptions } from './architectures.js';
export type { Context, Mode } from './context.js';
export type { Curvature } from './curvature-graphs.js';
export { followedDominance, followedPairs, followedPart, type Direction } from './follow.js';
export { initialParameters } from './initial-weights.js';
export {
  activation,
  averagePooling,
  batchNorm,
  convolution,
  dense,
  dropout,
  flatten,
  globalAveragePooling,
  maxPooling,
  residual,
  sequential,
  type Activation,
  type Layer,
} from './layers.js';
export { crossEntropy, squaredError, type Loss } from './losses.js';
export { networkSnapshot, type NetworkMeasurement, type NetworkSnapshotOptions } from './network-snapshot.js';
export { buildNetwork, type Network, type NetworkSpec } from './network.js';
export {
  objective,
  releasePrograms,
  type LossPoint,
  type Objective,
  type ObjectiveOptions,
  type ProgramCache,
} from './objective.js';
export { adamDefaults, initialState, optimizerStep, type Optimizer, type OptimizerState } from './optimizer.js';
export { papyanParts, papyanSplit, type ClassGradients, type PapyanParts, type PapyanSplit } from './papyan-split.js';
export type { Samples } from './sample-sums.js';
export { batchOf, samplesOf } from './samples.js';
export { learningRates, type Schedule } from './schedule.js';
export { trainer, type Trainer } from './trainer.js';
