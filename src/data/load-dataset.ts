import { DataError, UsageError } from '../errors.js';
import type { Precision } from '../numeric/kernels/float-array.js';
import type { ImageDataSet, Split } from './data-set.js';
import { dataSetOf, type DataSource } from './data-source.js';
import { classTargets, datasetInPrecision, type Dataset } from './dataset.js';
import { imageDataset } from './image-dataset.js';
import { fitPixelScale, scalePixels, type PixelScaling } from './pixel-scale.js';
import { withRandomLabels } from './random-labels.js';
import { firstSamples, keepClasses, randomSubset } from './select-samples.js';

/** What is made of a data set before training, in this order. What is left out is not done. */
export interface DatasetChoices {
  /** Classes of images to keep, relabelled 0 … k − 1. */
  readonly keepClasses?: readonly number[];
  /** How many training images to use, */
  readonly samples?: number;
  /** the first ones or drawn at random. */
  readonly subset?: 'first' | 'random';
  readonly randomLabels?: boolean;
  readonly pixels: PixelScaling;
  readonly precision: Precision;
  /** Keys the mixture, the sine, random subsets and random labels. */
  readonly seed: number;
}

/** A data set as it is trained on, and its test split. */
export interface LoadedData {
  readonly train: Dataset;
  /** Images have a test split, read when asked for: all its samples of the same classes, in the same scale, with true labels. */
  readonly test: (() => Dataset) | null;
}

/**
 * The data a source names, with what was chosen: classes, then samples, then labels, then the pixel scale, fitted to the training
 * images that are left. Whatever was done is in the record of each.
 *
 * Throws UsageError for choices the source does not have, DataError for files that are missing or damaged.
 */
export function loadDataset(source: DataSource, choices: DatasetChoices): LoadedData {
  const set = dataSetOf(source);
  if (!set.isSampled) return loadImages(set, choices);
  const { seed, precision, pixels } = choices;
  if (pixels !== 'unit') {
    throw new UsageError(`${pixels} pixels were asked of ${source.kind}, which has none; leave pixels at unit`);
  }
  if (choices.keepClasses !== undefined || choices.samples !== undefined || choices.subset !== undefined) {
    throw new UsageError(
      `a subset was asked of ${source.kind}, which is sampled: give it the size and the classes wanted; subsets are for images`,
    );
  }
  const sampled = set.sample(source, seed);
  const labelled = choices.randomLabels === true ? withRandomLabels<Float64Array>(sampled, seed) : sampled;
  return { train: datasetInPrecision(labelled, precision), test: null };
}

function loadImages(set: ImageDataSet, choices: DatasetChoices): LoadedData {
  const { keepClasses: keep, samples, subset = 'first', pixels, precision, seed } = choices;
  const load = (split: Split): Dataset<Uint8Array> => {
    const images = imageDataset(set.load(split), set.name, split);
    return keep === undefined ? images : keepClasses(images, keep);
  };
  const all = load('train');
  const count = samples ?? all.samples;
  const chosen = subset === 'first' ? firstSamples(all, count) : randomSubset(all, count, seed);
  const train = choices.randomLabels === true ? withRandomLabels(chosen, seed) : chosen;
  const scale = fitPixelScale(train, pixels);
  const test = (): Dataset => scalePixels(likeTraining(load('test'), all), scale, precision);
  return { train: scalePixels(train, scale, precision), test };
}

/** Test images with as many classes as the training images, of which they may lack the last. Throws DataError if they differ. */
function likeTraining(test: Dataset<Uint8Array>, train: Dataset<Uint8Array>): Dataset<Uint8Array> {
  const [targets, { classes }] = [classTargets(test), classTargets(train)];
  if (targets.classes > classes || String(test.inputShape) !== String(train.inputShape)) {
    throw new DataError(
      `${train.name}: training images of shape ${train.inputShape.join('×')} with ${classes} classes, but test images of shape ` +
        `${test.inputShape.join('×')} with ${targets.classes}; point to a folder whose files belong together`,
    );
  }
  return { ...test, targets: { ...targets, classes } };
}
