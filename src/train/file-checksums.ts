import { statSync } from 'node:fs';
import { isImageDataSet } from '../data/data-set.js';
import { dataSetOf, parseDataSource } from '../data/data-source.js';
import { DataError } from '../errors.js';
import { readBytes } from '../files/read-bytes.js';
import { sha256Of } from '../files/sha256.js';
import { checkpointSha256 } from '../files/sharded-safetensors.js';
import { models } from '../models/model-text.js';
import { onnxModel } from '../models/onnx-file.js';

const known = new Map<string, readonly string[]>();

/** What was computed under a name is kept while the process lives. */
function once(name: string, compute: () => readonly string[]): readonly string[] {
  const found = known.get(name) ?? compute();
  known.set(name, found);
  return found;
}

/** A file as it is now: what is known of it holds until its size or its time changes. Throws DataError where there is none. */
function stamp(path: string): string {
  try {
    const { size, mtimeMs } = statSync(path);
    return `${path} ${size} ${mtimeMs}`;
  } catch (cause) {
    throw new DataError(`${path} could not be read: ${(cause as Error).message}; give a file that is there`, { cause });
  }
}

/** SHA-256 of the files that a data source reads, those of its test split too; none for data that are sampled as their text says. Throws UsageError, DataError. */
export function sourceChecksums(source: string): readonly string[] {
  const parsed = parseDataSource(source);
  const set = dataSetOf(parsed);
  if (isImageDataSet(set)) {
    const place = set.folder === undefined ? '' : (process.env[set.folder] ?? '');
    return once(`data ${source} ${place}`, () =>
      (['train', 'test'] as const).flatMap((split) => set.load(split, parsed).checksums),
    );
  }
  const files = set.files?.(parsed) ?? [];
  return files.flatMap((path) =>
    once(`file ${stamp(path)}`, () => [sha256Of(readBytes(path, 'point to a data file'))]),
  );
}

/** SHA-256 of the file of a model, and of those beside it that hold its arrays; none for a model that has a name. Throws UsageError, DataError. */
export function modelChecksums(text: string): readonly string[] {
  const { kind } = models.read(text);
  if (kind === 'architecture') return [];
  return once(`model ${stamp(text)}`, () => {
    if (kind === 'module') return [sha256Of(readBytes(text, 'point to a module with a network'))];
    const { sha256, external = {} } = onnxModel(text, []).file!;
    return [sha256, ...Object.entries(external).map(([name, sum]) => `${name} ${sum}`)];
  });
}

/** SHA-256 of a checkpoint of first weights. Throws DataError. */
export function weightsChecksum(path: string): readonly string[] {
  return once(`weights ${stamp(path)}`, () => [checkpointSha256(path)]);
}
