import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatSealed, sealProblem } from '../files/sealed-tensors.js';
import { parseSafetensors, type Safetensors } from '../files/safetensors.js';
import type { NamedTensors, StoredTensor } from '../files/stored-tensor.js';
import { readBytes } from '../files/read-bytes.js';
import { optimizerFromTensors, optimizerTensors } from './optimizer-tensors.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import type { DescentState } from './descent.js';
import { refuseOtherRun } from '../files/same-run.js';
import { checkpointEntries, damagedCheckpoint, type CheckpointEntries } from './checkpoint-entries.js';
import type { RecordsMark } from './read-records.js';
import { trainingRevision } from './revision.js';
import { runFolderName, runFormat } from './run-format.js';
import type { TopPairs } from './top-pairs.js';
import type { TrainRecord, TrainRun, TrainWindowEntry } from './train-document.js';
import { writeAtomically } from '../files/write-atomically.js';

/** Everything a run needs to go on with the same bytes; records and window hold everything measured before its step. */
export interface TrainState extends DescentState {
  /** Eigenpairs of the last record: for the subspace overlap of the next, and to start from. */
  readonly pairs: TopPairs;
  /** The last updates of the weights, as many as the configuration wants. */
  readonly updates: readonly FloatArray[];
  readonly records: readonly TrainRecord[];
  readonly window: readonly TrainWindowEntry[];
}

/** A state as it is kept: its records are in a file of their own, as far as the mark. */
export interface KeptState extends Omit<TrainState, 'records'> {
  readonly mark: RecordsMark;
}

const pathIn = (folder: string): string => join(folder, 'checkpoint.safetensors');

/** Replaces the state as a whole. */
export function saveState(folder: string, run: TrainRun, { mark, ...state }: KeptState): void {
  const about = {
    format: runFormat,
    revision: JSON.stringify(trainingRevision),
    run: JSON.stringify(run),
    step: String(state.step),
    time: JSON.stringify(state.time),
    window: JSON.stringify(state.window),
    follow: JSON.stringify({ ...state.follow, pairs: undefined }),
    updates: String(state.updates.length),
    records: JSON.stringify(mark),
  };
  const tensors = new Map<string, StoredTensor>([
    ['weights', vector(state.weights)],
    ...pairTensors('pairs', state.pairs),
    ...pairTensors('followed', state.follow.pairs),
    ...state.updates.map((update, i): [string, StoredTensor] => [`updates.${i}`, vector(update)]),
    ...Object.entries(state.statistics).map(([name, data]): [string, StoredTensor] => [
      `statistics.${name}`,
      vector(data),
    ]),
    ...optimizerTensors(state.optimizer),
  ]);
  writeAtomically(pathIn(folder), formatSealed(tensors, new Map(Object.entries(about))));
}

const vector = (data: FloatArray): StoredTensor => ({ shape: [data.length], data });

function pairTensors(name: string, { values, vectors, errors }: TopPairs): [string, StoredTensor][] {
  return Object.entries({ values, vectors, errors }).map(([part, data]) => [`${name}.${part}`, vector(data)]);
}

/**
 * The state of a folder, or undefined if there is none. Throws DataError if the file was altered or is of another format, UsageError if it belongs to another run,
 * naming the first field that differs, or to another revision of training.
 */
export function loadState(folder: string, run: TrainRun, like: FloatArray): KeptState | undefined {
  const path = pathIn(folder);
  const found = openCheckpoint(path);
  if (found === undefined) return undefined;
  const { tensors, entries } = found;
  refuseOtherRun(path, entries.run, run);
  const floats = (name: string): FloatArray => {
    const data = tensors.get(name)?.data;
    if (data instanceof Float32Array || data instanceof Float64Array) return data;
    throw damagedCheckpoint(path, `the tensor '${name}' is missing`);
  };
  const doubles = (name: string): Float64Array => Float64Array.from(floats(name));
  const pairsOf = (name: string): TopPairs => ({
    dimension: like.length,
    values: doubles(`${name}.values`),
    vectors: doubles(`${name}.vectors`),
    errors: doubles(`${name}.errors`),
  });
  const weights = floats('weights');
  if (weights.length !== like.length || weights.constructor !== like.constructor) {
    throw damagedCheckpoint(path, `the weights hold ${weights.length} numbers, this network has ${like.length}`);
  }
  const { step, time, window, follow, updates, records: mark } = entries;
  const prefix = 'statistics.';
  const statistics = [...tensors.keys()].filter((name) => name.startsWith(prefix));
  return {
    step,
    time,
    weights,
    optimizer: optimizerFromTensors(run.config.optimizer, tensors, weights),
    statistics: Object.fromEntries(statistics.map((name) => [name.slice(prefix.length), floats(name)])),
    pairs: pairsOf('pairs'),
    follow: { ...follow, pairs: pairsOf('followed') },
    updates: Array.from({ length: updates }, (_, i) => floats(`updates.${i}`)),
    window,
    mark,
  };
}

/** The mark of the last checkpoint of a folder; undefined where there is none. Throws as loadState does. */
export function checkpointMark(folder: string): RecordsMark | undefined {
  return openCheckpoint(pathIn(folder))?.entries.records;
}

/** Is there a checkpoint of a run, intact or not? */
export function hasCheckpoint(folder: string): boolean {
  try {
    const { metadata } = openBytes(pathIn(folder)).file;
    return metadata.get('format')?.startsWith(runFolderName) === true;
  } catch {
    return false;
  }
}

/** What the file holds, held against its seal and its schema; undefined where there is none. */
function openCheckpoint(
  path: string,
): { readonly tensors: NamedTensors; readonly entries: CheckpointEntries } | undefined {
  if (!existsSync(path)) return undefined;
  const { bytes, file } = openBytes(path);
  const { tensors, metadata } = file;
  const entries = checkpointEntries(metadata, path);
  const problem = sealProblem(bytes, metadata);
  if (problem !== undefined) throw damagedCheckpoint(path, problem);
  return { tensors, entries };
}

function openBytes(path: string): { readonly bytes: Uint8Array; readonly file: Safetensors } {
  const bytes = readBytes(path, 'restore it, or choose another folder');
  try {
    return { bytes, file: parseSafetensors(bytes, path) };
  } catch (cause) {
    throw damagedCheckpoint(path, `it is no safetensors file (${bytes.length} bytes)`, cause);
  }
}
