import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { claimFiles, inOwnFolder } from '../../files/owned-folder.js';
import { sealedJson } from '../../files/sealed-json.js';
import { writeAtomically } from '../../files/write-atomically.js';
import type { Engine } from '../../jobs/engine.js';
import type { Failure } from '../../jobs/failure.js';
import type { Job } from '../../jobs/job.js';
import { localEngine } from '../../jobs/local/local-engine.js';
import { resultStore } from '../../jobs/result-store.js';
import { runJobs, type JobsProgress } from '../../jobs/run-jobs.js';
import type { SweepPlan } from './plan.js';
import { progressWriter } from './progress-file.js';
import { sweepFiles, sweepFolder, tableFiles } from './sweep-folder.js';
import { sweepWorker } from './worker-module.js';
import { writeTables, type WrittenTables } from './write-tables.js';

/** Where a sweep is kept and worked on, who may stop it, and who is told. */
export interface SweepOptions {
  /** Its folder: results that are there are not worked out again, whatever description they were of. */
  readonly out: string;
  /** Where runs are worked on; a process for each core of this machine if left out. */
  readonly engine?: Engine;
  readonly signal?: AbortSignal;
  /** Called before anything is run, with the jobs that are left. */
  readonly onStart?: (left: readonly Job[]) => void;
  /** Called whenever a run comes further, or ends. */
  readonly onProgress?: (progress: JobsProgress) => void;
  /** Told what is to be known of the engine: nobody answers, no worker is there. */
  readonly onNotice?: (text: string) => void;
}

/** What a sweep came to. */
export interface SweepOutcome extends WrittenTables {
  /** By the key of the run. */
  readonly failures: ReadonlyMap<string, Failure>;
}

/**
 * Runs all that a plan names and its folder does not hold, and writes the tables. A run that fails is named in runs.csv, and the others go on; it is tried again by the next call.
 *
 * Throws UsageError for a folder in use or of something else, or an engine that is not there; DataError if the disk refuses; with a signal, its reason once everything is kept, so that the
 * same call goes on.
 */
export async function runSweep(plan: SweepPlan, options: SweepOptions): Promise<SweepOutcome> {
  const here = { worker: sweepWorker, processes: availableParallelism() };
  const { out, engine = localEngine(here), signal, onStart, onProgress, onNotice } = options;
  return inOwnFolder(out, sweepFolder, async () => {
    const { description, progress: progressName } = sweepFiles;
    claimFiles(out, sweepFolder, [description, progressName, ...tableFiles]); // now, for `sweep table` while it runs
    writeAtomically(join(out, description), sealedJson({ description: plan.description }, 2));
    const store = resultStore(out);
    const jobs = [...new Set(plan.runs.map(({ job }) => job))];
    const left = jobs.filter((job) => !store.isFinished(job));
    onStart?.(left);
    const progress = progressWriter(plan, out, engine.name, left.length);
    try {
      const failures = await runJobs(left, {
        store,
        engine,
        ...(signal && { signal }),
        ...(onNotice && { onNotice }),
        onEnd: progress.ended,
        onProgress(now) {
          progress.update(now);
          onProgress?.(now);
        },
      });
      progress.close('ended');
      return { ...writeTables(plan, store, failures), failures };
    } catch (error) {
      try {
        progress.close('stopped');
      } catch {
        // the disk refuses: why it ends is what is to be known
      }
      throw error;
    }
  });
}
