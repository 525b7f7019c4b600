import { existsSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { manifestName } from '../files/owned-folder.js';
import { readText } from '../files/read-bytes.js';
import { isObject } from '../files/json-object.js';
import { refuseOtherRun } from '../files/same-run.js';
import { sealedJson } from '../files/sealed-json.js';
import { writeAtomically } from '../files/write-atomically.js';
import { alteredConfig, configText, configWayOut } from './folder-problems.js';
import { manifestOf, manifestWayOut, type Manifest, type RunSession } from './manifest-text.js';
import { identityOf, runFolderName } from './run-format.js';
import { trainSchema, type TrainConfig } from './train-config.js';
import type { TrainRun } from './train-run.js';

/** Writes manifest.json with one more session, and config.json. Throws DataError if the disk refuses. */
export function writeManifest(folder: string, run: TrainRun, resumedAt: number | null): void {
  const session: RunSession = {
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
  if (readText(path, configWayOut) !== configText(run)) throw alteredConfig(path);
}

/** The manifest of a run folder; undefined where there is none. Throws DataError where it is damaged or of another format, UsageError where it is of another revision of training. */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, manifestName);
  if (!existsSync(path)) return undefined;
  return manifestOf(readText(path, manifestWayOut), path, trainSchema);
}
