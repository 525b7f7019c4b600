import type { Work } from '../../../jobs/work.js';
import type { Runtime } from '../../../tensor/engine/index.js';
import { recordedWeights } from '../../../train/kept-weights.js';
import type { TrainDocument } from '../../../train/train-document.js';

/** What a probe may use besides its arguments. */
export interface ProbeContext {
  readonly runtime: Runtime;
  /**
   * The path of weights that the run of a task recorded, by their name in its folder: of a task that the probe was said to come after. Throws DataError or UsageError where they are not
   * those of that run, as its result has it.
   */
  readonly weightsOf: (task: { readonly key: string }, name: string) => string;
  /** A folder of its own: for what it wants to find again after an interruption. Emptied when it is finished. */
  readonly scratch: string;
  /** Raised where the work is to stop: a probe throws its reason at the next place where scratch holds what is done; or goes on to its end. */
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
}

/** A named function whose result, plain JSON, depends on its arguments alone (and on the folders it comes after). */
export interface Probe<A, R> {
  readonly name: string;
  /** To be counted up when the result of the same arguments changes: it is part of every key. */
  readonly revision: number;
  readonly run: (args: A, context: ProbeContext) => Promise<R>;
}

/** A probe as a work. */
export function probeWork<A, R>({ name, revision, run }: Probe<A, R>): Work<A, R> {
  return {
    name,
    revision,
    keepsFolder: false,
    run: async (args, { runtime, folder, finished, signal, onProgress }) =>
      run(args, {
        runtime: await runtime(),
        weightsOf: (task, weights) => {
          const { folder: place, result } = finished(task);
          return recordedWeights(place, (result as TrainDocument).run, weights);
        },
        scratch: folder,
        signal,
        onProgress,
      }),
  };
}
