import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../errors.js';
import type { Engine } from '../engine.js';
import { queuedTasks, SlurmAway, type QueuedTask } from './array-queue.js';
import { reachCluster } from './cluster.js';
import { followArrays } from './follow-arrays.js';
import { resumedArray } from './followed-array.js';
import { batchScript, readSlurmTemplate, slurmTemplate } from './script-template.js';
import { refuseOptions } from './submit-array.js';
import { submissionsOf } from './submission.js';

/** How jobs are worked on by a Slurm cluster. */
export interface SlurmOptions {
  /** The module whose process executes jobs: it calls `serveJobs`. Compute nodes find it at the same place, as they do the store. */
  readonly worker: URL;
  /** Processes of an array task. 1 if left out; the template asks for processors for the threads of all of them. */
  readonly processesPerTask?: number;
  /** Threads that a process works with. 1 if left out. */
  readonly threads?: number;
  /** Passed to sbatch, each with its value: `--partition=NAME`. */
  readonly options?: readonly string[];
  /** A batch script with places to fill in place of `slurmTemplate`. */
  readonly template?: string;
  /** Array tasks that may run at a time. */
  readonly maxTasks?: number;
  /** An array task has jobs of so many seconds, by their estimates, where there are as many. 60 if left out. */
  readonly taskSeconds?: number;
  /** How often a job is submitted again whose task is gone without its result, or whose process died. 2 if left out. */
  readonly retries?: number;
  /** Seconds between two looks at the queue, at least. 1 if left out. */
  readonly pollSeconds?: number;
  /** Seconds that a shared file system may take to show here what was written on another machine; a task reports every five. 15 if left out. */
  readonly settleSeconds?: number;
}

/**
 * Job arrays of a Slurm cluster that shares the folder of the store with this machine. What a killed driver left in the queue is found again and followed on.
 *
 * `start` throws UsageError where commands of Slurm are missing, its controller does not answer, an option is not legal, or Slurm could not write logs to the folder.
 */
export function slurmEngine({
  worker,
  processesPerTask: processes = 1,
  threads = 1,
  options = [],
  template: path,
  maxTasks: atOnce,
  taskSeconds = 60,
  retries = 2,
  pollSeconds = 1,
  settleSeconds = 15,
}: SlurmOptions): Engine {
  return {
    name: 'slurm',
    capacity: Infinity,
    async start(store, events) {
      refuseOptions(options);
      refuseFolder(store.path);
      const template = path === undefined ? slurmTemplate : readSlurmTemplate(path);
      const cluster = await reachCluster();
      const submissions = submissionsOf(store.path);
      const rows = await answered(() => queuedTasks(submissions.map(({ name }) => name)));
      const earlier = submissions.flatMap((submission) => resumedArray(submission, rows) ?? []);
      if (earlier.length > 0) {
        const tasks = earlier.reduce((sum, { open }) => sum + open.size, 0);
        events.onNotice(`${tasks} array tasks of an earlier start are in Slurm's queue, and are followed on`);
      }
      const script = (folder: string): string => batchScript(template, [...arrayTask(), folder], processes * threads);
      const follow = { cluster, worker: worker.href, processes, options, atOnce, taskSeconds, retries, script };
      return followArrays({ ...follow, pollSeconds, settleSeconds }, store, events, earlier);
    },
  };
}

/** The command of an array task, up to the folder of its submission. */
function arrayTask(): string[] {
  const isSource = import.meta.url.endsWith('.ts');
  const module = new URL(isSource ? './array-task.ts' : './array-task.js', import.meta.url);
  return [process.execPath, ...(isSource ? ['--import', import.meta.resolve('tsx')] : []), fileURLToPath(module)];
}

/** Slurm replaces `%a` in the names of logs, and parts of its own from whatever folder they lie in. */
function refuseFolder(store: string): void {
  if (!/[%\\\n]/.test(resolve(store))) return;
  throw new UsageError(
    `Slurm could not write logs to ${resolve(store)}: choose a folder without %, \\ and line ends in its path`,
  );
}

async function answered(question: () => Promise<QueuedTask[]>): Promise<QueuedTask[]> {
  try {
    return await question();
  } catch (cause) {
    if (!(cause instanceof SlurmAway)) throw cause;
    throw new UsageError(`Slurm does not answer: ${cause.message}; try again once it does`, { cause });
  }
}
