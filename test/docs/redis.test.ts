import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { captured } from '../cli/captured.js';
import { hasRedis, startRedis } from '../jobs/redis/redis-server.js';

const [redisServer, worker, sweep] = /^```sh\n([\s\S]*?)\n```/m
  .exec(readFileSync('docs/redis.md', 'utf8'))![1]!
  .split('\n') as [string, string, string];
const folder = mkdtempSync(join(tmpdir(), 'docs-redis-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.skipIf(!hasRedis)('docs/redis.md', () => {
  it('works as it is written, but for the address and the folder, and gives what one machine gives', async () => {
    const [, ...options] = redisServer.replace('0.0.0.0', '127.0.0.1').split(' ');
    const redis = await startRedis(...options);
    const words = (line: string, out: string): string[] =>
      line.replace('HOST:6379', `127.0.0.1:${redis.port}`).replace('study', join(folder, out)).split(' ').slice(1);
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...words(worker, '')], {
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    try {
      expect((await captured(() => runCli(words(sweep, 'redis')))).code).toBe(0);
    } finally {
      child.kill('SIGINT');
      await ended;
      await redis.close();
    }
    expect(child.exitCode).toBe(130);
    expect((await captured(() => runCli(words(sweep.replace(/--engine redis --redis \S+ /, ''), 'local')))).code).toBe(
      0,
    );
    const table = (out: string): string => readFileSync(join(folder, out, 'results.csv'), 'utf8');
    expect(table('redis')).toBe(table('local'));
    expect(table('redis').trimEnd().split('\n').length).toBeGreaterThan(6);
  });
});
