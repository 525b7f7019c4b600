import { UsageError } from '../errors.js';
import { nonZeroColumns } from './active-features.js';
import { sparseFeatures, type LabelledData } from './features.js';
import type { ImageSet } from './images.js';
import { pixelMoments } from './pixel-moments.js';
import type { PixelScaling } from './pixel-scale.js';

export interface ImageData extends LabelledData {
  /** Pixels that are 0 in every image; with 'unit' scaling they carry neither gradient nor curvature and are left out. */
  readonly zeroFeaturesDropped: number;
}

/**
 * The first `samples` images as inputs of a softmax regression, optionally with a constant feature 1 for biases.
 *
 * Throws UsageError if there are fewer images than asked for, DataError if 'standardised' meets pixels that are all equal. Cost: O(samples · pixels).
 */
export function imageData(images: ImageSet, samples: number, scaling: PixelScaling, bias: boolean): ImageData {
  const { pixels, pixelsPerImage: size } = images;
  if (!Number.isInteger(samples) || samples < 1 || samples > images.count) {
    throw new UsageError(
      `samples must be an integer from 1 to ${images.count}, the images there are; received ${samples}`,
    );
  }
  const taken = pixels.subarray(0, samples * size);
  const kept = scaling === 'unit' ? nonZeroColumns(taken, size) : Uint32Array.from({ length: size }, (_, f) => f);
  const { mean, deviation } = scaling === 'unit' ? { mean: 0, deviation: 1 } : pixelMoments(taken, 1, taken.length)[0]!;
  const columns = kept.length + (bias ? 1 : 0);
  const offset = -mean / deviation;
  const entry = (i: number, f: number): number =>
    f === kept.length ? 1 - offset : pixels[i * size + kept[f]!]! / 255 / deviation;
  return {
    features: sparseFeatures(samples, columns, entry, offset === 0 ? 0 : offset),
    labels: Uint16Array.from(images.labels.subarray(0, samples)),
    classes: images.classes,
    zeroFeaturesDropped: size - kept.length,
  };
}
