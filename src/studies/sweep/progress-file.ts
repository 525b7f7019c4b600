import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DataError } from '../../errors.js';
import { thisProcess } from '../../files/process-identity.js';
import { readText } from '../../files/read-bytes.js';
import { openSealed, sealedJson } from '../../files/sealed-json.js';
import { writeAtomically } from '../../files/write-atomically.js';
import type { Failure } from '../../jobs/failure.js';
import type { Job } from '../../jobs/job.js';
import type { JobsProgress } from '../../jobs/run-jobs.js';
import { problemsOf } from '../../train/check-config.js';
import type { SweepPlan } from './plan.js';
import { sweepFiles } from './sweep-folder.js';

const natural = z.int().min(0);
const point = z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]));

const progressSchema = z.strictObject({
  format: z.literal('tiny-subspace sweep progress 1'),
  engine: z.string(),
  state: z.enum(['running', 'stopped', 'ended']),
  /** The process that drives it. */
  driver: z.strictObject({
    host: z.string(),
    machine: z.string().nullable(),
    boot: z.string().nullable(),
    space: z.string().nullable(),
    pid: z.int(),
    started: z.string().nullable(),
  }),
  started: z.iso.datetime(),
  updated: z.iso.datetime(),
  /** Runs of the description: all, those with a result, those that failed since it was started. */
  total: natural,
  finished: natural,
  failed: natural,
  running: z.array(z.strictObject({ key: z.string(), point, share: z.number() })),
  /** By the pace so far; null until there is one. */
  secondsLeft: z.number().nullable(),
  failures: z.array(z.strictObject({ key: z.string(), point, message: z.string() })),
});

/** How far a sweep is, as its driver last wrote it. */
export type SweepProgress = z.infer<typeof progressSchema>;

/** Writes the progress of a sweep for others to read. */
export interface ProgressWriter {
  readonly ended: (job: Job, failure: Failure | undefined) => void;
  readonly update: (progress: JobsProgress) => void;
  readonly close: (state: 'stopped' | 'ended') => void;
}

const writeEvery = 2000; // ms
/** So many failures, and running jobs, are named. */
const named = 100;

/** Begins with so many runs that are left to do. Throws DataError if the disk refuses. */
export function progressWriter(plan: SweepPlan, out: string, engine: string, left: number): ProgressWriter {
  const path = join(out, sweepFiles.progress);
  const points = new Map(plan.runs.map(({ job, point: at }) => [job.key, at]));
  const started = new Date();
  const driver = thisProcess();
  const failures: SweepProgress['failures'] = [];
  let latest: JobsProgress | undefined;
  let writtenAt = 0;
  const write = (state: SweepProgress['state']): void => {
    const now = latest;
    const failed = now?.failed ?? 0;
    // Counted from the end: what an earlier start left in a queue may finish before this one begins.
    const open = state === 'ended' ? 0 : now === undefined ? left : now.total - now.finished;
    const document: SweepProgress = {
      format: 'tiny-subspace sweep progress 1',
      engine,
      state,
      driver,
      started: started.toISOString(),
      updated: new Date().toISOString(),
      total: points.size,
      finished: points.size - open - failed,
      failed,
      running:
        state === 'running'
          ? [...(now?.running ?? [])]
              .slice(0, named)
              .map(([{ key }, share]) => ({ key, point: points.get(key) ?? {}, share }))
          : [],
      secondsLeft: now === undefined || state !== 'running' ? null : secondsLeft(now, Date.now() - started.getTime()),
      failures,
    };
    writeAtomically(path, sealedJson(document));
    writtenAt = Date.now();
  };
  write('running');
  return {
    ended({ key }, failure) {
      if (failure !== undefined && failures.length < named) {
        failures.push({ key, point: points.get(key) ?? {}, message: failure.message });
      }
    },
    update(progress) {
      latest = progress;
      if (Date.now() - writtenAt >= writeEvery) write('running');
    },
    close: write,
  };
}

/** At the pace so far, milliseconds `elapsed` for what is done; null until a hundredth of the work is. */
export function secondsLeft({ seconds, secondsDone }: JobsProgress, elapsed: number): number | null {
  return secondsDone > 0.01 * seconds ? ((seconds - secondsDone) * elapsed) / 1000 / secondsDone : null;
}

/** The progress of a sweep, undefined where none was written. Throws DataError for a file that was altered. */
export function readProgress(out: string): SweepProgress | undefined {
  const path = join(out, sweepFiles.progress);
  if (!existsSync(path)) return undefined;
  const wayOut = 'remove it: the sweep writes it anew';
  const fail = (problem: string): never => {
    throw new DataError(`${path}: ${problem}; ${wayOut}`);
  };
  const found = openSealed(readText(path, wayOut), fail);
  const { data, error } = progressSchema.safeParse(found);
  return error === undefined ? data : fail(problemsOf(error, found, 'progress').join('; '));
}
