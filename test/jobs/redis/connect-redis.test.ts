import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectRedis } from '../../../src/jobs/redis/connect-redis.js';
import { redisAddress } from '../../../src/jobs/redis/redis-address.js';
import { freePort, hasRedis, startRedis, type RedisServer } from './redis-server.js';

/** The message that connecting fails with, or what was said of a connection, which is closed again. */
async function connecting(url: string): Promise<{ readonly error?: Error; readonly notices: readonly string[] }> {
  const notices: string[] = [];
  try {
    const redis = await connectRedis(redisAddress(url), (text) => notices.push(text));
    redis.disconnect();
    return { notices };
  } catch (error) {
    return { error: error as Error, notices };
  }
}

describe('the address of a Redis', () => {
  it.each([
    ['redis://localhost', 'localhost:6379'],
    ['redis://localhost:7000/', 'localhost:7000'],
    ['rediss://user:secret@queue.example:6380/2', 'queue.example:6380/2'],
    ['redis://:p%40ss@10.0.0.1/0', '10.0.0.1:6379/0'],
    ['redis://[::1]:7000', '[::1]:7000'],
  ])('%s is shown as %s', (url, shown) => {
    expect(redisAddress(url)).toEqual({ url: url.replace('//:', '//default:'), shown });
  });

  it.each([
    '',
    'localhost',
    'http://:secret@host',
    'redis://',
    'redis://host/secret',
    'host:secret:6379',
    'redis://:secret@host/1/2',
  ])('%j is refused, and not repeated', (url) => {
    expect(() => redisAddress(url)).toThrow(/it must be redis:\/\/HOST:PORT/);
    expect(() => redisAddress(url)).not.toThrow(/secret/);
  });
});

/** Something that answers INFO with `about` and everything else with OK; or that says nothing. */
async function pretended(about: string | undefined): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (about === undefined) return;
      for (const command of data.toString().split(/(?=\*\d+\r\n)/)) {
        socket.write(/\binfo\b/i.test(command) ? `$${about.length}\r\n${about}\r\n` : '+OK\r\n');
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('a Redis that is none', () => {
  it.each([
    ['redis_version:6.0.16\r\nrole:master\r\n', /is of version 6\.0\.16, and a queue needs 6\.2 or newer/],
    ['redis_version:5.0.3\r\nrole:master\r\n', /is of version 5\.0\.3/],
    [undefined, /no Redis can be reached at 127\.0\.0\.1:\d+: no answer within 5 s/],
  ])('%j is refused in words', async (about, message) => {
    const { server, url } = await pretended(about);
    const { error } = await connecting(url);
    expect(error).toMatchObject({ name: 'UsageError', exitCode: 2 });
    expect(error!.message).toMatch(message);
    server.close();
  });

  it('6.2 and 10.0 are new enough', async () => {
    for (const version of ['6.2.0', '10.0.1']) {
      const { server, url } = await pretended(`redis_version:${version}\r\nrole:master\r\nmaxmemory:0\r\n`);
      expect(await connecting(url)).toEqual({ notices: [] });
      server.close();
    }
  });

  it('no port, no host: names them and what to do, at once', async () => {
    const port = await freePort();
    const began = performance.now();
    for (const url of [`redis://:secret@127.0.0.1:${port}`, 'redis://:secret@no-such-host.invalid']) {
      const { error } = await connecting(url);
      expect(error).toMatchObject({ name: 'UsageError', exitCode: 2 });
      expect(error!.message).toMatch(/no Redis can be reached at [\w.-]+:\d+: .*redis-server.*host and port.*rediss/);
      expect(error!.message).not.toContain('secret');
      expect(String(error!.stack)).not.toContain('secret');
    }
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

describe.skipIf(!hasRedis)('a Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis('--user', 'reader', 'on', '>secret', '~*', '+@all');
  });
  afterAll(async () => {
    await redis.close();
  });
  afterEach(async () => {
    await redis.client.config('SET', 'requirepass', '', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
  });

  it('wants its password, which is never shown', async () => {
    const at = `127.0.0.1:${redis.port}`;
    const spy = vi.spyOn(console, 'warn');
    expect(await connecting(`redis://reader:secret@${at}`)).toEqual({ notices: [] });
    expect(await connecting(`redis://:needless-secret@${at}`)).toEqual({ notices: [] });
    await redis.client.config('SET', 'requirepass', 'secret');
    for (const url of [`redis://reader:wrong-secret@${at}`, `redis://:other-secret@${at}`]) {
      const { error } = await connecting(url);
      expect(error!.message).toMatch(
        /wants another password \(WRONGPASS.*\); put it into the URL: redis:\/\/:PASSWORD@/,
      );
      expect(error!.message).not.toContain('secret');
    }
    const { error } = await connecting(`redis://${at}`);
    expect(error).toMatchObject({ name: 'UsageError' });
    expect(error!.message).toContain(`the Redis at ${at} wants another password (NOAUTH`);
    expect(await connecting(`redis://:secret@${at}`)).toEqual({ notices: [] });
    expect(spy).not.toHaveBeenCalled();
  });

  it('has no such database', async () => {
    const { error } = await connecting(`${redis.url}/99`);
    expect(error!.message).toMatch(/127\.0\.0\.1:\d+\/99 refuses: ERR DB index is out of range; correct the URL/);
    expect(error).toMatchObject({ name: 'UsageError' });
  });

  it('is a replica', async () => {
    const replica = await startRedis('--replicaof', '127.0.0.1', String(redis.port));
    const { error } = await connecting(replica.url);
    await replica.close();
    expect(error!.message).toContain(
      `is a replica, which takes no writes; give the address of its master, 127.0.0.1:${redis.port}`,
    );
  });

  it('may throw keys away: that is said, where its memory has a limit', async () => {
    const spy = vi.spyOn(console, 'warn');
    await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await connecting(redis.url)).toEqual({ notices: [] });
    await redis.client.config('SET', 'maxmemory', '100mb');
    const { notices } = await connecting(redis.url);
    expect(notices).toEqual([expect.stringMatching(/maxmemory-policy allkeys-lru.*better set it to noeviction/)]);
    expect(spy).not.toHaveBeenCalled();
  });

  it('that is lost and back is told of once each', async () => {
    const notices: string[] = [];
    const connection = await connectRedis(redisAddress(redis.url), (text) => notices.push(text));
    await redis.kill();
    await vi.waitUntil(() => notices.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 500)); // two more attempts
    await redis.start();
    expect(await connection.ping()).toBe('PONG');
    connection.disconnect();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(notices.map((text) => /is lost|is back/.exec(text)?.[0])).toEqual(['is lost', 'is back']);
  });
});
