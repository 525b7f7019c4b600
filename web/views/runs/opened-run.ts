import type { TrainRecord } from '../../../src/train/observables/index.js';
import type { TrainRun } from '../../../src/train/train-run.js';

/** The files of one folder that are one run, perhaps. */
export interface OpenedFolder<File> {
  readonly name: string;
  readonly files: readonly File[];
}

/** What of a run could be read, and what is to be said of the rest. */
export interface OpenedRun {
  readonly name: string;
  /** Null where nothing says what was run. */
  readonly run: TrainRun | null;
  /** m of the records; null where nothing says it. */
  readonly subspace: number | null;
  readonly records: readonly TrainRecord[];
  /** What is damaged, in the words of the command line. */
  readonly problems: readonly string[];
  /** What was held against its checksums, and what was not. */
  readonly notes: readonly string[];
}
