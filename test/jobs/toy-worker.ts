import { serveJobs } from '../../src/jobs/serve-jobs.js';
import { works } from './toy-works.js';

serveJobs(works);
