import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../errors.js';
import type { Extent, ImageDataSet, Split } from './data-set.js';
import type { ImageSet } from './images.js';
import { dataFileSize } from '../files/data-file-head.js';
import { readDataFile } from '../files/read-data-file.js';

const CLASSES = 10;
const SHAPE = [3, 32, 32] as const;
const PIXELS = 3 * 32 * 32;
const RECORD = 1 + PIXELS;

/** CIFAR-10, from a folder that is named or that of the environment. */
export interface Cifar10Source {
  readonly kind: 'cifar10';
  readonly folder?: string;
}

export const cifar10: ImageDataSet<Cifar10Source> = {
  name: 'cifar10',
  pattern: 'cifar10[:DIR]',
  title: 'CIFAR-10',
  help: '60,000 colour images of 32×32 pixels in 10 classes',
  source: 'Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html',
  isSampled: false,
  folder: 'CIFAR10_DIR',
  getting:
    'set CIFAR10_DIR to the folder cifar-10-batches-bin of its binary version, with data_batch_1.bin to data_batch_5.bin and test_batch.bin',
  isAvailable: () => process.env.CIFAR10_DIR !== undefined,
  parse: (folder) => (folder === '' ? undefined : { kind: 'cifar10', ...(folder !== undefined && { folder }) }),
  extent: cifar10Extent,
  load: loadCifar10,
};

/**
 * CIFAR-10 in its binary version from a folder, else from that of CIFAR10_DIR: data_batch_1.bin … data_batch_5.bin or test_batch.bin, plain or gzip,
 * each a row of records of one label byte and 3072 pixels, the red, green and blue plane of 32×32 in turn; the names of the classes
 * from batches.meta.txt, if it is there (Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html).
 *
 * Throws DataError if the folder is not named or a file is missing, damaged, or of another format.
 */
export function loadCifar10(split: Split, { folder: given }: Pick<Cifar10Source, 'folder'> = {}): ImageSet {
  const folder = given ?? process.env.CIFAR10_DIR;
  if (folder === undefined) {
    throw new DataError(`${cifar10.title} is not there: ${cifar10.getting}`);
  }
  const batches = namesOf(split).map((name) => readBatch(folder, name));
  const count = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  const pixels = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  let start = 0;
  for (const batch of batches) {
    labels.set(batch.labels, start);
    pixels.set(batch.pixels, start * PIXELS);
    start += batch.labels.length;
  }
  const classNames = readClassNames(folder);
  return {
    pixels,
    labels,
    count,
    imageShape: SHAPE,
    pixelsPerImage: PIXELS,
    classes: CLASSES,
    source: given ?? 'CIFAR10_DIR',
    checksums: batches.map(({ checksum }) => checksum),
    ...(classNames === undefined ? {} : { classNames }),
  };
}

function cifar10Extent(
  split: Split,
  { folder = process.env.CIFAR10_DIR }: Pick<Cifar10Source, 'folder'> = {},
): Extent | undefined {
  if (folder === undefined) return undefined;
  const sizes = namesOf(split).map((name) => dataFileSize(find(folder, name)));
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  return { samples: Math.floor(bytes / RECORD), inputShape: SHAPE, outputs: CLASSES };
}

const namesOf = (split: Split): string[] =>
  split === 'test' ? ['test_batch.bin'] : [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`);

interface Batch {
  readonly labels: Uint8Array;
  readonly pixels: Uint8Array;
  readonly checksum: string;
}

function readBatch(folder: string, name: string): Batch {
  const path = find(folder, name);
  if (path === undefined) throw new DataError(`CIFAR10_DIR: ${folder} holds neither ${name} nor ${name}.gz`);
  const bytes = readDataFile(path);
  const fail = (problem: string): never => {
    throw new DataError(`${path} is not a batch of CIFAR-10's binary version: ${problem}; fetch it again`);
  };
  if (bytes.length === 0 || bytes.length % RECORD !== 0) {
    return fail(`it holds ${bytes.length} bytes, which is not a multiple of ${RECORD} above 0`);
  }
  const count = bytes.length / RECORD;
  const labels = new Uint8Array(count);
  const pixels = new Uint8Array(count * PIXELS);
  for (let i = 0; i < count; i++) {
    const label = bytes[i * RECORD]!;
    if (label >= CLASSES) return fail(`record ${i} has the label ${label}, legal are 0 to ${CLASSES - 1}`);
    labels[i] = label;
    pixels.set(bytes.subarray(i * RECORD + 1, (i + 1) * RECORD), i * PIXELS);
  }
  return { labels, pixels, checksum: createHash('sha256').update(bytes).digest('hex') };
}

function readClassNames(folder: string): string[] | undefined {
  const path = find(folder, 'batches.meta.txt');
  if (path === undefined) return undefined;
  const names = new TextDecoder()
    .decode(readDataFile(path))
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  if (names.length === CLASSES) return names;
  throw new DataError(`${path} names ${names.length} classes instead of ${CLASSES}; fetch it again, or remove it`);
}

function find(folder: string, name: string): string | undefined {
  return [name, `${name}.gz`].map((file) => join(folder, file)).find((path) => existsSync(path));
}
