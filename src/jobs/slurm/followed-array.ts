import type { Attempt } from './attempt.js';
import { isOver, type QueuedTask } from './array-queue.js';
import { attemptsOf, numberOf, tasksOf, withdraw, withdrawn, type Submission } from './submission.js';
import { readReport } from './task-report.js';

/** An array that is followed. */
export interface FollowedArray {
  readonly submission: Submission;
  /** Whether Slurm has taken it. */
  isSubmitted: boolean;
  /** What Slurm calls it; undefined where its answer was not seen. */
  number: string | undefined;
  /** Tasks that are not through, by index. */
  readonly open: Map<number, OpenTask>;
}

/** A task, and what of it has not ended, by the keys of its jobs. */
export interface OpenTask {
  readonly attempts: Map<string, Attempt>;
  /** When it was first seen that Slurm has it no more, in ms. */
  goneAt: number | undefined;
  /** Which report of it was read last. */
  heard: number;
}

/** A submission that was just written. */
export function newArray(submission: Submission, tasks: readonly (readonly Attempt[])[]): FollowedArray {
  return {
    submission,
    isSubmitted: false,
    number: undefined,
    open: new Map(tasks.map((attempts, i) => [i, openTask(attempts)])),
  };
}

const openTask = (attempts: readonly Attempt[]): OpenTask => ({
  attempts: new Map(attempts.map((attempt) => [attempt.job.key, attempt])),
  goneAt: undefined,
  heard: 0,
});

/** What Slurm says of a task. Of two with the same name, where an answer of sbatch was lost and it was asked again, the one that is not over counts. */
export function taskInQueue({ submission }: FollowedArray, index: number, rows: RowsByTask): QueuedTask | undefined {
  const found = rows.get(`${submission.name} ${index}`) ?? [];
  return found.find((row) => !isOver(row)) ?? found.at(-1);
}

/** Rows of the queue, by name and index. */
export type RowsByTask = ReadonlyMap<string, readonly QueuedTask[]>;

export function rowsByTask(rows: readonly QueuedTask[]): RowsByTask {
  const found = new Map<string, QueuedTask[]>();
  for (const row of rows) {
    const key = `${row.name} ${row.index}`;
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return found;
}

/**
 * An earlier submission as it is to be followed on; undefined where nothing of it is left. One whose driver was killed before it saw Slurm's answer may still arrive: if it is not in the
 * queue, all of its tasks are taken, so that it then does nothing.
 */
export function resumedArray(submission: Submission, rows: readonly QueuedTask[]): FollowedArray | undefined {
  const ours = rows.filter(({ name }) => name === submission.name);
  const number = numberOf(submission) ?? ours[0]?.array;
  if (number === withdrawn) return undefined;
  const wasBegun = number === undefined && !withdraw(submission); // after the queue was looked at
  if (!ours.some((row) => !isOver(row)) && !wasBegun) return undefined;
  const found: FollowedArray = { submission, isSubmitted: true, number, open: new Map() };
  const byTask = rowsByTask(rows);
  for (let i = 0; i < tasksOf(submission); i++) {
    const row = taskInQueue(found, i, byTask);
    if (!wasBegun && (row === undefined || isOver(row))) continue;
    const { finished, failures } = readReport(submission, i);
    const attempts = attemptsOf(submission, i).filter(
      ({ job: { key } }) => !finished.includes(key) && failures[key] === undefined,
    );
    if (attempts.length > 0) found.open.set(i, openTask(attempts));
  }
  return found.open.size === 0 ? undefined : found;
}
