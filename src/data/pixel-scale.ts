import { DataError } from '../errors.js';
import { zeros, type FloatArray, type Precision } from '../numeric/kernels/float-array.js';
import type { RawInputs } from './data-set.js';
import { featureCount, transformed, type Dataset, type PixelScale } from './dataset.js';
import { pixelMoments } from './pixel-moments.js';
import { isRows, mappedRows, type Rows } from './rows.js';

/** 'unit': x = pixel/255. 'standardised': (pixel/255 − mean)/deviation with the moments over all pixels of the set. */
export type PixelScaling = 'unit' | 'standardised';

/**
 * The scale of a set of images: for 'standardised' the mean and the standard deviation of each channel over all its pixels
 * (one number each: single pixels keep their own mean). Fit it on the training images and use it for the test images too.
 *
 * Throws DataError if all pixels of a channel are equal. Cost: O(pixels).
 */
export function fitPixelScale(images: Dataset<RawInputs>, scaling: PixelScaling): PixelScale {
  if (scaling === 'unit') return { kind: 'unit' };
  const channels = channelsOf(images);
  const moments = pixelMoments(images.inputs, channels, featureCount(images) / channels);
  return {
    kind: 'standardised',
    mean: moments.map(({ mean }) => mean),
    deviation: moments.map(({ deviation }) => deviation),
  };
}

/**
 * Pixels as numbers: x = (pixel/255 − mean)/deviation, computed in double precision and rounded once. Throws DataError if the
 * scale was fitted on another number of channels. Cost: O(pixels).
 */
export function scalePixels<Inputs extends RawInputs>(
  images: Dataset<Inputs>,
  scale: PixelScale,
  precision: Precision = 'f64',
): Dataset<FloatArray | Extract<Inputs, Rows>> {
  const channels = channelsOf(images);
  if (scale.kind === 'standardised' && scale.mean.length !== channels) {
    throw new DataError(
      `${images.name} has ${channels} channels, the scale ${scale.mean.length}; fit the scale on images of the same kind`,
    );
  }
  const table = Array.from({ length: channels }, (_, channel) => valuesOf(scale, channel));
  const plane = featureCount(images) / channels;
  const scaled = (pixels: FloatArray | Uint8Array, into: FloatArray): FloatArray => {
    for (let start = 0; start < into.length; start += plane) {
      const values = table[(start / plane) % channels]!;
      for (let j = start; j < start + plane; j++) into[j] = values[pixels[j]!]!;
    }
    return into;
  };
  const { inputs } = images;
  const numbers = isRows(inputs)
    ? (mappedRows(inputs, { width: inputs.width, precision }, scaled) as Extract<Inputs, Rows>)
    : scaled(inputs, zeros(precision, inputs.length));
  return transformed({ ...images, inputs: numbers }, { kind: 'pixel-scale', scale, precision });
}

function channelsOf({ inputShape }: Pick<Dataset, 'inputShape'>): number {
  return inputShape.length === 3 ? inputShape[0]! : 1;
}

/** What each of the 256 pixel values becomes. */
function valuesOf(scale: PixelScale, channel: number): Float64Array {
  const [mean, deviation] = scale.kind === 'unit' ? [0, 1] : [scale.mean[channel]!, scale.deviation[channel]!];
  return Float64Array.from({ length: 256 }, (_, pixel) => (pixel / 255 - mean) / deviation);
}
