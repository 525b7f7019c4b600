import { jobOf, type Job } from '../../../src/jobs/job.js';
import { resultStore } from '../../../src/jobs/result-store.js';
import { runJobs } from '../../../src/jobs/run-jobs.js';
import { slurmEngine } from '../../../src/jobs/slurm/slurm-engine.js';
import { count } from '../toy-works.js';

/** Runs that take half a second each, in tasks of ten. */
export const chaosJobs: readonly Job<{ at: number }>[] = Array.from({ length: 100 }, (_, seed) =>
  jobOf(count, { to: 10 + (seed % 7), ms: 40, seed }, { seconds: 6 }),
);

/** The process that has a real Slurm work on them, in a store: `slurm-driver STORE`. It is killed at random, and started again. */
if (process.send !== undefined && process.argv[2] !== undefined) {
  const engine = slurmEngine({
    worker: new URL('../toy-worker.ts', import.meta.url),
    retries: 100,
    settleSeconds: 1,
    pollSeconds: 0.5,
  });
  const failures = await runJobs(chaosJobs, {
    store: resultStore(process.argv[2]),
    engine,
    onNotice: (text) => process.send!({ notice: text }),
  });
  process.send({ failures: [...failures] }, () => process.exit(0));
}
