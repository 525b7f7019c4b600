import type { Dataset } from '../../src/data/dataset.js';
import { imageDataset } from '../../src/data/image-dataset.js';
import { randomStream } from '../../src/numeric/random.js';

/** Random images of a shape, with classes in turn; sample i begins with the pixel i. */
export function smallImages(
  samples: number,
  shape: readonly [number, number, number],
  classes: number,
): Dataset<Uint8Array> {
  const stream = randomStream(1, 'small-images');
  const size = shape[0] * shape[1] * shape[2];
  const pixels = Uint8Array.from({ length: samples * size }, (_, j) =>
    j % size === 0 ? j / size : stream.integer(256),
  );
  const images = {
    pixels,
    labels: Uint8Array.from({ length: samples }, (_, i) => i % classes),
    count: samples,
    imageShape: shape,
    pixelsPerImage: size,
    classes,
    source: 'small images',
    checksums: ['a', 'b'],
    classNames: Array.from({ length: classes }, (_, c) => `class ${c}`),
  };
  return imageDataset(images, 'small', 'train');
}
