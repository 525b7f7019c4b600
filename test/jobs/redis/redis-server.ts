import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** Whether a Redis can be started here; where not, tests of it say so and skip. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) console.warn('no redis-server on this machine: tests of the Redis queue are skipped');

/** A Redis of a test, in a folder of its own. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** For looking into it. */
  readonly client: Redis;
  /** As `kill -9` does. */
  readonly kill: () => Promise<void>;
  /** On the same port, with what its folder holds. */
  readonly start: () => Promise<void>;
  readonly pid: () => number;
  readonly close: () => Promise<void>;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Starts one with further options of redis-server. */
export async function startRedis(...options: readonly string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  let server: ChildProcess;
  const start = async (): Promise<void> => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...options];
    server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const chunk of server.stdout!) if (String(chunk).includes('Ready to accept connections')) break;
    server.stdout!.resume();
  };
  await start();
  const client = new Redis({ port, lazyConnect: true, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    client,
    kill,
    start,
    pid: () => server.pid!,
    async close() {
      client.disconnect();
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}
