import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { trainingRevision } from '../../../train/revision.js';
import type { TrainConfig } from '../../../train/train-config.js';
import type { TrainDocument } from '../../../train/train-document.js';
import { version } from '../../../version.js';
import { dataChecksums } from './data-checksums.js';
import type { Probe } from './probe.js';

/**
 * A piece of work with a result of type R. Its key holds a hash of everything that determines the result (configuration, checksums of the data,
 * tasks it builds on, version of the package, revisions of training and of the probe), so that two experiments share equal tasks, and the result of another
 * configuration or of older code is not found: its task is run again.
 */
export type Task<R = unknown> = TrainTask<R> | ProbeTask<R>;

interface TaskOf<R> {
  /** Also the name of its folder. */
  readonly key: string;
  /** Processor time it should take, for the time left. */
  readonly seconds: number;
  /** Tasks whose folders or results it reads. */
  readonly after: readonly Task[];
  /** Only a type. */
  readonly result?: R;
}

/** A training run, in the folder of its key; it resumes by itself. */
export interface TrainTask<R = TrainDocument> extends TaskOf<R> {
  readonly kind: 'train';
  readonly config: TrainConfig;
}

/** A function of the list in probes/index.ts with arguments in plain JSON. */
export interface ProbeTask<R> extends TaskOf<R> {
  readonly kind: 'probe';
  readonly name: string;
  readonly arguments: unknown;
}

/** The result of a finished task, what it took, interruptions left out, and on what it was finished. */
export interface Finished<R> {
  readonly result: R;
  readonly seconds: number;
  readonly machine: string;
}

/** A training run of about so many seconds. Throws DataError if the data are not there. */
export function trainTask(config: TrainConfig, seconds: number): TrainTask {
  const { model, data, seed } = config;
  const content = { config, data: dataChecksums(data.source) };
  return { kind: 'train', key: keyOf(`${model} ${data.source} seed ${seed}`, content), config, seconds, after: [] };
}

/** A call of a probe. `data`: sources it reads by itself. Throws DataError if the data are not there. */
export function probeTask<A, R>(
  { name, revision }: Probe<A, R>,
  args: A,
  {
    after = [],
    data = [],
    seconds,
  }: { readonly after?: readonly Task[]; readonly data?: readonly string[]; readonly seconds: number },
): ProbeTask<R> {
  const content = { name, revision, args, after: after.map(({ key }) => key), data: data.map(dataChecksums) };
  return { kind: 'probe', key: keyOf(name, content), name, arguments: args, seconds, after };
}

/** The tasks and all they build on, each once, each after those it builds on. */
export function withPrerequisites(tasks: readonly Task[]): Task[] {
  const found = new Map<string, Task>();
  const add = (task: Task): void => {
    if (found.has(task.key)) return;
    task.after.forEach(add);
    found.set(task.key, task);
  };
  tasks.forEach(add);
  return [...found.values()];
}

function keyOf(name: string, content: object): string {
  const slug = name.replace(/[^a-zA-Z0-9]+/g, '-').toLowerCase();
  const determined = JSON.stringify({ ...content, version, trainingRevision });
  return `${slug}-${bytesToHex(sha256(utf8ToBytes(determined))).slice(0, 12)}`;
}
