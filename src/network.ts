export * from './tensor/autodiff/index.js';
export { nativeRuntime, onnxRuntime, webRuntime, type Runtime } from './tensor/engine/index.js';
export { activation, type Activation } from './loss/network/activations.js';
export { architecture } from './loss/network/architectures.js';
export type { ArchitectureOptions } from './loss/network/architectures/architecture.js';
export type { Context, Mode, WeightProduct } from './loss/network/context.js';
export { atStart, descent, type DescentRule, type DescentState } from './train/descent.js';
export { followedDominance, followedPairs, followedPart, type Direction } from './train/follow.js';
export { layerActivations, type LayerActivationOptions, type LayerOutput } from './loss/network/layer-activations.js';
export { sampleGradientGram, type SampleGradientOptions } from './loss/network/sample-gradient-gram.js';
export { initialParameters } from './loss/network/initial-weights.js';
export * from './loss/network/layers.js';
export {
  crossEntropy,
  nextToken,
  ownOutput,
  rightPredictions,
  squaredError,
  type Loss,
} from './loss/network/losses.js';
export { networkSnapshot, type NetworkMeasurement, type NetworkSnapshotOptions } from './loss/network-snapshot.js';
export type { Rows } from './data/rows.js';
export { buildNetwork, type Network, type NetworkSpec } from './loss/network/network.js';
export { givenModel, type GivenModel, type GivenModelOptions } from './loss/network/onnx-model.js';
export { checkImport, type ImportCheck } from './loss/network/check-import.js';
export { writeOnnx } from './loss/network/onnx-export.js';
export type { ExternalFile } from './tensor/onnx/array.js';
export type { OnnxType } from './tensor/onnx/element-type.js';
export { readOnnx } from './tensor/onnx/read.js';
export { importOnnx, type ImportBindings } from './tensor/onnx/import.js';
export type {
  OnnxArray,
  OnnxAttribute,
  OnnxFunction,
  OnnxGraph,
  OnnxNode,
  OnnxSubgraph,
  OnnxValue,
} from './tensor/onnx/graph.js';
export { objective, type ObjectiveOptions } from './loss/network/objective.js';
export { releasePrograms, type ProgramCache } from './loss/network/program-cache.js';
export type { Curvature, LossPoint, Objective, Trainer } from './loss/objective.js';
export { adamDefaults, initialState, optimizerStep, type Optimizer, type OptimizerState } from './train/optimizer.js';
export {
  papyanParts,
  papyanSplit,
  type ClassGradients,
  type PapyanParts,
  type PapyanSplit,
} from './loss/papyan-split.js';
export type { AnySamples, Samples } from './loss/network/sample-sums.js';
export { batchOf, samplesOf } from './loss/network/samples.js';
export { loadWeights, type Rename } from './train/load-weights.js';
export { parseSafetensors, type Safetensors } from './files/safetensors.js';
export { learningRates, type Schedule } from './train/schedule.js';
export { trainer } from './loss/network/trainer.js';
export { type Job } from './jobs/job.js';
export { type Finished, type ResultStore } from './jobs/result-store.js';
export { type Work, type WorkContext } from './jobs/work.js';
export {
  type ChosenSetting,
  type CommandDefinition,
  type CommandSetting,
  type Inputs,
  type RunEstimate,
  type SettingValue,
  type SweptArguments,
  type SweptCommand,
} from './studies/sweep/command.js';
export { type CheckedDescription, type SweepDescription } from './studies/sweep/description.js';
export { type Engine } from './jobs/engine.js';
export { type Failure } from './jobs/failure.js';
export { localEngine, type LocalOptions } from './jobs/local/local-engine.js';
export { redisEngine, type RedisEngineOptions } from './jobs/redis/redis-engine.js';
export { slurmEngine, type SlurmOptions } from './jobs/slurm/slurm-engine.js';
export { type JobsProgress } from './jobs/run-jobs.js';
export { runSweep, type SweepOptions, type SweepOutcome } from './studies/sweep/run-sweep.js';
export { sweepStatus, type SweepStatus } from './studies/sweep/sweep-status.js';
export { sweepWorker } from './studies/sweep/worker-module.js';
export { sweepRows } from './studies/sweep/gather.js';
export { sweepJsonSchema } from './studies/sweep/json-schema.js';
export { planSweep, type PlannedRun, type SweepPlan } from './studies/sweep/plan.js';
export { type Cell, type ResultColumn, type Table } from './studies/sweep/table.js';
