export * from './data/features.js';
export { sampleMixture, type GaussianMixture } from './data/gaussian-mixture.js';
export { batchSchedule } from './data/batch-schedule.js';
export { imageData, type ImageData } from './data/image-data.js';
export type { ImageSet } from './data/images.js';
export { formatIdx, parseIdx, type IdxArray } from './data/idx.js';
export type { PixelScaling } from './data/pixel-scale.js';
export { loadMnist, mnistIsAvailable } from './data/mnist.js';
export type { Split } from './data/data-set.js';
export { DataError, NumericalError, TinySubspaceError, UsageError } from './errors.js';
export * from './studies/simulate/index.js';
export * from './exact/flow/index.js';
export * from './exact/noiseless/index.js';
export * from './exact/noisy/index.js';
export { gradientFactors, type FactorLevel, type GradientFactors } from './exact/noisy/gradient-factors.js';
export { gradientMoment, type MomentLevel } from './exact/noisy/gradient-moment.js';
export * from './exact/population/index.js';
export {
  blockLanczos,
  blockLanczosAsync,
  type BlockLanczosOptions,
  type BlockLanczosResult,
  type StopRule,
} from './numeric/lanczos/block-lanczos.js';
export { denseEigen } from './numeric/kernels/dense-eigen.js';
export type { EigenPairs } from './numeric/lanczos/eigen-pairs.js';
export { eigenspaceTilt, type TiltEvidence } from './numeric/lanczos/eigenspace-tilt.js';
export {
  energyBounds,
  energyBoundsAcross,
  type EnergyBounds,
  type RitzEvidence,
} from './numeric/lanczos/energy-bounds.js';
export {
  hutchPlusPlus,
  hutchPlusPlusAsync,
  type TraceEstimate,
  type TraceOptions,
} from './numeric/traces/hutch-plus-plus.js';
export { randomStream, type RandomStream } from './numeric/random.js';
export { batchMeans, type BatchMean } from './numeric/statistics/batch-means.js';
export { type Estimate } from './numeric/statistics/confidence-interval.js';
export { densityCurve, type DensityCurve } from './numeric/traces/density-curve.js';
export {
  cumulativeDensity,
  spectralAverage,
  spectralDensity,
  spectralMoment,
} from './numeric/traces/spectral-average.js';
export {
  stochasticLanczosQuadrature,
  stochasticLanczosQuadratureAsync,
  type ProbeQuadrature,
  type QuadratureOptions,
  type SpectralQuadrature,
} from './numeric/traces/stochastic-lanczos-quadrature.js';
export type { AsyncSymmetricOperator, SymmetricOperator } from './numeric/kernels/symmetric-operator.js';
export * from './observe/index.js';
export { covarianceSpectrum, gramSpectrum, rankMe, leadingShare } from './observe/matrix-spectrum.js';
export { powerLaw, rankWindows, type PowerLaw, type RankWindow } from './observe/power-law.js';
export { klShampooStep, kroneckerStart, shampooTerm, type KroneckerFactors } from './observe/kronecker-factors.js';
export {
  flatnessCosts,
  flatnessGap,
  spikeAndFlat,
  spikeRank,
  type SpikeAndFlat,
  type SpikeRank,
} from './observe/spike-and-flat.js';
export * from './sgd-noise/index.js';
export {
  gradientNoise,
  type GradientNoise,
  type NoiseProbe,
  type NoiseProbeOptions,
  type RestNoise,
} from './loss/noise/gradient-noise.js';
export { type DrawnSteps } from './loss/noise/drawn-laws.js';
export {
  noiseNull,
  type AtBothEnds,
  type NoiseEnergy,
  type NoiseLaws,
  type NoiseNull,
} from './loss/noise/noise-null.js';
export { restTraces, type RestTraces } from './loss/noise/rest-traces.js';
export {
  regressionSnapshot,
  type RegressionMeasurement,
  type SnapshotOptions,
} from './loss/softmax/regression-snapshot.js';
export { batchGradient, batchPoint, regressionPoint, type RegressionPoint } from './loss/softmax/softmax-regression.js';
export { loadDataset, type DatasetChoices, type LoadedData } from './data/load-dataset.js';
export { parseDataSource, type DataSource } from './data/data-source.js';
export type { Dataset, DatasetRecord } from './data/dataset.js';
export type { Rows } from './data/rows.js';
export { toLabelledData } from './data/labelled-data.js';
export { mixtureDataset } from './data/mixture.js';
export { formatSafetensors, parseSafetensors, type Safetensors } from './files/safetensors.js';
export {
  checkTrainConfig,
  defaultsFor,
  trainDefaults,
  trainJsonSchema,
  type TrainConfig,
} from './train/train-config.js';
export { loadRun, type RecordedRun } from './train/load-run.js';
export { columnsOf, recordsCsv, type NamedColumn } from './train/observables/columns.js';
export { observables } from './train/observables/index.js';
export type { Measured } from './train/observables/measured.js';
export { observable, type Column, type Observable } from './train/observables/observable.js';
export { recordJsonSchema, type RecordOf } from './train/observables/record.js';
export { trainingRevision } from './train/revision.js';
export type { StopReason, TrainDocument, TrainRecord } from './train/train-document.js';
export { train, type TrainOptions } from './train/train.js';
export * from './studies/sweep/table/index.js';
export {
  spectrum,
  type BlockSpectrum,
  type GradientAtWeights,
  type NoiseAtWeights,
  type SpectrumDocument,
  type SpectrumOptions,
} from './studies/spectrum/spectrum.js';
export {
  subsetSpectra,
  type SubsetDocument,
  type SubsetOptions,
  type SubsetSpectrum,
} from './studies/spectrum/subset-spectra.js';
export { exportNetwork, type ExportDocument, type ExportOptions } from './studies/spectrum/exported-network.js';
export { type ModelFile } from './models/model.js';
export { type ModelModule, type ModuleOptions } from './models/module-model.js';
export { type NoiseArm } from './studies/noise/arms.js';
export { type DirectionTest, type EnergyTest } from './studies/noise/energy-test.js';
export { type LawEnergies, type PredictedEnergies } from './studies/noise/noise-laws.js';
export {
  noiseStudy,
  standardArms,
  type NoiseArmResult,
  type NoiseStudy,
  type NoiseStudyOptions,
} from './studies/noise/noise-study.js';
export { type ArmSummary, type LawSummary, type MeanOfSteps, type NoiseMeasurement } from './studies/noise/summary.js';
export { paperOverlap, softmaxDefaults } from './train/softmax-case.js';
export { softmaxObjective, softmaxTrainer, type SoftmaxOptions } from './loss/softmax/softmax-objective.js';
export { type Pausing } from './numeric/kernels/pausing.js';
export { version } from './version.js';
