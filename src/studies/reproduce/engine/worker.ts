import { setTimeout as pause } from 'node:timers/promises';
import { TinySubspaceError, UsageError } from '../../../errors.js';
import { lockFolder } from '../../../files/folder-lock.js';
import { removeLeftovers } from '../../../files/leftovers.js';
import { leaveSignalsToParent } from '../../../files/stop-signals.js';
import { execute } from './execute.js';
import { finish, keepSeconds, taskFolder, workedSeconds } from './finished.js';
import { machine } from './machine.js';
import type { Probe } from './probe.js';
import type { Task } from './task.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

const secondsEvery = 5000; // ms

/** Makes this process the one that executes one task, told by its first message, with the probes that it may name; and ends it. */
export function serveTasks(probes: readonly Probe<never, unknown>[]): void {
  const stop = new AbortController();
  leaveSignalsToParent();
  process.on('disconnect', () => process.exit(1)); // the parent was killed
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') stop.abort(new Error('stopped'));
    else void work(message.out, message.task, probes, stop.signal);
  });
}

async function work(
  out: string,
  task: Task,
  probes: readonly Probe<never, unknown>[],
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const before = workedSeconds(out, task);
  const seconds = (): number => before + (performance.now() - started) / 1000;
  let kept = Date.now();
  const onProgress = (share: number): void => {
    void send({ kind: 'progress', share });
    if (Date.now() - kept < secondsEvery) return;
    kept = Date.now();
    keepSeconds(out, task, seconds());
  };
  try {
    await untilFree(taskFolder(out, task));
    removeLeftovers(taskFolder(out, task));
    const result = await execute(task, { out, probes, signal, onProgress });
    finish(out, task, { result, seconds: seconds(), machine: machine() });
    await send({ kind: 'finished' });
  } catch (error) {
    keepSeconds(out, task, seconds());
    if (signal.aborted) await send({ kind: 'stopped' });
    else if (error instanceof TinySubspaceError) {
      await send({ kind: 'failed', name: error.name, exitCode: error.exitCode, message: error.message });
    } else {
      await send({ kind: 'failed', name: 'bug', exitCode: null, message: (error as Error).stack ?? String(error) });
    }
  }
  process.exit(0);
}

function send(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected)
      process.send!(message, () => {
        resolve();
      });
    else resolve();
  });
}

/** A worker whose parent was killed may need a moment to notice. */
async function untilFree(folder: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      lockFolder(folder)();
      return;
    } catch (error) {
      if (tries >= 100 || !(error instanceof UsageError)) throw error;
      await pause(200);
    }
  }
}
