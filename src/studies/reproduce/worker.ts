import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onnxRuntime } from '../../tensor/engine/index.js';
import { TinySubspaceError, UsageError } from '../../errors.js';
import { lockFolder } from '../../files/folder-lock.js';
import { train } from '../../train/train.js';
import { finish, keepSeconds, taskFolder, workedSeconds } from './finished.js';
import { machine } from './machine.js';
import type { Probe } from './probe.js';
import { probes } from './probes.js';
import type { ProbeTask, TrainTask } from './task.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/** The process that executes one task, told by its first message, and ends. */
const stop = new AbortController();
const secondsEvery = 5000; // ms

const send = (message: FromWorker): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected)
      process.send!(message, () => {
        resolve();
      });
    else resolve();
  });

process.on('SIGINT', () => undefined); // Ctrl-C reaches the whole group; the parent decides
process.on('disconnect', () => process.exit(1)); // the parent was killed
process.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') stop.abort(new Error('stopped'));
  else void execute(message);
});

async function execute({ out, task }: Extract<ToWorker, { kind: 'task' }>): Promise<void> {
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
    const result = task.kind === 'train' ? await trained(out, task, onProgress) : await probed(out, task, onProgress);
    finish(out, task, { result, seconds: seconds(), machine: machine() });
    await send({ kind: 'finished' });
  } catch (error) {
    keepSeconds(out, task, seconds());
    if (stop.signal.aborted) await send({ kind: 'stopped' });
    else if (error instanceof TinySubspaceError) {
      await send({ kind: 'failed', name: error.name, exitCode: error.exitCode, message: error.message });
    } else {
      await send({ kind: 'failed', name: 'bug', exitCode: null, message: (error as Error).stack ?? String(error) });
    }
  }
  process.exit(0);
}

async function trained(out: string, task: TrainTask<unknown>, onProgress: (share: number) => void): Promise<unknown> {
  return train(task.config, {
    runtime: await onnxRuntime(),
    out: taskFolder(out, task),
    signal: stop.signal,
    onProgress: ({ step, steps }) => {
      onProgress(steps === 0 ? 1 : step / steps);
    },
  });
}

async function probed(out: string, task: ProbeTask<unknown>, onProgress: (share: number) => void): Promise<unknown> {
  const probe = probes.find(({ name }) => name === task.name) as Probe<unknown, unknown> | undefined;
  if (probe === undefined) {
    throw new UsageError(`there is no probe '${task.name}'; known are ${probes.map(({ name }) => name).join(', ')}`);
  }
  const scratch = join(taskFolder(out, task), 'scratch');
  mkdirSync(scratch, { recursive: true });
  const result = await probe.run(task.arguments, {
    runtime: await onnxRuntime(),
    folderOf: (other) => taskFolder(out, other),
    scratch,
    signal: stop.signal,
    onProgress,
  });
  rmSync(scratch, { recursive: true });
  return result;
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
