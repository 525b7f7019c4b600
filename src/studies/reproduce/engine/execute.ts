import { rmSync } from 'node:fs';
import { DataError, UsageError } from '../../../errors.js';
import { removeLeftovers } from '../../../files/leftovers.js';
import { makeFolder } from '../../../files/make-folder.js';
import { onnxRuntime } from '../../../tensor/engine/index.js';
import { recordedWeights } from '../../../train/kept-weights.js';
import { train } from '../../../train/train.js';
import type { TrainDocument } from '../../../train/train-document.js';
import { finished, workFolder } from './finished.js';
import type { Probe } from './probe.js';
import type { ProbeTask, Task, TrainTask } from './task.js';

export interface ExecuteOptions {
  readonly out: string;
  /** Those that tasks may name. */
  readonly probes: readonly Probe<never, unknown>[];
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
}

/** The result of a task, worked out in its folder. Throws what training or the probe throws; UsageError for a probe that is not there. */
export function execute(task: Task, options: ExecuteOptions): Promise<unknown> {
  return task.kind === 'train' ? trained(task, options) : probed(task, options);
}

async function trained(task: TrainTask<unknown>, { out, signal, onProgress }: ExecuteOptions): Promise<unknown> {
  return train(task.config, {
    runtime: await onnxRuntime(),
    out: workFolder(out, task),
    signal,
    onNotice: (text) => {
      throw new DataError(
        `${text}, and what builds on the run needs them; remove ${workFolder(out, task)} to repeat it`,
      );
    },
    onProgress: ({ step, steps }) => {
      onProgress(steps === 0 ? 1 : step / steps);
    },
  });
}

async function probed(task: ProbeTask<unknown>, { out, probes, signal, onProgress }: ExecuteOptions): Promise<unknown> {
  const probe = probes.find(({ name }) => name === task.name) as Probe<unknown, unknown> | undefined;
  if (probe === undefined) {
    throw new UsageError(`there is no probe '${task.name}'; known are ${probes.map(({ name }) => name).join(', ')}`);
  }
  const scratch = workFolder(out, task);
  makeFolder(scratch);
  removeLeftovers(scratch);
  const result = await probe.run(task.arguments, {
    runtime: await onnxRuntime(),
    weightsOf: (other, name) => {
      const done = finished<TrainDocument>(out, other);
      if (done === undefined) throw new UsageError(`the weights of ${other.key} were used before it was finished`);
      return recordedWeights(workFolder(out, other), done.result.run, name);
    },
    scratch,
    signal,
    onProgress,
  });
  rmSync(scratch, { recursive: true });
  return result;
}
