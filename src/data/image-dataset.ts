import type { Split } from './data-set.js';
import type { Dataset } from './dataset.js';
import type { ImageSet } from './images.js';

/** A set of images as a data set of pixels, of shape [channels, height, width]; nothing is copied but the labels. */
export function imageDataset(images: ImageSet, name: string, split: Split): Dataset<Uint8Array> {
  const { pixels, labels, count, imageShape, classes, source, checksums, classNames } = images;
  return {
    name,
    samples: count,
    inputShape: imageShape,
    inputs: pixels,
    targets: {
      kind: 'classes',
      classes,
      labels: Uint16Array.from(labels),
      ...(classNames === undefined ? {} : { names: classNames }),
    },
    record: { origin: { kind: 'files', source, split, checksums }, transformations: [] },
  };
}
