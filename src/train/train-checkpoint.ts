import { existsSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { appendDurably } from '../files/append-durably.js';
import { formatSafetensors, parseSafetensors } from '../files/safetensors.js';
import type { StoredTensor } from '../files/stored-tensor.js';
import { DataError } from '../errors.js';
import { optimizerFromTensors, optimizerTensors } from './optimizer-tensors.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import type { DescentState } from './descent.js';
import { refuseOtherRun } from '../files/same-run.js';
import { problemsOf } from './check-config.js';
import type { Observable } from './observables/observable.js';
import { parseRecords, schemaOfRun } from './read-records.js';
import { trainingRevision } from './revision.js';
import { refuseOtherFormat, runFormat } from './run-format.js';
import type { TopPairs } from './top-pairs.js';
import type { TrainRecord, TrainRun, TrainWindowEntry } from './train-document.js';
import { refuseManifestOfAnother } from './train-manifest.js';
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

const stateFile = 'checkpoint.safetensors';
const recordsFile = 'records.jsonl';

/** Appends records that are not yet in the file. They count only once the state that names them is saved. */
export function appendRecords(folder: string, records: readonly TrainRecord[], already: number): void {
  const lines = records.slice(already).map((record) => `${JSON.stringify(record)}\n`);
  if (lines.length === 0) return;
  appendDurably(join(folder, recordsFile), lines.join(''));
}

/** Replaces the state as a whole. */
export function saveState(folder: string, run: TrainRun, state: TrainState): void {
  const path = join(folder, recordsFile);
  const about = {
    format: runFormat,
    revision: JSON.stringify(trainingRevision),
    run: JSON.stringify(run),
    step: String(state.step),
    time: JSON.stringify(state.time),
    window: JSON.stringify(state.window),
    follow: JSON.stringify({ ...state.follow, pairs: undefined }),
    updates: String(state.updates.length),
    records: String(state.records.length),
    recordsBytes: String(existsSync(path) ? statSync(path).size : 0),
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
  writeAtomically(join(folder, stateFile), formatSafetensors(tensors, new Map(Object.entries(about))));
}

const vector = (data: FloatArray): StoredTensor => ({ shape: [data.length], data });

function pairTensors(name: string, { values, vectors, errors }: TopPairs): [string, StoredTensor][] {
  return Object.entries({ values, vectors, errors }).map(([part, data]) => [`${name}.${part}`, vector(data)]);
}

/**
 * The state of a folder, or undefined if there is none; records that were written after it are cut off, and the others held against their
 * schema, `own` observables included. Throws DataError if a file is damaged or of another format, UsageError if it belongs to another run,
 * naming the first field that differs, or to another revision of training.
 */
export function loadState(
  folder: string,
  run: TrainRun,
  like: FloatArray,
  own: readonly Observable[] = [],
): TrainState | undefined {
  const path = join(folder, stateFile);
  const records = join(folder, recordsFile);
  if (!existsSync(path)) {
    refuseManifestOfAnother(folder, run);
    if (existsSync(records)) truncateSync(records, 0);
    return undefined;
  }
  const { tensors, metadata } = parseSafetensors(new Uint8Array(readFileSync(path)), path);
  const damaged = (what: string): DataError =>
    new DataError(`${path}: ${what}; remove the folder to begin anew, or choose another`);
  const json = (name: string): unknown => {
    try {
      return JSON.parse(metadata.get(name) ?? 'null');
    } catch {
      throw damaged(`its entry '${name}' is no JSON`);
    }
  };
  refuseOtherFormat(path, { format: metadata.get('format'), revision: json('revision') });
  refuseOtherRun(path, json('run'), run);
  const floats = (name: string): FloatArray => {
    const data = tensors.get(name)?.data;
    if (data instanceof Float32Array || data instanceof Float64Array) return data;
    throw damaged(`the tensor '${name}' is missing`);
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
    throw damaged(`the weights hold ${weights.length} numbers, this network has ${like.length}`);
  }
  const numbers = Object.fromEntries(
    ['step', 'updates', 'records', 'recordsBytes', 'time', 'window', 'follow'].map((name) => [name, json(name)]),
  );
  const kept = keptSchema.safeParse(numbers);
  if (!kept.success) throw damaged(problemsOf(kept.error, numbers, 'its entries').join('; '));
  const { step, time, window, follow, updates, records: count, recordsBytes: bytes } = kept.data;
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
    records: readRecords(records, schemaOfRun(run, own), { bytes, count }),
    window,
  };
}

const natural = z.int().min(0);

/** What a checkpoint says beside its tensors. */
const keptSchema = z.object({
  step: natural,
  time: z.number().min(0),
  window: z.array(z.strictObject({ step: natural, overlap: z.number() })),
  follow: z.strictObject({ since: natural.nullable(), averageDominance: z.number().nullable(), products: natural }),
  updates: natural.max(1000),
  records: natural,
  recordsBytes: natural,
});

/** The records that a checkpoint counts. */
function readRecords(
  path: string,
  schema: ReturnType<typeof schemaOfRun>,
  { bytes, count }: { readonly bytes: number; readonly count: number },
): TrainRecord[] {
  if (count === 0 && !existsSync(path)) return [];
  const foreign = (why: string, cause?: unknown): DataError =>
    new DataError(
      `${path} does not belong to its checkpoint: ${why}; remove the folder to begin anew, or choose another`,
      { cause },
    );
  let text: string;
  try {
    const { size } = statSync(path);
    if (size < bytes) throw foreign(`it has ${size} bytes, fewer than the ${bytes} its checkpoint counts`);
    truncateSync(path, bytes);
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw cause instanceof DataError ? cause : foreign((cause as Error).message, cause);
  }
  const records = parseRecords(text, path, schema);
  if (records.length === count) return records;
  throw foreign(`it holds ${records.length} records, its checkpoint counts ${count}`);
}
