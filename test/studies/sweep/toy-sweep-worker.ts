import { serveJobs } from '../../../src/jobs/serve-jobs.js';
import { toyCommand } from './toy-command.js';

serveJobs([toyCommand.work]);
