import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { isObject, refuseOtherRun } from '../files/same-run.js';
import { trainingRevision } from './revision.js';
import { refuseOtherFormat, runFormat } from './run-format.js';
import type { TrainRun } from './train-document.js';
import { writeAtomically } from '../files/write-atomically.js';

/** Where and when a run folder was worked on: what may change wall time, and never a record. */
export interface Manifest {
  readonly format: string;
  readonly revision: number;
  readonly run: TrainRun;
  readonly sessions: readonly Session[];
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

/** Writes config.json and adds a session to manifest.json. Throws DataError if the disk refuses. */
export function writeManifest(folder: string, run: TrainRun, resumedAt: number | null): void {
  const path = join(folder, 'manifest.json');
  const session: Session = {
    started: new Date().toISOString(),
    resumedAt,
    node: process.version,
    system: `${platform()} ${arch()}`,
    processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} threads`,
    memoryBytes: totalmem(),
  };
  const manifest: Manifest = {
    format: runFormat,
    revision: trainingRevision,
    run,
    sessions: [...(resumedAt === null ? [] : sessionsOf(path)), session],
  };
  writeAtomically(join(folder, 'config.json'), `${JSON.stringify(run.config, null, 2)}\n`);
  writeAtomically(path, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Throws UsageError or DataError where a folder, though it has no checkpoint, says that it is of another run. */
export function refuseManifestOfAnother(folder: string, run: TrainRun): void {
  const path = join(folder, 'manifest.json');
  const found = manifestOf(path);
  if (found === undefined) return;
  refuseOtherFormat(path, found);
  refuseOtherRun(path, found.run, run);
}

/** The sessions so far; none where the file is missing or damaged: nothing depends on it. */
function sessionsOf(path: string): readonly Session[] {
  const sessions = manifestOf(path)?.sessions;
  return Array.isArray(sessions) ? (sessions as Session[]) : [];
}

/** What the file says; undefined where it is missing or damaged. */
function manifestOf(path: string): Readonly<Record<string, unknown>> | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isObject(found) ? found : undefined;
  } catch {
    return undefined;
  }
}
