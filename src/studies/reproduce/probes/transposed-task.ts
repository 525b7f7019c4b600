import { parseDataSource } from '../../../data/data-source.js';
import { loadDataset } from '../../../data/load-dataset.js';
import { DataError } from '../../../errors.js';
import type { Samples } from '../../../loss/network/sample-sums.js';
import { samplesOf } from '../../../loss/network/samples.js';
import { zeros } from '../../../numeric/kernels/float-array.js';
import type { TrainConfig } from '../../../train/train-config.js';

/** Two tasks of one network: the images that it was trained on, with all of their pixels, and the same images transposed, with their labels. */
export interface TransposedTask {
  readonly general: Samples;
  readonly target: Samples;
}

/** The training images of a run as they are and transposed. Throws DataError for samples that are no square images of one channel. */
export function transposedTask({ data, precision, seed }: TrainConfig): TransposedTask {
  const { source, samples, subset, classes, randomLabels, pixels } = data;
  const { train } = loadDataset(parseDataSource(source), {
    pixels,
    precision,
    seed,
    randomLabels,
    ...(samples !== null && { samples, subset }),
    ...(classes !== null && { keepClasses: classes }),
  });
  const [channels, height, width] = train.inputShape;
  if (channels !== 1 || height === undefined || height !== width)
    throw new DataError(
      `${train.name}: samples of shape ${train.inputShape.join('×')} cannot be transposed; choose square images of one channel`,
    );
  const general = samplesOf(train);
  return { general, target: { ...general, inputs: transposedImages(general, height) } };
}

/** Pixel (r, c) of every image of size × size becomes (c, r). */
export function transposedImages(
  { count, inputs }: Pick<Samples, 'count' | 'inputs'>,
  size: number,
): Samples['inputs'] {
  const result = zeros(inputs instanceof Float32Array ? 'f32' : 'f64', inputs.length);
  for (let i = 0; i < count; i++) {
    const at = i * size * size;
    for (let r = 0; r < size; r++)
      for (let c = 0; c < size; c++) result[at + c * size + r] = inputs[at + r * size + c]!;
  }
  return result;
}
