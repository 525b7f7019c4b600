import type { ImageDataSet } from './data-set.js';
import { imageSetExtent, labelledClasses, readImageSet } from './mnist.js';

/** Images in the format of MNIST, by the path of their folder. */
export interface IdxSource {
  readonly kind: 'idx';
  readonly folder: string;
}

export const idxFolder: ImageDataSet<IdxSource> = {
  name: 'idx',
  pattern: 'idx:DIR',
  title: 'a folder of IDX files',
  help: 'images in the format of MNIST, such as Fashion-MNIST, from a folder with the four IDX files; records name the folder',
  isSampled: false,
  getting: 'give the folder with train-images-idx3-ubyte and its three companions, plain or gzip',
  isAvailable: () => true,
  parse: (folder = '') => (folder === '' ? undefined : { kind: 'idx', folder }),
  extent(split, { folder }) {
    const [extent, outputs] = [imageSetExtent(folder, split), labelledClasses(folder, split)];
    return extent && outputs ? { ...extent, outputs } : undefined;
  },
  load: (split, { folder }) => readImageSet(folder, split, folder),
  nameOf: ({ folder }) => folder.split(/[\\/]/).findLast((part) => part !== '') ?? folder,
};
