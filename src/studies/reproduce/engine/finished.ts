import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../../../errors.js';
import { readText } from '../../../files/read-bytes.js';
import { openSealed, sealedJson } from '../../../files/sealed-json.js';
import { writeAtomically } from '../../../files/write-atomically.js';
import type { Finished, Task } from './task.js';

/** Where a task keeps its result. */
export function taskFolder(out: string, { key }: Pick<Task, 'key'>): string {
  return join(out, 'runs', key);
}

/** Where it works: a run folder, or what a probe wants to find again. */
export function workFolder(out: string, task: Pick<Task, 'key'>): string {
  return join(taskFolder(out, task), 'work');
}

/** The result of a task, or undefined where it is not finished. Throws DataError for a file that was altered, or is that of another task. */
export function finished<R>(out: string, task: Pick<Task<R>, 'key'>): Finished<R> | undefined {
  const path = join(taskFolder(out, task), 'result.json');
  if (!existsSync(path)) return undefined;
  const wayOut = 'remove it to repeat the task';
  const fail = (problem: string): never => {
    throw new DataError(`${path}: ${problem}; ${wayOut}`);
  };
  const { key, ...found } = openSealed(readText(path, wayOut), fail);
  return key === task.key ? (found as unknown as Finished<R>) : fail(`it is the result of ${JSON.stringify(key)}`);
}

/** Marks a task as finished. */
export function finish(out: string, task: Pick<Task, 'key'>, result: Finished<unknown>): void {
  writeAtomically(join(taskFolder(out, task), 'result.json'), sealedJson({ key: task.key, ...result }));
}

/** Seconds worked in earlier sessions, kept every few seconds: what a kill takes away of them is little, and only a time. */
export function workedSeconds(out: string, task: Pick<Task, 'key'>): number {
  const path = join(taskFolder(out, task), 'seconds');
  const seconds = existsSync(path) ? Number(readText(path, 'remove it')) : 0;
  return seconds >= 0 && seconds < Infinity ? seconds : 0;
}

export function keepSeconds(out: string, task: Pick<Task, 'key'>, seconds: number): void {
  writeAtomically(join(taskFolder(out, task), 'seconds'), String(seconds));
}
