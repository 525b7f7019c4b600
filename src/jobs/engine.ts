import type { Failure } from './failure.js';
import type { Job } from './job.js';
import type { ResultStore } from './result-store.js';

/** What an engine tells of the jobs that it was given. */
export interface EngineEvents {
  /** A job is being worked on, and how far it is, 0 … 1. */
  readonly onProgress: (job: Job, share: number) => void;
  /** A job ended: its result is in the store, or this is why it is not. Once for each job that was submitted, unless it was stopped before. */
  readonly onEnd: (job: Job, failure: Failure | undefined) => void;
  /** Something to know that concerns no one job: no worker is there, the queue does not answer. */
  readonly onNotice: (text: string) => void;
  /** The engine cannot go on. */
  readonly onBroken: (error: unknown) => void;
}

/** Where jobs are worked on. */
export interface Engine {
  /** As `--engine` names it. */
  readonly name: string;
  /** How many jobs it wants to have at a time; the others wait with the driver, which hands them on as they become ready. */
  readonly capacity: number;
  /** Begins to work for a store. Throws UsageError where what it needs is not there, before anything is written. */
  readonly start: (store: ResultStore, events: EngineEvents) => Promise<RunningEngine>;
}

export interface RunningEngine {
  /** Takes jobs that are ready: what they come after is finished. A job whose result is in the store is not submitted. */
  readonly submit: (jobs: readonly Job[]) => void;
  /** Running jobs stop, checkpointed, and those that have not begun are taken back; resolves once all have. */
  readonly stop: () => Promise<void>;
  /** All is done: what it holds is given back. */
  readonly close: () => Promise<void>;
}
