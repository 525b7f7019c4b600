import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../../src/files/make-folder.js';
import { redisEngine } from '../../../src/jobs/redis/redis-engine.js';
import { resultStore } from '../../../src/jobs/result-store.js';
import { runJobs } from '../../../src/jobs/run-jobs.js';
import { chaosJobs } from './chaos-jobs.js';

/** Drives the hundred runs, as a process that can be killed: URL, folder. It ends with 0 once all are finished, and by itself. */
const [url, path] = process.argv.slice(2);
makeFolder(path!);
const failures = await runJobs(chaosJobs, {
  store: resultStore(path!),
  engine: redisEngine({ url: url!, retries: 3 }),
  onEnd: ({ key }) => {
    appendFileSync(join(path!, 'ended'), `${key}\n`);
  },
  onNotice: (text) => process.send?.(text),
});
process.exitCode = failures.size;
process.disconnect();
