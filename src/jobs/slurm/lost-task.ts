import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crash, type Failure } from '../failure.js';
import { accountedTask } from './array-queue.js';
import type { Cluster } from './cluster.js';
import { taskInQueue, type FollowedArray, type RowsByTask } from './followed-array.js';
import { logPath } from './submission.js';

/** What helps, by the state of Slurm. */
const remedies: Readonly<Record<string, string>> = {
  OUT_OF_MEMORY: 'ask for more memory (--mem)',
  TIMEOUT: 'ask for more time (--time), or for less in a task',
  DEADLINE: 'ask for more time (--time), or for less in a task',
  CANCELLED: 'somebody took it back, or it was preempted',
  PREEMPTED: 'other jobs went first',
};

/** Bytes of a log that are read from its end, and lines that are shown. */
const [tailBytes, tailLines] = [4096, 8];

/** That an array task left no result, in what Slurm says and the last lines of its log. */
export async function lostTask(
  array: FollowedArray,
  index: number,
  rows: RowsByTask | undefined,
  { hasAccounting }: Cluster,
): Promise<Failure> {
  const { number, submission } = array;
  const inQueue = rows && taskInQueue(array, index, rows);
  const row = inQueue ?? (hasAccounting && number !== undefined ? await accountedTask(number, index) : undefined);
  const state = row === undefined ? 'Slurm no longer knows it' : `${row.state}, exit code ${row.exit}`;
  const remedy = remedies[row?.state.split(' ')[0] ?? ''];
  const log = logPath(submission, index);
  const tail = tailOf(log);
  const message = [
    `array task ${number ?? submission.name}_${index} ended without a result: ${state}${remedy === undefined ? '' : `; ${remedy}`}`,
    ...(tail === '' ? [`${log} is empty or missing`] : [`the end of ${log}:`, tail]),
  ].join('\n');
  return crash(message, 1);
}

function tailOf(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size, tailBytes));
      readSync(file, bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString('utf8').trimEnd().split('\n').slice(-tailLines).join('\n');
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
