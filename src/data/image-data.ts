import { UsageError } from '../errors.js';
import { sparseFeatures, type LabelledData } from './features.js';
import type { ImageSet } from './images.js';

/** 'unit': x = pixel/255. 'standardised': (x − mean)/deviation with the mean and deviation over all pixels of the set. */
export type PixelScaling = 'unit' | 'standardised';

export interface ImageData extends LabelledData {
  /** Pixels that are 0 in every image; with 'unit' scaling they carry neither gradient nor curvature and are left out. */
  readonly zeroFeaturesDropped: number;
}

/**
 * The first `samples` images as inputs of a softmax regression, optionally with a constant feature 1 for biases.
 *
 * Throws UsageError if there are fewer images than asked for. Cost: O(samples · pixels).
 */
export function imageData(images: ImageSet, samples: number, scaling: PixelScaling, bias: boolean): ImageData {
  const { pixels, pixelsPerImage: size } = images;
  if (!Number.isInteger(samples) || samples < 1 || samples > images.count) {
    throw new UsageError(
      `samples must be an integer from 1 to ${images.count}, the images there are; received ${samples}`,
    );
  }
  const used = usedPixels(pixels.subarray(0, samples * size), size);
  const kept = scaling === 'unit' ? used : Uint32Array.from({ length: size }, (_, f) => f);
  const [mean, deviation] = scaling === 'unit' ? [0, 1] : moments(pixels.subarray(0, samples * size));
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

function usedPixels(pixels: Uint8Array, size: number): Uint32Array {
  const used = new Uint8Array(size);
  for (let j = 0; j < pixels.length; j++) if (pixels[j]! > 0) used[j % size] = 1;
  return Uint32Array.from(used.keys()).filter((f) => used[f] === 1);
}

function moments(pixels: Uint8Array): [number, number] {
  let sum = 0; // integers below 2^53: exact
  let squares = 0;
  for (const pixel of pixels) {
    sum += pixel;
    squares += pixel * pixel;
  }
  const mean = sum / pixels.length / 255;
  return [mean, Math.sqrt(squares / pixels.length / 255 ** 2 - mean ** 2)];
}
