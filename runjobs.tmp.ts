import { localEngine } from './src/jobs/local/local-engine.js';
import { resultStore } from './src/jobs/result-store.js';
import { runJobs } from './src/jobs/run-jobs.js';
import { reproduceWorker } from './src/studies/reproduce/reproduce.js';
import { modularRuns } from './src/studies/reproduce/shared/modular-runs.js';
const tasks = [0, 1, 2].flatMap((i) => [modularRuns('full', 1)[i]!, modularRuns('full', 0)[i]!]);
const failures = await runJobs(tasks, { store: resultStore('reproduction/after'), engine: localEngine({ worker: reproduceWorker, processes: 2 }), onEnd: (t, f) => console.log(new Date().toISOString(), t.name, t.key, f?.message ?? 'ok') });
console.log(failures.size);
