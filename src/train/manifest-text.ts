import { z } from 'zod';
import { DataError } from '../errors.js';
import { isObject } from '../files/json-object.js';
import { openSealed } from '../files/sealed-json.js';
import { problemsOf } from './check-config.js';
import { refuseOtherFormat } from './run-format.js';
import type { TrainConfig } from './train-config.js';
import type { TrainRun } from './train-run.js';

/** Whose folder it is, and where and when it was worked on: the sessions may change wall time, and never a record. */
export interface Manifest {
  readonly format: string;
  readonly revision: number;
  readonly run: TrainRun;
  /** What it was before it was extended, in order; left out of a run that never was. */
  readonly extended?: readonly EarlierRun[];
  readonly sessions: readonly RunSession[];
}

/** What a run was asked for before it was extended, and the step it had come to. */
interface EarlierRun {
  readonly steps: number;
  readonly measureEvery: TrainConfig['measureEvery'];
  readonly at: number;
}

/** A process that worked on a run, and its machine. */
export interface RunSession {
  readonly started: string;
  /** The step it began with; null for a new run. */
  readonly resumedAt: number | null;
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly memoryBytes: number;
}

/** What can be done about a manifest that cannot be read. */
export const manifestWayOut = 'restore it, or remove it and repeat the train command, which writes it anew';

/**
 * The manifest in the text of a manifest.json, its configuration held against a schema. Throws DataError where it is damaged or of another format, UsageError where it is of another
 * revision of training.
 */
export function manifestOf(text: string, path: string, config: z.ZodObject): Manifest {
  const found = parsed(path, text);
  refuseOtherFormat(path, found);
  const { error } = manifestSchema(config).safeParse(found);
  if (error !== undefined)
    throw new DataError(`${path}: ${problemsOf(error, found, 'manifest').join('; ')}; ${manifestWayOut}`);
  openSealed(text, (problem) => {
    throw new DataError(
      `${path}: ${problem}; records and checkpoint say for themselves whether they are intact: ${manifestWayOut}`,
    );
  });
  return found as unknown as Manifest;
}

/** What is read again: the configuration, what figures say of the data, and the sessions. */
const manifestSchema = (config: z.ZodObject): z.ZodType =>
  z.looseObject({
    run: z.looseObject({
      config,
      data: z.looseObject({ name: z.string(), samples: z.int(), features: z.int(), classes: z.int().nullable() }),
      parameters: z.int().min(1),
      subspace: z.int().min(1),
      observables: z.array(z.string()).optional(),
    }),
    extended: z
      .array(
        z.strictObject({
          steps: z.int().min(0),
          measureEvery: (config.shape.measureEvery as z.ZodType | undefined) ?? z.json(),
          at: z.int().min(0),
        }),
      )
      .optional(),
    sessions: z.array(z.looseObject({})),
  });

function parsed(path: string, text: string): Readonly<Record<string, unknown>> {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new DataError(`${path} is no JSON: ${(cause as Error).message}; ${manifestWayOut}`, { cause });
  }
  if (isObject(found) && isObject(found.run)) return found;
  throw new DataError(`${path} describes no run; give the --out of a train command, or ${manifestWayOut}`);
}
