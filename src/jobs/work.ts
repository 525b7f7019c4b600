import type { Runtime } from '../tensor/engine/index.js';

/** What a work may use besides its arguments. */
export interface WorkContext {
  /** What networks run on; loaded when it is asked for. Throws UsageError where it is missing. */
  readonly runtime: () => Promise<Runtime>;
  /** A folder of its own, for what it wants to find again after an interruption. */
  readonly folder: string;
  /** The result of a job that this one comes after, and the folder in which it worked. Throws DataError, UsageError where there is none. */
  readonly finished: (job: { readonly key: string }) => { readonly result: unknown; readonly folder: string };
  /** Raised where the work is to stop: it throws its reason at the next place where the folder holds what is done; or goes on to its end. */
  readonly signal: AbortSignal;
  /** To be told how far it is, 0 … 1. */
  readonly onProgress: (share: number) => void;
}

/** A named function whose result, plain JSON, depends on its arguments alone, and on the jobs it comes after. */
export interface Work<A, R> {
  readonly name: string;
  /** To be counted up when the result of the same arguments changes: it is part of every key. */
  readonly revision: number;
  /** Whether its folder is kept once it is finished. */
  readonly keepsFolder: boolean;
  /** The result. Throws what the work throws, and the signal's reason where it stopped. */
  readonly run: (args: A, context: WorkContext) => Promise<R>;
}

/** A work of whatever arguments, as a list of them has it. */
export type AnyWork = Work<never, unknown>;
