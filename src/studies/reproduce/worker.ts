import { serveTasks } from './engine/worker.js';
import { probes } from './probes/index.js';

/** The process that executes one task. */
serveTasks(probes);
