import { jobOf, type Job } from '../../../src/jobs/job.js';
import { count } from '../toy-works.js';

/** A hundred short runs, no two alike. */
export const chaosJobs: readonly Job<{ at: number }>[] = Array.from({ length: 100 }, (_, seed) =>
  jobOf(count, { to: 10 + (seed % 7), ms: 20, seed }, { seconds: 0.3 }),
);
