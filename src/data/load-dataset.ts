import { DataError, UsageError } from '../errors.js';
import { availableMemory } from '../files/available-memory.js';
import type { FloatArray, Precision } from '../numeric/kernels/float-array.js';
import {
  isImageDataSet,
  type ImageDataSet,
  type OpenedData,
  type RawInputs,
  type SampledDataSet,
  type Split,
} from './data-set.js';
import { dataSetOf, type DataSource } from './data-source.js';
import { datasetInPrecision, outputCount, type Dataset } from './dataset.js';
import { imageDataset } from './image-dataset.js';
import { fitPixelScale, scalePixels, type PixelScaling } from './pixel-scale.js';
import { withRandomLabels } from './random-labels.js';
import { heldInputs, type Rows } from './rows.js';
import { firstSamples, keepClasses, randomSubset } from './select-samples.js';

/** What is made of a data set before training, in this order. What is left out is not done. */
export interface DatasetChoices {
  /** Classes to keep, relabelled 0 … k − 1. */
  readonly keepClasses?: readonly number[];
  /** How many training samples to use, */
  readonly samples?: number;
  /** the first ones or drawn at random. */
  readonly subset?: 'first' | 'random';
  readonly randomLabels?: boolean;
  readonly pixels: PixelScaling;
  readonly precision: Precision;
  /** Keys what is sampled, random subsets and random labels. */
  readonly seed: number;
}

/** A data set as it is trained on, and its test split. */
export interface LoadedData<Inputs extends FloatArray | Rows = FloatArray> {
  readonly train: Dataset<Inputs>;
  /** The test split, where there is one, read when asked for: all its samples of the same classes, in the same scale, with true labels. */
  readonly test: (() => Dataset<Inputs>) | null;
}

/**
 * The data a source names, with what was chosen: classes, then samples, then labels, then the pixel scale, fitted to the training
 * images that are left. Whatever was done is in the record of each.
 *
 * Throws UsageError for choices the source does not have, DataError for files that are missing or damaged.
 */
export function loadDataset(source: DataSource, choices: DatasetChoices): LoadedData {
  const { train, test } = openDataset(source, choices, Infinity);
  return { train: inMemory(train), test: test && (() => inMemory(test())) };
}

/**
 * The same where inputs that would take more than half of the memory there is, and can be read by rows, are read when they are used. Their numbers are
 * the same. Throws as loadDataset does.
 */
export function openDataset(
  source: DataSource,
  choices: DatasetChoices,
  available = availableMemory(),
): LoadedData<FloatArray | Rows> {
  const set = dataSetOf(source);
  if (set.isSampled) return sampled(set, source, choices);
  const { train, test } = chosen(isImageDataSet(set) ? openImages(set, source) : set.open(source), source, choices);
  const fitting = (data: Dataset<FloatArray | Rows>): Dataset<FloatArray | Rows> =>
    isStreamed(data.inputs.length, choices.precision, available) ? data : inMemory(data);
  return { train: fitting(train), test: test && (() => fitting(test())) };
}

/** Whether so many numbers are read when they are used, where they can be. */
export function isStreamed(numbers: number, precision: Precision, available: number): boolean {
  return numbers * (precision === 'f32' ? 4 : 8) > available / 2;
}

function inMemory(data: Dataset<FloatArray | Rows>): Dataset {
  return { ...data, inputs: heldInputs(data.inputs) };
}

function sampled(set: SampledDataSet, source: DataSource, choices: DatasetChoices): LoadedData {
  const { seed, precision, pixels } = choices;
  if (pixels !== 'unit') throw noPixels(source.kind, pixels);
  if (choices.keepClasses !== undefined || choices.samples !== undefined || choices.subset !== undefined) {
    throw new UsageError(
      `a subset was asked of ${source.kind}, which is sampled: give it the size and the classes wanted; subsets are for images`,
    );
  }
  const all = set.sample(source, seed);
  const labelled = choices.randomLabels === true ? withRandomLabels<Float64Array>(all, seed) : all;
  const test = set.sampleTest?.(source, seed) ?? null;
  return {
    train: datasetInPrecision<FloatArray>(labelled, precision),
    test: test && (() => datasetInPrecision<FloatArray>(test, precision)),
  };
}

const noPixels = (name: string, pixels: PixelScaling): UsageError =>
  new UsageError(`${pixels} pixels were asked of ${name}, which has none; leave pixels at unit`);

function openImages(set: ImageDataSet, source: DataSource): OpenedData {
  const load = (split: Split): Dataset<Uint8Array> =>
    imageDataset(set.load(split, source), set.nameOf?.(source) ?? set.name, split);
  return { train: load('train'), test: () => load('test'), isPixels: true };
}

function chosen(opened: OpenedData, { kind }: DataSource, choices: DatasetChoices): LoadedData<FloatArray | Rows> {
  const { keepClasses: keep, samples, subset = 'first', pixels, precision, seed } = choices;
  if (!opened.isPixels && pixels !== 'unit') throw noPixels(kind, pixels);
  const kept = (data: Dataset<RawInputs>): Dataset<RawInputs> => (keep === undefined ? data : keepClasses(data, keep));
  const all = kept(opened.train);
  const count = samples ?? all.samples;
  const some = subset === 'first' ? firstSamples(all, count) : randomSubset(all, count, seed);
  const train = choices.randomLabels === true ? withRandomLabels(some, seed) : some;
  const scale = opened.isPixels ? fitPixelScale(train, pixels) : undefined;
  const numbers = (data: Dataset<RawInputs>): Dataset<FloatArray | Rows> =>
    scale === undefined
      ? datasetInPrecision(data as Dataset<FloatArray | Rows>, precision)
      : scalePixels(data, scale, precision);
  const { test } = opened;
  return { train: numbers(train), test: test && (() => numbers(likeTraining(kept(test()), all))) };
}

/** Test samples of the kind of the training samples, of whose classes and tokens they may lack the last. Throws DataError if they differ. */
function likeTraining(test: Dataset<RawInputs>, train: Dataset<RawInputs>): Dataset<RawInputs> {
  const [targets, wanted] = [test.targets, train.targets];
  const isAlike =
    targets.kind === wanted.kind &&
    String(test.inputShape) === String(train.inputShape) &&
    (test.vocabulary ?? 0) <= (train.vocabulary ?? 0) &&
    (targets.kind === 'values' ? outputCount(test) === outputCount(train) : outputCount(test) <= outputCount(train));
  if (!isAlike) {
    throw new DataError(
      `${train.name}: training ${described(train)}, but test ${described(test)}; point to a folder whose files belong together`,
    );
  }
  return {
    ...test,
    ...(train.vocabulary === undefined ? {} : { vocabulary: train.vocabulary }),
    targets: 'classes' in targets && 'classes' in wanted ? { ...targets, classes: wanted.classes } : targets,
  };
}

function described(data: Dataset<RawInputs>): string {
  const { inputShape, targets, vocabulary } = data;
  const tokens = vocabulary === undefined ? '' : ` of ${vocabulary} tokens`;
  const shape = `${inputShape.length === 3 ? 'images' : 'samples'} of shape ${inputShape.join('×')}${tokens}`;
  if (targets.kind === 'none') return shape;
  const what = { classes: 'classes', labels: 'labels for a token', values: 'numbers to predict' }[targets.kind];
  return `${shape} with ${outputCount(data)} ${what}`;
}
