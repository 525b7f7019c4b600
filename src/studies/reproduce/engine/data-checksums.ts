import { isImageDataSet } from '../../../data/data-set.js';
import { dataSetOf, parseDataSource } from '../../../data/data-source.js';

const known = new Map<string, readonly string[]>();

/** SHA-256 of the files of images a data source reads; none for data that are sampled. Throws UsageError, DataError. */
export function dataChecksums(source: string): readonly string[] {
  const parsed = parseDataSource(source);
  const set = dataSetOf(parsed);
  if (!isImageDataSet(set)) return [];
  const place = `${source} ${set.folder === undefined ? '' : (process.env[set.folder] ?? '')}`;
  const checksums =
    known.get(place) ?? (['train', 'test'] as const).flatMap((split) => set.load(split, parsed).checksums);
  known.set(place, checksums);
  return checksums;
}
