import { entryOf, registry } from '../registry.js';
import { cifar10 } from './cifar10.js';
import { csv } from './csv-data.js';
import {
  isImageDataSet,
  type ArrayDataSet,
  type DataSet,
  type Extent,
  type ImageDataSet,
  type SampledDataSet,
  type Split,
} from './data-set.js';
import { dyck } from './dyck.js';
import { gaussian } from './gaussian-data.js';
import { idxFolder } from './idx-folder.js';
import { mixture, type MixtureSource } from './mixture.js';
import { mnist } from './mnist.js';
import { modular } from './modular.js';
import { npy } from './npy-data.js';
import { npz } from './npz-data.js';
import { sine } from './sine.js';

const sets = [mnist, cifar10, mixture, sine, modular, dyck, gaussian, npy, npz, csv, idxFolder] as const;

type SourceOf<E> = E extends ImageDataSet<infer S> | ArrayDataSet<infer S> | SampledDataSet<infer S> ? S : never;

/** A data set by name, as the command line and configurations know it. */
export type DataSource = SourceOf<(typeof sets)[number]>;

/** The data sets that are known by name. */
export const dataSets = registry<DataSource, DataSet & (typeof sets)[number]>(sets, {
  unknown: (text) => `'${text}' is no data set`,
  example: 'mixture:3,10,0.2,1000',
});

/**
 * `mnist`, `mixture:3,10,0.2,1000`, …, as in docs/registries.md. Throws UsageError for anything else. Whether the numbers make a data set
 * is decided where it is sampled.
 */
export const parseDataSource = (text: string): DataSource => dataSets.read(text).value;

/** The entry of a source. */
export const dataSetOf = ({ kind }: DataSource): DataSet => entryOf<DataSet>('data set', sets, kind);

/** How large a split is; undefined where the files do not say, or there is none. Throws DataError, UsageError. */
export function extentOf(source: DataSource, split: Split): Extent | undefined {
  const set = dataSetOf(source);
  if (isImageDataSet(set)) return set.extent(split, source);
  return split === 'train' ? set.extent(source) : undefined;
}

/** Those of images. */
export const imageDataSets: readonly ImageDataSet[] = (sets as readonly DataSet[]).filter(isImageDataSet);

/** `mixture:K,D,SIGMA,N`, or undefined for any other text. */
export function parseMixture(text: string): MixtureSource | undefined {
  const [name, argument] = text.split(/:(.*)/s);
  return name === mixture.name ? mixture.parse(argument) : undefined;
}
