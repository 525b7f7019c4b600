import { closeSync, existsSync, openSync, readdirSync, readSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { DataError } from '../../errors.js';
import { makeFolder } from '../../files/make-folder.js';
import { readText } from '../../files/read-bytes.js';
import { openSealed, sealedJson } from '../../files/sealed-json.js';
import { writeAtomically } from '../../files/write-atomically.js';
import type { Attempt } from './attempt.js';

const schema = z.strictObject({
  format: z.literal('tiny-subspace slurm 1'),
  name: z.string(),
  worker: z.string(),
  processes: z.int().min(1),
  offsets: z.array(z.int().min(0)).min(2),
});

/**
 * An array of tasks, in a folder of its own: submission.json, jobs.jsonl (a line for each task), array.sh; `number`, what Slurm calls it; logs/, reports/ and
 * slots/, where a task is taken by the process that works on it.
 */
export interface Submission {
  readonly folder: string;
  /** Of the array in Slurm's queue: nothing else there has it. */
  readonly name: string;
  /** The module whose process executes jobs. */
  readonly worker: string;
  /** Of each task. */
  readonly processes: number;
  /** Where the lines of jobs.jsonl begin, and where the last one ends, in bytes. */
  readonly offsets: readonly number[];
}

/** Where a store keeps its submissions: folders with numbers. */
const folderOfAll = (store: string): string => resolve(store, 'slurm');

export const tasksOf = ({ offsets }: Submission): number => offsets.length - 1;

/** Writes all that a submission is, confirmed by the disk, before Slurm hears of it. Throws DataError if the disk refuses. */
export function writeSubmission(
  store: string,
  tasks: readonly (readonly Attempt[])[],
  given: Pick<Submission, 'name' | 'worker' | 'processes'>,
  script: (folder: string) => string,
): Submission {
  const folder = join(folderOfAll(store), String(1 + Math.max(0, ...numbersIn(folderOfAll(store)))));
  for (const name of ['logs', 'reports', 'slots']) makeFolder(join(folder, name));
  const lines = tasks.map((attempts) => `${JSON.stringify(attempts.map(plain))}\n`);
  const offsets = [0];
  for (const line of lines) offsets.push(offsets.at(-1)! + Buffer.byteLength(line));
  writeAtomically(join(folder, 'jobs.jsonl'), lines.join(''));
  writeAtomically(join(folder, 'array.sh'), script(folder));
  writeAtomically(join(folder, 'submission.json'), sealedJson({ format: 'tiny-subspace slurm 1', ...given, offsets }));
  return { folder, ...given, offsets };
}

/** What a job comes after is finished, and its arguments name it. */
const plain = ({ job, ...attempt }: Attempt): Attempt => ({ ...attempt, job: { ...job, after: [] } });

/** Throws DataError where it is not as it was written. */
export function readSubmission(folder: string): Submission {
  const path = join(folder, 'submission.json');
  const fail = (problem: string): never => {
    throw new DataError(`${path}: ${problem}; remove ${folder} if nothing of it is in the queue`);
  };
  const found = schema.safeParse(openSealed(readText(path, 'choose another folder'), fail));
  if (!found.success) return fail(z.prettifyError(found.error));
  const { name, worker, processes, offsets } = found.data;
  return { folder, name, worker, processes, offsets };
}

/** All submissions of a store, the last one first. One that was not written to its end was never submitted, and is left out. */
export function submissionsOf(store: string): Submission[] {
  const all = folderOfAll(store);
  return numbersIn(all)
    .sort((a, b) => b - a)
    .map((number) => join(all, String(number)))
    .filter((folder) => existsSync(join(folder, 'submission.json')))
    .map(readSubmission);
}

const numbersIn = (folder: string): number[] =>
  (existsSync(folder) ? readdirSync(folder) : []).filter((name) => /^\d+$/.test(name)).map(Number);

/** What a task is to do. */
export function attemptsOf({ folder, offsets }: Submission, index: number): Attempt[] {
  const line = Buffer.alloc(offsets[index + 1]! - offsets[index]!);
  const file = openSync(join(folder, 'jobs.jsonl'), 'r');
  try {
    readSync(file, line, 0, line.length, offsets[index]!);
  } finally {
    closeSync(file);
  }
  return JSON.parse(line.toString('utf8')) as Attempt[];
}

/** In place of the number of an array that Slurm never had, or has for nothing. */
export const withdrawn = 'none';

/** The number of a submission's array, or `withdrawn`; undefined where the answer of Slurm was not seen. */
export function numberOf({ folder }: Submission): string | undefined {
  const path = join(folder, 'number');
  return existsSync(path) ? readText(path, 'remove it').trim() : undefined;
}

export function keepNumber({ folder }: Submission, number: string): void {
  writeAtomically(join(folder, 'number'), `${number}\n`);
}

/** Takes a task for whoever calls first; false for all others, on whatever machine. */
export function takeSlot({ folder }: Submission, index: number): boolean {
  try {
    writeFileSync(join(folder, 'slots', String(index)), '', { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new DataError(`${folder} cannot be written to: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Takes every task that nobody has taken: should Slurm hear of the array only now, its tasks do nothing. Returns whether it is withdrawn as a whole, which is kept; false where some were
 * begun.
 */
export function withdraw(submission: Submission): boolean {
  const taken = Array.from({ length: tasksOf(submission) }, (_, i) => takeSlot(submission, i));
  const isWhole = !taken.includes(false);
  if (isWhole) keepNumber(submission, withdrawn);
  return isWhole;
}

/** Where Slurm puts what a task prints. */
export const logPath = ({ folder }: Pick<Submission, 'folder'>, task: number | '%a'): string =>
  join(folder, 'logs', `${task}.log`);
