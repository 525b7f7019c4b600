import { serveJobs } from '../../src/jobs/serve-jobs.js';

/** A module that takes a minute to load, as large ones do on a busy machine. */
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
serveJobs([]);
