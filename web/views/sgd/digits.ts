import type { Dataset } from '../../../src/data/dataset.js';
import { parseIdx } from '../../../src/data/idx.js';
import { DataError } from '../../../src/errors.js';

/** Bytes that a dropped file may unpack to: more than the largest of MNIST has. */
const most = 64 * 2 ** 20;

/** The IDX bytes of a dropped file, unpacked where it is gzipped. Throws DataError where it is not whole, or larger than MNIST is. */
export async function droppedBytes(file: File): Promise<Uint8Array> {
  if (file.size > most) throw new DataError(`${file.name} holds ${file.size} bytes, more than any file of MNIST`);
  const raw = new Uint8Array(await file.arrayBuffer());
  if (raw[0] !== 0x1f || raw[1] !== 0x8b) return raw;
  const parts: Uint8Array[] = [];
  let total = 0;
  const reader = new Blob([raw]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      total += part.value.length;
      if (total > most)
        throw new DataError(`${file.name} unpacks to more than ${most} bytes, more than any file of MNIST`);
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(`${file.name} is no whole gzip file; fetch it again`, { cause });
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Images and labels among dropped files: those for training where all four were dropped. Throws DataError where one is missing or is none. */
export async function digitsOf(
  files: readonly File[],
): Promise<{ readonly images: Uint8Array; readonly labels: Uint8Array }> {
  const found = await Promise.all(
    files.slice(0, 4).map(async (file) => {
      const bytes = await droppedBytes(file);
      const { shape } = parseIdx(bytes, file.name);
      return { bytes, rank: shape.length, count: shape[0]! };
    }),
  );
  const largest = (rank: number) =>
    found.filter((one) => one.rank === rank).reduce((x, y) => (x !== undefined && x.count > y.count ? x : y), found.find((one) => one.rank === rank)); // prettier-ignore
  const [images, labels] = [largest(3), largest(1)];
  if (images === undefined || labels === undefined)
    throw new DataError(
      'a file of images and one of labels are needed, for example train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz',
    );
  return { images: images.bytes, labels: labels.bytes };
}

/** Pixels of a side of what digits are shrunk to, by means of `28 / side` squared. */
export const side = 14;

/** The first digits, each shrunk, in [0, 1]. Throws DataError where images and labels do not fit. */
export function digitsDataset(
  { images, labels }: { readonly images: Uint8Array; readonly labels: Uint8Array },
  samples: number,
): Dataset<Float64Array> {
  const pixels = parseIdx(images, 'the file of images');
  const { shape, data: classOf } = parseIdx(labels, 'the file of labels');
  const [count, height, width] = pixels.shape;
  if (height !== 28 || width !== 28 || count !== shape[0])
    throw new DataError(
      `images of 28×28 with a label each are needed, received ${pixels.shape.join('×')} and ${shape.join('×')}`,
    );
  const used = classOf.subarray(0, samples);
  if (used.length < samples || used.some((label) => label > 9))
    throw new DataError(`${samples} digits with labels from 0 to 9 are needed, received ${used.length}`);
  const shrunk = 28 / side;
  const inputs = new Float64Array(samples * side ** 2);
  for (let i = 0; i < samples; i++) {
    for (let p = 0; p < 784; p++) {
      const [row, column] = [Math.floor(p / 28), p % 28];
      inputs[i * side ** 2 + Math.floor(row / shrunk) * side + Math.floor(column / shrunk)]! +=
        pixels.data[i * 784 + p]! / 255 / shrunk ** 2;
    }
  }
  return {
    name: 'digits',
    samples,
    inputShape: [side ** 2],
    inputs,
    targets: { kind: 'classes', classes: 10, labels: Uint16Array.from(used) },
    record: { origin: { kind: 'files', source: 'dropped', split: 'train', checksums: [] }, transformations: [] },
  };
}
