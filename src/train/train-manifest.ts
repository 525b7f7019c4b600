import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { isObject } from '../files/same-run.js';
import { trainingRevision } from './revision.js';
import { runFormat } from './run-format.js';
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

/** The sessions so far; none where the file is missing or damaged: nothing depends on it. */
function sessionsOf(path: string): readonly Session[] {
  if (!existsSync(path)) return [];
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isObject(found) && Array.isArray(found.sessions) ? (found.sessions as Session[]) : [];
  } catch {
    return [];
  }
}
