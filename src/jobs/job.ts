import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { trainingRevision } from '../train/revision.js';
import { version } from '../version.js';
import type { Work } from './work.js';

/** The name of a job with a result of type R. */
export interface JobKey<R = unknown> {
  /** Also the name of its folder. */
  readonly key: string;
  /** Only a type. */
  readonly result?: R;
}

/**
 * A piece of work with a result of type R, plain JSON. Its key holds a hash of everything that determines the result (the work with its revision and arguments, which name the
 * checksums of what it reads, the jobs it comes after, the version of the package and the revision of training), so that equal jobs are one, and the result of other arguments or of older code is not found.
 */
export interface Job<R = unknown> extends JobKey<R> {
  /** The name of the work, in the list that a worker has. */
  readonly work: string;
  /** Plain JSON. */
  readonly arguments: unknown;
  /** Processor seconds it should take, for the time left. */
  readonly seconds: number;
  /** Bytes it should need at most; 0 where that is not known. */
  readonly memory: number;
  /** Jobs whose folders or results it reads. */
  readonly after: readonly Job[];
}

/** What is known of a job beside its work and arguments. */
export interface JobOptions {
  /** Begins the key, for people; the name of the work if left out. */
  readonly name?: string;
  readonly after?: readonly Job[];
  readonly seconds: number;
  readonly memory?: number;
  /** What else determines the result: checksums of files that the work reads and its arguments do not name. */
  readonly inputs?: readonly unknown[];
}

/** A call of a work. */
export function jobOf<A, R>(
  { name: work, revision }: Pick<Work<A, R>, 'name' | 'revision'> & Partial<Pick<Work<A, R>, 'run'>>,
  args: A,
  { name = work, after = [], seconds, memory = 0, inputs = [] }: JobOptions,
): Job<R> {
  const slug = name
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .toLowerCase()
    .slice(0, 80);
  const determined = JSON.stringify({
    work,
    revision,
    args,
    after: after.map(({ key }) => key),
    inputs,
    version,
    trainingRevision,
  });
  const key = `${slug}-${bytesToHex(sha256(utf8ToBytes(determined))).slice(0, 16)}`;
  return { key, work, arguments: args, seconds, memory, after };
}

/** Whether a text may be the key of a job: as the name of a folder it leads nowhere else. */
export const isJobKey = (text: string): boolean => /^[a-z0-9-]+-[0-9a-f]{16}$/.test(text);

/** The jobs and all they come after, each once, each after those it builds on. */
export function withPrerequisites(jobs: readonly Job[]): Job[] {
  const found = new Map<string, Job>();
  const add = (job: Job): void => {
    if (found.has(job.key)) return;
    job.after.forEach(add);
    found.set(job.key, job);
  };
  jobs.forEach(add);
  return [...found.values()];
}

export function secondsOf(jobs: readonly Pick<Job, 'seconds'>[]): number {
  return jobs.reduce((sum, { seconds }) => sum + seconds, 0);
}
