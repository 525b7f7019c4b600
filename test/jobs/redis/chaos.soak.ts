import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { localEngine } from '../../../src/jobs/local/local-engine.js';
import { resultStore } from '../../../src/jobs/result-store.js';
import { runJobs } from '../../../src/jobs/run-jobs.js';
import { randomStream } from '../../../src/numeric/random.js';
import { chaosJobs } from './chaos-jobs.js';
import { hasRedis, startRedis } from './redis-server.js';
import { startWorker } from './worker-process.js';

const base = mkdtempSync(join(tmpdir(), 'redis-chaos-'));
afterAll(() => {
  rmSync(base, { recursive: true });
});

const startDriver = (url: string, path: string): ChildProcess =>
  fork(new URL('./chaos-driver.ts', import.meta.url), [url, path], { execArgv: ['--import', 'tsx'] });

describe.skipIf(!hasRedis)('a queue in Redis', () => {
  it('loses and repeats nothing when workers, its driver and Redis are killed', async () => {
    const redis = await startRedis('--appendonly', 'yes');
    const path = join(base, 'driven');
    const random = randomStream(1, 'chaos');
    const workers = [0, 1, 2].map(() => startWorker(redis.url, 1500, 1));
    let driver = startDriver(redis.url, path);
    const done = new AbortController();
    const killed = { workers: 0, drivers: 0, redis: 0 };
    const finish = (child: ChildProcess): void => {
      child.on('exit', (code) => {
        if (code === 0) done.abort();
      });
    };
    finish(driver);
    process.env.TMPDIR = base; // for the folders of workers that cannot remove them
    for (let second = 1; !done.signal.aborted && second < 400; second++) {
      await pause(1000);
      const at = random.integer(workers.length);
      workers[at]!.kill('SIGKILL');
      workers[at] = startWorker(redis.url, 1500, 1);
      killed.workers += 1;
      if (second % 7 === 0 && second <= 35 && !done.signal.aborted) {
        driver.kill('SIGKILL');
        killed.drivers += 1;
        await once(driver, 'exit');
        driver = startDriver(redis.url, path);
        finish(driver);
      }
      if (second === 10 || second === 24) {
        await redis.kill();
        killed.redis += 1;
        await redis.start();
      }
    }
    for (const worker of workers) worker.kill('SIGKILL');
    await redis.close();
    expect(done.signal.aborted).toBe(true);
    expect(killed).toMatchObject({ drivers: 5, redis: 2 });
    expect(killed.workers).toBeGreaterThan(30);

    const undisturbed = resultStore(join(base, 'local'));
    const worker = new URL('../toy-worker.ts', import.meta.url);
    await runJobs(chaosJobs, { store: undisturbed, engine: localEngine({ worker, processes: 2 }) });
    const driven = resultStore(path);
    for (const job of chaosJobs) expect(driven.of(job).result).toEqual(undisturbed.of(job).result);
    expect(readdirSync(join(path, 'runs'))).toHaveLength(chaosJobs.length);
    const told = readFileSync(join(path, 'ended'), 'utf8').trimEnd().split('\n');
    expect(new Set(told).size).toBe(told.length);
  });
});
