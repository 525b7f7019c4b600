import { z } from 'zod';
import { checkpointEntries, damagedCheckpoint, type CheckpointEntries } from '../../../src/train/checkpoint-entries.js';
import {
  alteredConfig,
  beingExtended,
  configText,
  noCheckpoint,
  noRecords,
  noRunFolder,
  replacing,
} from '../../../src/train/folder-problems.js';
import { manifestOf } from '../../../src/train/manifest-text.js';
import {
  readRecords,
  recordsAtMark,
  recordsStart,
  schemaOfRun,
  type ReadRecords,
} from '../../../src/train/read-records.js';
import type { TrainRun } from '../../../src/train/train-run.js';
import { checkWeights } from './check-weights.js';
import { bareRecords } from './bare-records.js';
import { describeTensors } from './describe-tensors.js';
import type { OpenedRun, OpenedFolder } from './opened-run.js';
import { bytesOf, fileText, steadyFiles, type FileHandle } from './run-file.js';
import { sealProblemOf, tensorFileOf } from './tensor-file.js';

const document = 2 ** 24;
/** Bytes of records that are read. */
const mostRecords = 2 ** 27;

/** What the page reads of a configuration; the seal of the manifest holds all of it. */
const configuration = z.looseObject({
  model: z.string(),
  steps: z.number(),
  top: z.number(),
  batch: z.number().nullable(),
  seed: z.number(),
  schedule: z.looseObject({ rate: z.number() }),
  optimizer: z.looseObject({ kind: z.string() }),
  noiseNull: z.number().exactOptional(),
});

/**
 * What a run folder holds, each file held against its checksums as `train` and `figures --run` do, and as much of it as is intact. Nothing throws: what is wrong is said. Files are read in slices,
 * of checkpoints and weights the headers; their bytes pass through SHA-256 and are not kept.
 */
export async function readRun({ name, files: given }: OpenedFolder<FileHandle>): Promise<OpenedRun> {
  const list = await steadyFiles(given);
  const [alone] = list;
  if (list.length === 1 && alone!.path.endsWith('.safetensors') && alone!.path === name) return describeTensors(alone!);
  const files = new Map(list.map((file) => [file.path, file]));
  const problems: string[] = [];
  const notes: string[] = [];
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      problems.push((error as Error).message);
      return undefined;
    }
  };
  if (list.some(({ path }) => path.startsWith(`${replacing.whole}/`))) problems.push(beingExtended(name).message);
  const manifest = await attempt(async () => {
    const found = files.get('manifest.json');
    if (found === undefined) throw noRunFolder(name);
    return manifestOf(await fileText(found, document), `${name}/manifest.json`, configuration).run;
  });
  const checkpoint = await attempt(() => readCheckpoint(name, files, notes));
  const run = manifest ?? (checkpoint?.run as unknown as TrainRun | undefined);
  const file = files.get('records.jsonl');
  if (file === undefined) {
    problems.push(noRecords(name).message);
    return { name, run: run ?? null, subspace: run?.subspace ?? null, records: [], problems, notes };
  }
  const text = await attempt(async () =>
    new TextDecoder().decode(await bytesOf(file, 0, Math.min(file.bytes, mostRecords))),
  );
  if (run === undefined) return bareRecords(name, text ?? '', files, { problems, notes });
  const shown = files.get('config.json');
  if (manifest !== undefined && shown !== undefined)
    await attempt(async () => {
      if ((await fileText(shown, document)) !== configText(run)) throw alteredConfig(`${name}/config.json`);
    });

  const read = recordsOf(text ?? '', file, `${name}/records.jsonl`, run, checkpoint);
  if (read.problem !== undefined) problems.push(read.problem.message);
  const weights = await attempt(() => checkWeights(name, files, read.kept, recordsStart(run).chain));
  const { length } = read.kept;
  if (length > 0)
    notes.unshift(`${length} ${length === 1 ? 'record' : 'records'} intact, each held against the chain of seals`);
  else if (problems.length === 0) problems.push(noRecords(name).message);
  return {
    name,
    run,
    subspace: run.subspace,
    records: read.kept.map(({ record }) => record),
    problems: [...problems, ...(weights?.problems ?? [])],
    notes: [...notes, ...read.notes, ...(weights?.notes ?? [])],
  };
}

/** What the checkpoint of a folder says, its seal looked at; undefined where there is none. */
async function readCheckpoint(
  folder: string,
  files: ReadonlyMap<string, FileHandle>,
  notes: string[],
): Promise<CheckpointEntries | undefined> {
  const file = files.get('checkpoint.safetensors');
  if (file === undefined) return undefined;
  const path = `${folder}/checkpoint.safetensors`;
  const found = await tensorFileOf(file, path).catch((cause: unknown) => {
    throw damagedCheckpoint(path, `it is no safetensors file (${file.bytes} bytes)`, cause);
  });
  const entries = checkpointEntries(found.metadata, path);
  const problem = await sealProblemOf(file, found);
  if (typeof problem === 'string') throw damagedCheckpoint(path, problem);
  notes.push(problem === null ? 'checkpoint too large to be held against its SHA-256 here' : 'checkpoint intact');
  return entries;
}

/** The records that the checkpoint counts or, without one or in a file too long for this page, those that follow one another from the start. */
function recordsOf(
  text: string,
  { bytes }: FileHandle,
  path: string,
  run: TrainRun,
  checkpoint: CheckpointEntries | undefined,
): ReadRecords & { readonly notes: readonly string[] } {
  const mark = checkpoint?.records;
  if (bytes > mostRecords) {
    const read = readRecords(text, path, schemaOfRun(run), recordsStart(run).chain);
    return {
      ...read,
      notes: [`${path} has ${bytes} bytes: the first ${mostRecords} of them are read, and not what follows`],
    };
  }
  if (mark === undefined) {
    const read = readRecords(text, path, schemaOfRun(run), recordsStart(run).chain);
    const lines = text.split('\n').length - 1;
    return { kept: read.kept, problem: read.problem ?? (lines > 0 ? noCheckpoint(path, lines) : undefined), notes: [] };
  }
  const cut = new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, mark.bytes));
  const behind = bytes - mark.bytes;
  return {
    ...recordsAtMark({ text: cut, bytes, path }, run, mark),
    notes:
      behind > 0
        ? [`${behind} bytes of ${path} behind the last checkpoint were never finished, and are not shown`]
        : [],
  };
}
