import { existsSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { DataError } from '../errors.js';
import { manifestName } from '../files/owned-folder.js';
import { readText } from '../files/read-bytes.js';
import { isObject, refuseOtherRun } from '../files/same-run.js';
import { openSealed, sealedJson } from '../files/sealed-json.js';
import { writeAtomically } from '../files/write-atomically.js';
import { problemsOf } from './check-config.js';
import { trainingRevision } from './revision.js';
import { refuseOtherFormat, runFolderName, runFormat } from './run-format.js';
import { trainSchema, type TrainConfig } from './train-config.js';
import type { TrainRun } from './train-run.js';

/** Whose folder it is, and where and when it was worked on: the sessions may change wall time, and never a record. */
export interface Manifest {
  readonly format: string;
  readonly revision: number;
  readonly run: TrainRun;
  /** What it was before it was extended, in order; left out of a run that never was. */
  readonly extended?: readonly EarlierRun[];
  readonly sessions: readonly Session[];
}

/** What a run was asked for before it was extended, and the step it had come to. */
interface EarlierRun {
  readonly steps: number;
  readonly measureEvery: TrainConfig['measureEvery'];
  readonly at: number;
}

interface Session {
  readonly started: string;
  /** The step it began with; null for a new run. */
  readonly resumedAt: number | null;
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly memoryBytes: number;
}

/** What the chain of records begins with. */
export function identityOf(run: TrainRun): object {
  return { format: runFormat, revision: trainingRevision, run };
}

/** Writes manifest.json with one more session, and config.json. Throws DataError if the disk refuses. */
export function writeManifest(folder: string, run: TrainRun, resumedAt: number | null): void {
  const session: Session = {
    started: new Date().toISOString(),
    resumedAt,
    node: process.version,
    system: `${platform()} ${arch()}`,
    processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} threads`,
    memoryBytes: totalmem(),
  };
  const before = resumedAt === null ? undefined : readManifest(folder);
  write(folder, run, { ...before, sessions: [...(before?.sessions ?? []), session] });
}

/** Writes manifest.json and config.json of a run that was another one, which had come to step `at`. Throws DataError if the disk refuses. */
export function writeExtended(folder: string, run: TrainRun, before: Manifest & { readonly at: number }): void {
  const { steps, measureEvery } = before.run.config;
  const extended = [...(before.extended ?? []), { steps, measureEvery, at: before.at }];
  write(folder, run, { extended, sessions: before.sessions });
}

function write(folder: string, run: TrainRun, { extended, sessions }: Pick<Manifest, 'extended' | 'sessions'>): void {
  const manifest = { ...identityOf(run), ...(extended === undefined ? {} : { extended }), sessions };
  writeAtomically(join(folder, manifestName), sealedJson(manifest, 2));
  writeAtomically(join(folder, 'config.json'), configText(run));
}

/** Which steps a run was first asked to measure: an extended one may list them. */
export function askedMeasurements({ run, extended }: Manifest): TrainConfig['measureEvery'] {
  return extended?.[0]?.measureEvery ?? run.config.measureEvery;
}

/** Does a folder say that it is a run's? */
export function isRunFolder(folder: string): boolean {
  try {
    const found: unknown = JSON.parse(readText(join(folder, manifestName), 'choose another folder'));
    return isObject(found) && typeof found.format === 'string' && found.format.startsWith(`${runFolderName} `);
  } catch {
    return false;
  }
}

/**
 * Throws UsageError where a folder says that it is of another run, or its config.json was edited, which shows the configuration and is not read; DataError where
 * its manifest is damaged.
 */
export function refuseFolderOfAnother(folder: string, run: TrainRun): void {
  const found = readManifest(folder);
  if (found !== undefined) refuseOtherRun(join(folder, manifestName), found.run, run);
  const path = join(folder, 'config.json');
  if (!existsSync(path)) return;
  const wayOut = 'it only shows the configuration of the run: remove it to go on';
  const text = readText(path, wayOut);
  if (text === configText(run)) return;
  throw new DataError(
    `${path} was altered since the run began; ${wayOut}, or give it as --config with another folder to run what it says`,
  );
}

/** The manifest of a run folder; undefined where there is none. Throws DataError where it is damaged or of another format, UsageError where it is of another revision of training. */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, manifestName);
  if (!existsSync(path)) return undefined;
  const wayOut = 'restore it, or remove it and repeat the train command, which writes it anew';
  const text = readText(path, wayOut);
  const found = parsed(path, text, wayOut);
  refuseOtherFormat(path, found);
  const { error } = manifestSchema.safeParse(found);
  if (error !== undefined)
    throw new DataError(`${path}: ${problemsOf(error, found, 'manifest').join('; ')}; ${wayOut}`);
  openSealed(text, (problem) => {
    throw new DataError(
      `${path}: ${problem}; records and checkpoint say for themselves whether they are intact: ${wayOut}`,
    );
  });
  return found as unknown as Manifest;
}

/** What is read again: the configuration, what figures say of the data, and the sessions. */
const manifestSchema = z.looseObject({
  run: z.looseObject({
    config: trainSchema,
    data: z.looseObject({ name: z.string(), samples: z.int(), features: z.int(), classes: z.int().nullable() }),
    parameters: z.int().min(1),
    subspace: z.int().min(1),
    observables: z.array(z.string()).optional(),
  }),
  extended: z
    .array(z.strictObject({ steps: z.int().min(0), measureEvery: trainSchema.shape.measureEvery, at: z.int().min(0) }))
    .optional(),
  sessions: z.array(z.looseObject({})),
});

function configText({ config }: TrainRun): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}

function parsed(path: string, text: string, wayOut: string): Readonly<Record<string, unknown>> {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new DataError(`${path} is no JSON: ${(cause as Error).message}; ${wayOut}`, { cause });
  }
  if (isObject(found) && isObject(found.run)) return found;
  throw new DataError(`${path} describes no run; give the --out of a train command, or ${wayOut}`);
}
