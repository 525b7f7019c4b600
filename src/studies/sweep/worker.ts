import { serveJobs } from '../../jobs/serve-jobs.js';
import { sweptCommands } from './commands/index.js';

/** The process that executes runs of a sweep. */
serveJobs(sweptCommands.map(({ work }) => work));
