import { serveJobs } from '../../jobs/serve-jobs.js';
import { probeWork } from './engine/probe.js';
import { trainWork } from './engine/train-work.js';
import { probes } from './probes/index.js';

/** The process that executes tasks. */
serveJobs([trainWork, ...probes.map(probeWork)]);
