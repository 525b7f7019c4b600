import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jobOf, type Job } from '../../../src/jobs/job.js';
import { localEngine } from '../../../src/jobs/local/local-engine.js';
import { redisEngine } from '../../../src/jobs/redis/redis-engine.js';
import { serveRedis } from '../../../src/jobs/redis/serve-redis.js';
import { resultStore } from '../../../src/jobs/result-store.js';
import { runJobs, type RunJobsOptions } from '../../../src/jobs/run-jobs.js';
import { count, echoJob, failing, fatal } from '../toy-works.js';
import { hasRedis, startRedis, type RedisServer } from './redis-server.js';

const base = mkdtempSync(join(tmpdir(), 'redis-engine-'));
let redis: RedisServer;
beforeAll(async () => { redis = await startRedis(); });
afterAll(async () => { await redis.close(); rmSync(base, { recursive: true }); });
const worker = new URL('../toy-worker.ts', import.meta.url);
let folders = 0;
const freshStore = () => resultStore(join(base, String(folders++)));

it('works', async () => {
  const stop = new AbortController();
  const events: unknown[] = [];
  const serving = serveRedis({ url: redis.url, processes: 2, engineOf: () => localEngine({ worker, processes: 1, retries: 0 }), signal: stop.signal, onNotice: (t) => events.push(t), onEvent: (e) => events.push(e) });
  const store = freshStore();
  const jobs = Array.from({ length: 12 }, (_, x) => echoJob(x));
  const t0 = Date.now();
  const failures = await runJobs([...jobs, jobOf(failing, { typed: true }, { seconds: 1 }), jobOf(fatal, { times: 5, log: join(base, 'l'), by: 'SIGKILL' }, { seconds: 1 })], { store, engine: redisEngine({ url: redis.url, retries: 2 }), onNotice: (t) => console.log(t) });
  console.log(Date.now() - t0, failures, events);
  stop.abort();
  await serving;
  console.log(Date.now() - t0, await redis.client.keys('*'));
});
