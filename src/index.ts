export * from './data/features.js';
export { sampleMixture, type GaussianMixture } from './data/gaussian-mixture.js';
export { batchSchedule } from './data/batch-schedule.js';
export { imageData, type ImageData } from './data/image-data.js';
export type { ImageSet } from './data/images.js';
export { formatIdx, parseIdx, type IdxArray } from './data/idx.js';
export type { PixelScaling } from './data/pixel-scale.js';
export { loadMnist, mnistIsAvailable, type MnistSplit } from './data/mnist.js';
export { DataError, NumericalError, TinySubspaceError, UsageError } from './errors.js';
export * from './dynamics/index.js';
export * from './flow/index.js';
export * from './model/index.js';
export * from './noise/index.js';
export * from './population/index.js';
export {
  blockLanczos,
  blockLanczosAsync,
  type BlockLanczosOptions,
  type BlockLanczosResult,
  type StopRule,
} from './numeric/block-lanczos.js';
export { denseEigen } from './numeric/dense-eigen.js';
export type { EigenPairs } from './numeric/eigen-pairs.js';
export { eigenspaceTilt, type TiltEvidence } from './numeric/eigenspace-tilt.js';
export { energyBounds, energyBoundsAcross, type EnergyBounds, type RitzEvidence } from './numeric/energy-bounds.js';
export { hutchPlusPlus, hutchPlusPlusAsync, type TraceEstimate, type TraceOptions } from './numeric/hutch-plus-plus.js';
export { randomStream, type RandomStream } from './numeric/random.js';
export { type Estimate } from './numeric/confidence-interval.js';
export { densityCurve, type DensityCurve } from './numeric/density-curve.js';
export { cumulativeDensity, spectralAverage, spectralDensity, spectralMoment } from './numeric/spectral-average.js';
export {
  stochasticLanczosQuadrature,
  stochasticLanczosQuadratureAsync,
  type ProbeQuadrature,
  type QuadratureOptions,
  type SpectralQuadrature,
} from './numeric/stochastic-lanczos-quadrature.js';
export type { AsyncSymmetricOperator, SymmetricOperator } from './numeric/symmetric-operator.js';
export * from './observe/index.js';
export {
  regressionSnapshot,
  type RegressionMeasurement,
  type SnapshotOptions,
} from './regression/regression-snapshot.js';
export { sgdStep } from './regression/sgd.js';
export { batchGradient, regressionPoint, type RegressionPoint } from './regression/softmax-regression.js';
export { loadDataset, type DatasetChoices, type LoadedData } from './data/load-dataset.js';
export { parseDataSource, type DataSource } from './data/data-source.js';
export type { Dataset, DatasetRecord } from './data/dataset.js';
export { mixtureDataset, toLabelledData } from './data/labelled-data.js';
export { formatSafetensors, parseSafetensors, type Safetensors } from './data/safetensors.js';
export { checkTrainConfig, trainDefaults, trainJsonSchema, type TrainConfig } from './run/train-config.js';
export type { TrainDocument, TrainRecord } from './run/train-document.js';
export { train, type TrainOptions } from './run/train.js';
export { spectrum, type SpectrumDocument, type SpectrumOptions } from './run/spectrum.js';
export { measure, type MeasureOptions } from './run/measure.js';
export { mnistDefaults, type MeasureConfig } from './run/measure-config.js';
export type { MeasureDocument, MeasureRecord, MeasureRun, MeasureSummary } from './run/measure-document.js';
export { version } from './version.js';
