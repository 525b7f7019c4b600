import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run-cli.js';
import { redisEngine } from '../../../src/jobs/redis/redis-engine.js';
import { resultStore } from '../../../src/jobs/result-store.js';
import { runJobs } from '../../../src/jobs/run-jobs.js';
import { captured } from '../../cli/captured.js';
import { echoJob } from '../toy-works.js';
import { freePort, hasRedis, startRedis, type RedisServer } from './redis-server.js';

const folder = mkdtempSync(join(tmpdir(), 'worker-command-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('worker, where it cannot work', () => {
  it('names the Redis that it does not reach', async () => {
    const port = await freePort();
    const { code, stdout, stderr } = await captured(() =>
      runCli(['worker', '--redis', `redis://:secret@127.0.0.1:${port}`]),
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^error: no Redis can be reached at 127\\.0\\.0\\.1:${port}: [^\\n]*\\n$`));
    expect(stderr).not.toContain('secret');
  });

  it.each([
    [['worker'], '--redis'],
    [['worker', '--redis', 'localhost:6379'], 'it must be redis://'],
    [['worker', '--redis', 'redis://localhost', '--jobs', '0'], 'an integer from 1 to 256'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await captured(() => runCli(args));
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('touches no folder of somebody else', async () => {
    writeFileSync(join(folder, 'mine'), '');
    const args = ['worker', '--redis', 'redis://localhost', '--out', folder];
    const { code, stderr } = await captured(() => runCli(args));
    expect(code).toBe(2);
    expect(stderr).toContain("is no 'tiny-subspace worker' folder");
  });
});

describe.skipIf(!hasRedis)('worker', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis.close();
  });

  it('says what becomes of jobs, and ends in order', async () => {
    const args = [
      '--import',
      'tsx',
      'src/cli/main.ts',
      'worker',
      '--json',
      '--jobs',
      '1',
      '--out',
      join(folder, 'own'),
    ];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, TINY_SUBSPACE_REDIS: redis.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    const ended = once(child, 'exit');
    const job = echoJob('unknown to it');
    const engine = redisEngine({ url: redis.url, retries: 1 });
    const failures = await runJobs([job], { store: resultStore(join(folder, 'driver')), engine });
    child.kill('SIGTERM');
    expect(await ended).toEqual([143, null]);
    const failure = failures.get(job.key)!;
    expect(failure).toMatchObject({ name: 'UsageError', message: expect.stringContaining("no work 'echo'") as string });
    const [stdout, stderr] = await said;
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { key: job.key, kind: 'started' },
      { key: job.key, kind: 'failed', failure },
    ]);
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(
        /^takes jobs of version [\d.]+ from the Redis at 127\.0\.0\.1:\d+, 1 at a time; Ctrl-C stops$/,
      ),
      'stopping; Ctrl-C again ends at once',
      'stopped; its jobs went back to the queue, for another worker',
      '',
    ]);
  });

  it.each([
    ['a worker', 'worker --jobs 1', 'takes jobs'],
    ['a driver', `sweep --command solve --grid classes=2,3 --engine redis --out ${join(folder, 'swept')}`, 'no worker'],
  ])('%s that is stopped while Redis is away leaves no process', async (_, line, ready) => {
    const own = await startRedis();
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...line.split(' ')], {
      env: { ...process.env, TINY_SUBSPACE_REDIS: own.url },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    for await (const chunk of child.stderr.iterator({ destroyOnReturn: false }))
      if (String(chunk).includes(ready)) break;
    child.stderr.resume();
    await own.kill();
    const sent = performance.now();
    child.kill('SIGTERM');
    expect(await ended).toEqual([143, null]);
    expect(performance.now() - sent).toBeLessThan(30_000);
    await own.close();
  });
});
