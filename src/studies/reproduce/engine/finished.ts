import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../../../errors.js';
import { writeAtomically } from '../../../files/write-atomically.js';
import type { Finished, Task } from './task.js';

/** Where a task works: a run folder, or the folder of a probe. */
export function taskFolder(out: string, { key }: Pick<Task, 'key'>): string {
  return join(out, 'runs', key);
}

/** The result of a task, or undefined where it is not finished. Throws DataError for a file that is damaged. */
export function finished<R>(out: string, task: Task<R>): Finished<R> | undefined {
  const path = join(taskFolder(out, task), 'result.json');
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Finished<R>;
  } catch (cause) {
    throw new DataError(`${path} cannot be read: ${(cause as Error).message}; remove it to repeat the task`, { cause });
  }
}

/** Marks a task as finished. */
export function finish(out: string, task: Pick<Task, 'key'>, result: Finished<unknown>): void {
  writeAtomically(join(taskFolder(out, task), 'result.json'), `${JSON.stringify(result)}\n`);
}

/** Seconds worked in earlier sessions, kept every few seconds: what a kill takes away of them is little, and only a time. */
export function workedSeconds(out: string, task: Pick<Task, 'key'>): number {
  const path = join(taskFolder(out, task), 'seconds');
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) || 0 : 0;
}

export function keepSeconds(out: string, task: Pick<Task, 'key'>, seconds: number): void {
  writeAtomically(join(taskFolder(out, task), 'seconds'), String(seconds));
}
