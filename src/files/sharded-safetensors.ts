import { dirname, join } from 'node:path';
import { DataError } from '../errors.js';
import { structuralProblem } from './json-structure.js';
import { readBytes, readText } from './read-bytes.js';
import { isObject } from './json-object.js';
import { parseSafetensors, type Safetensors } from './safetensors.js';
import { sha256Of } from './sha256.js';
import type { StoredTensor } from './stored-tensor.js';

/** One safetensors file as it was read. */
export interface SafetensorsFile extends Safetensors {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const wayOut = 'point to a safetensors file, or to the index.json of a checkpoint in several';

/**
 * The safetensors files of a checkpoint: the one of a path, or those that `NAME.index.json` names for its tensors in `weight_map`, which lie beside it. Every file must hold
 * exactly the tensors that are said of it. Throws DataError where a file cannot be read, holds others, or a name leads out of the folder.
 */
export function readSafetensors(path: string): readonly SafetensorsFile[] {
  return path.endsWith('.json') ? filesOf(path, readText(path, wayOut)) : [fileAt(path)];
}

/** The tensors of all files together. */
export function tensorsOf(files: readonly Safetensors[]): Map<string, StoredTensor> {
  return new Map(files.flatMap(({ tensors }) => [...tensors]));
}

/** SHA-256 of a checkpoint: that of its file or, of several, of the SHA-256 of each in a line with its name, in their order. Throws DataError. */
export function checkpointSha256(path: string): string {
  if (!path.endsWith('.json')) return sha256Of(readBytes(path, wayOut));
  const lines = shardsOf(path, readText(path, wayOut)).map(
    ([shard]) => `${sha256Of(readBytes(join(dirname(path), shard), wayOut))}  ${shard}\n`,
  );
  return sha256Of(lines.join(''));
}

function fileAt(path: string): SafetensorsFile {
  const bytes = readBytes(path, wayOut);
  return { path, bytes, ...parseSafetensors(bytes, path) };
}

function filesOf(path: string, text: string): SafetensorsFile[] {
  return shardsOf(path, text).map(([shard, names]) => {
    const file = fileAt(join(dirname(path), shard));
    const missing = names.find((name) => !file.tensors.has(name));
    const surplus = [...file.tensors.keys()].find((name) => !names.includes(name));
    if (missing === undefined && surplus === undefined) return file;
    throw new DataError(
      `${path} does not fit its files: ${shard} ` +
        (missing === undefined ? `holds '${surplus}', of which it says nothing` : `has no tensor '${missing}'`) +
        '; fetch all files of the checkpoint again',
    );
  });
}

/** The files of an index with the names of the tensors in each, by the names of the files. */
function shardsOf(path: string, text: string): [shard: string, names: string[]][] {
  const fail = (problem: string): never => {
    throw new DataError(`${path} is no index of safetensors files: ${problem}; ${wayOut}`);
  };
  const structure = structuralProblem(text, 4);
  if (structure !== undefined) return fail(structure);
  const map = weightMap(text, fail);
  const shards = new Map<string, string[]>();
  for (const [name, shard] of Object.entries(map)) {
    if (typeof shard !== 'string' || !/^[\w.-]+\.safetensors$/.test(shard)) {
      return fail(
        `it gives '${name}' the file ${JSON.stringify(shard)}, which is no name of a safetensors file beside it`,
      );
    }
    shards.set(shard, [...(shards.get(shard) ?? []), name]);
  }
  if (shards.size === 0) return fail('its weight_map is empty');
  return [...shards].sort(([a], [b]) => (a < b ? -1 : 1));
}

function weightMap(text: string, fail: (problem: string) => never): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(text);
    if (isObject(found) && isObject(found.weight_map)) return found.weight_map;
  } catch {
    return fail('it is no JSON');
  }
  return fail('it has no weight_map from tensors to files');
}
