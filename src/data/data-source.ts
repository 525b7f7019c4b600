import { entryOf, registry } from '../registry.js';
import { cifar10 } from './cifar10.js';
import type { DataSet, ImageDataSet, SampledDataSet } from './data-set.js';
import { mixture, type MixtureSource } from './mixture.js';
import { mnist } from './mnist.js';
import { sine } from './sine.js';

const sets = [mnist, cifar10, mixture, sine] as const;

type SourceOf<E> = E extends ImageDataSet<infer S> | SampledDataSet<infer S> ? S : never;

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

/** Those that are read from files. */
export const imageDataSets: readonly ImageDataSet[] = (sets as readonly DataSet[]).filter((set) => !set.isSampled);

/** `mixture:K,D,SIGMA,N`, or undefined for any other text. */
export function parseMixture(text: string): MixtureSource | undefined {
  const [name, argument] = text.split(/:(.*)/s);
  return name === mixture.name ? mixture.parse(argument) : undefined;
}
