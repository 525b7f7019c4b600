import type { Job } from '../job.js';

/** A job on its way through Slurm. */
export interface Attempt {
  readonly job: Job;
  /** How often it was tried before, for nothing. */
  readonly before: number;
  /** How far it came then, 0 … 1. */
  readonly share: number;
  /** Whether it is to have an array task of its own: it may be what ended the one before. */
  readonly isAlone: boolean;
}

/** A job that was not tried yet. */
export const firstAttempt = (job: Job): Attempt => ({ job, before: 0, share: 0, isAlone: false });

/** An attempt that came further than any before by less than this counts as one that failed; so there is an end to them. */
const leastGain = 0.01;

/** The attempt after one that ended for no reason of its arguments. One whose work has come further is not counted: the next begins where it ended. */
export function nextAttempt({ job, before, share }: Attempt, reached: number, hasBegun: boolean): Attempt {
  const hasGained = reached >= share + leastGain;
  return { job, before: before + (hasGained ? 0 : 1), share: Math.max(share, reached), isAlone: hasBegun };
}
