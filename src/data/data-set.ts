import type { WrittenEntry } from '../registry.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import type { Dataset, Targets } from './dataset.js';
import type { ImageSet } from './images.js';
import type { Rows } from './rows.js';

export type Split = 'train' | 'test';

/** How large a data set is, known before it is there. */
export interface Extent {
  readonly samples: number;
  /** Of one sample: [features], [channels, height, width] or [tokens]. */
  readonly inputShape: readonly number[];
  /** V, where inputs are token ids 0 … V − 1. */
  readonly vocabulary?: number;
  /** Classes, or numbers that are to be predicted. */
  readonly outputs: number;
  /** Which of them there are, and the shape of one sample's; classes if left out. */
  readonly targets?: Pick<Targets, 'kind'> & { readonly shape: readonly number[] };
  /** Its inputs can be read when they are used. */
  readonly canStream?: true;
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
  /** The environment variable that names the folder they are in, unless their text does. */
  readonly folder?: string;
  /** The npm package that brings them, where there is one. */
  readonly package?: string;
  /** How to get them, for people who have not. */
  readonly getting: string;
  readonly isAvailable: () => boolean;
  /** SHA-256 of the files, uncompressed, where they are known beforehand. Of what was read they are in every record. */
  readonly checksums?: Readonly<Record<Split, readonly string[]>>;
  /** From what the files say of themselves, without reading them; undefined where they do not, which `load` says in words. */
  extent(split: Split, source: S): Extent | undefined;
  /** Throws DataError if the files are missing, damaged, or do not fit together. */
  load(split: Split, source: S): ImageSet;
  /** What records call it, where that is not its own name. */
  nameOf?(source: S): string;
}

/** Inputs as they are in files: numbers, or bytes of pixels that are yet to be scaled. */
export type RawInputs = FloatArray | Uint8Array | Rows;

/** A data set as its files have it. */
export interface OpenedData {
  readonly train: Dataset<RawInputs>;
  /** The split for testing, read when asked for, where there is one. */
  readonly test: (() => Dataset<RawInputs>) | null;
  /** Its inputs are pixels, 0 … 255. */
  readonly isPixels: boolean;
}

/** Arrays of somebody's own, read from the files their text names: whatever is chosen of images is chosen of them. */
export interface ArrayDataSet<S extends NamedSource = NamedSource> extends WrittenEntry<S> {
  readonly name: S['kind'];
  readonly isSampled: false;
  /** From what the files say of themselves; undefined where they must be read for it. */
  extent(source: S): Extent | undefined;
  /** The paths of the files that its text names. */
  files(source: S): readonly string[];
  /** Throws DataError if the files are missing, damaged, or do not fit together. */
  open(source: S): OpenedData;
}

/** Drawn at random as its text says, keyed by the seed: no subsets, no pixels. */
export interface SampledDataSet<S extends NamedSource = NamedSource> extends WrittenEntry<S> {
  readonly name: S['kind'];
  readonly isSampled: true;
  extent(source: S): Extent;
  /** The paths of the files that its text names, where it does. */
  files?(source: S): readonly string[];
  /** Throws UsageError on values outside the model. */
  sample(source: S, seed: number): Dataset<Float64Array>;
  /** The split for testing, drawn with the other, where there is one. */
  sampleTest?(source: S, seed: number): Dataset<Float64Array> | null;
}

export type DataSet = ImageDataSet | ArrayDataSet | SampledDataSet;

/** Whether a data set is of images, in files of their own formats. */
export const isImageDataSet = (set: DataSet): set is ImageDataSet => 'load' in set;
