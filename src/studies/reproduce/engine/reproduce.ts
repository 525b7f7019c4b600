import { inOwnFolder } from '../../../files/owned-folder.js';
import type { Engine } from '../../../jobs/engine.js';
import type { Failure } from '../../../jobs/failure.js';
import { secondsOf } from '../../../jobs/job.js';
import { resultStore } from '../../../jobs/result-store.js';
import { runJobs, type JobsProgress } from '../../../jobs/run-jobs.js';
import type { Experiment, Scale } from './experiment.js';
import { missingData } from './missing-data.js';
import { paperHead, type PageHead } from './page-head.js';
import { pageWriter, type WrittenPage } from './page-writer.js';
import { reproductionFolder } from './reproduced-figures.js';
import { resultBook } from './result-book.js';
import { selected } from './select.js';
import { workOrder } from './work-order.js';

export interface ReproduceWithOptions {
  /** What the page is of; the paper if left out. */
  readonly head?: PageHead;
  readonly scale: Scale;
  /** Folder for page, figures, results.json, and the runs, which are taken up again where they stopped. */
  readonly out: string;
  /** Ids, or beginnings of ids, of experiments, claims and figures; all of them if left out. */
  readonly only?: readonly string[];
  /** Where the tasks are run. */
  readonly engine: Engine;
  readonly signal?: AbortSignal;
  /** Called before anything is run: estimated seconds of processor time that are left to do. */
  readonly onStart?: (work: { readonly tasks: number; readonly seconds: number }) => void;
  readonly onProgress?: (progress: JobsProgress) => void;
  /** Told what is to be known of the engine. */
  readonly onNotice?: (text: string) => void;
}

export interface Reproduction extends WrittenPage {
  readonly failures: ReadonlyMap<string, Failure>;
}

/**
 * Runs experiments and writes their page: README.md, results.json and figures/. What was finished before, by whatever selection, is shown and
 * not repeated; page and results are renewed after every task, and depend on the tasks' results alone, wall times apart.
 *
 * Throws UsageError for an unknown id or a folder in use, DataError if the disk refuses; with a signal, its reason once everything
 * is checkpointed. Tasks that fail are in `failures` and in their rows.
 */
export async function reproduceWith(
  experiments: readonly Experiment[],
  { head = paperHead, scale, out, only, engine, signal, onStart, onProgress, onNotice }: ReproduceWithOptions,
): Promise<Reproduction> {
  const chosen = selected(experiments, only).filter((experiment) => missingData(experiment) === undefined);
  const tasks = workOrder(chosen, scale);
  return inOwnFolder(out, reproductionFolder, async () => {
    const store = resultStore(out);
    const book = resultBook(store);
    const writer = pageWriter(experiments, { head, scale, out }, book);
    const left = tasks.filter((task) => !book.isFinished(task));
    onStart?.({ tasks: left.length, seconds: secondsOf(left) });
    let failures: ReadonlyMap<string, Failure> = new Map<string, Failure>();
    if (left.length > 0) {
      await writer.write(failures);
      const writes: Promise<unknown>[] = [];
      const unwritten = new AbortController(); // a page that cannot be written stops the work at once
      const soFar = new Map<string, Failure>();
      const run = runJobs(tasks, {
        store,
        engine,
        signal: AbortSignal.any([unwritten.signal, ...(signal === undefined ? [] : [signal])]),
        ...(onProgress && { onProgress }),
        ...(onNotice && { onNotice }),
        onEnd(task, failure) {
          if (failure !== undefined) soFar.set(task.key, failure);
          writes.push(
            writer.write(soFar).catch((error: unknown) => {
              unwritten.abort(error);
            }),
          );
        },
      });
      failures = await run.finally(() => Promise.all(writes));
      unwritten.signal.throwIfAborted();
    }
    return { ...(await writer.write(failures)), failures };
  });
}
