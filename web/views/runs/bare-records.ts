import { z } from 'zod';
import { DataError } from '../../../src/errors.js';
import { isObject } from '../../../src/files/json-object.js';
import { structuralProblem } from '../../../src/files/json-structure.js';
import { observables } from '../../../src/train/observables/index.js';
import { readRecords, schemaOfRun } from '../../../src/train/read-records.js';
import type { TrainRecord } from '../../../src/train/observables/index.js';
import type { TrainRun } from '../../../src/train/train-run.js';
import type { OpenedRun } from './opened-run.js';
import type { FileHandle } from './run-file.js';
import { tensorFileOf } from './tensor-file.js';

const seal = z.object({ seal: z.object({ chain: z.string() }) });

/**
 * Records whose manifest and checkpoint are not there. The chain begins with what a file of weights beside them says of its run; without one the first line cannot be held against
 * anything, and is taken as it is, those after it against it. m is the cut whose gap the records have.
 */
export async function bareRecords(
  name: string,
  text: string,
  files: ReadonlyMap<string, FileHandle>,
  said: Pick<OpenedRun, 'problems' | 'notes'>,
): Promise<OpenedRun> {
  const path = `${name}/records.jsonl`;
  const about = await metadataOf([...files.values()]);
  const [first = ''] = text.split('\n', 1);
  const fields = parsed(first);
  const known = new Set<string>(['seal', 'noiseNull', ...observables.map(({ id }) => id)]);
  const schema = schemaOfRun({
    config: (Object.hasOwn(fields, 'noiseNull') ? { noiseNull: 1 } : {}) as TrainRun['config'],
    observables: Object.keys(fields).filter((field) => !known.has(field)),
  });
  const start = about.get('run');
  const read = start === undefined ? fromFirst(text, path, schema, fields) : readRecords(text, path, schema, start);
  const records = read.kept.map(({ record }) => record);
  return {
    name,
    run: null,
    subspace: cutOf(records),
    records,
    problems: [...said.problems, ...(read.problem === undefined ? [] : [read.problem.message])],
    notes: [
      ...said.notes,
      start === undefined
        ? `${records.length} records follow one another; nothing here says of which run: add manifest.json`
        : `${records.length} records are intact, and of the run that the weights beside them are of`,
    ],
  };
}

/** The records behind the first line, held against its seal, with it before them. */
function fromFirst(
  text: string,
  path: string,
  schema: z.ZodType<TrainRecord>,
  fields: Readonly<Record<string, unknown>>,
): ReturnType<typeof readRecords> {
  const { data } = seal.safeParse(fields);
  const { seal: own, ...rest } = fields;
  const record = schema.safeParse(rest);
  if (data === undefined || record.data === undefined || own === undefined)
    return {
      kept: [],
      problem: new DataError(
        `${path}, line 1: it is no record of a training run; it is the first line; restore the file`,
      ),
    };
  const end = text.indexOf('\n') + 1;
  const after = readRecords(text.slice(end), path, schema, data.seal.chain);
  const mark = { count: 1, bytes: end, chain: data.seal.chain };
  return { kept: [{ record: record.data, weights: null, mark }, ...after.kept], problem: after.problem };
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    if (structuralProblem(line, 100) !== undefined) return {};
    const found: unknown = JSON.parse(line);
    return isObject(found) ? found : {};
  } catch {
    return {};
  }
}

/** What the first file of weights says of itself that can be read. */
async function metadataOf(files: readonly FileHandle[]): Promise<ReadonlyMap<string, string>> {
  for (const file of files.filter(({ path }) => path.endsWith('.safetensors')).slice(0, 5)) {
    const found = await tensorFileOf(file, file.path).catch(() => undefined);
    if (found?.metadata.has('run') === true && found.metadata.has('step')) return found.metadata;
  }
  return new Map();
}

/** The m with λ_m − λ_{m+1} = gap in the first record with a gap of its own. */
function cutOf(records: readonly TrainRecord[]): number | null {
  for (const { eigenvalues, topFraction } of records) {
    const m = eigenvalues.findIndex((value, i) => i > 0 && eigenvalues[i - 1]! - value === topFraction.gap);
    if (m > 0) return m;
  }
  return null;
}
