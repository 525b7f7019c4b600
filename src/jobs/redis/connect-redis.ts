import type { Redis as Connection } from 'ioredis';
import { UsageError } from '../../errors.js';
import type { RedisAddress } from './redis-address.js';
import { queuePackages } from './queue-packages.js';

/** How long a Redis may take to answer at the start. */
const patience = 5000; // ms
/** How often one is asked whether it is still there: a connection that a network dropped without a word looks open for hours. */
const pulse = 15_000; // ms
/** The least that BullMQ recommends. */
const leastVersion = [6, 2] as const;

/**
 * Connects to a Redis that can hold a queue. When the connection is lost it is made again, and what was asked meanwhile is asked then; `onNotice` hears of it once, and once when it is back.
 *
 * Throws UsageError where nobody answers within 5 s, where it refuses, and where it is too old or a replica.
 */
export async function connectRedis(
  { url, shown }: RedisAddress,
  onNotice: (text: string) => void,
): Promise<Connection> {
  const { Redis } = await queuePackages();
  let isUp = false;
  let problem: Error | undefined;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: patience,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isUp ? Math.min(100 * 2 ** times, 2000) : null),
  });
  redis.on('error', (error) => (problem ??= error));
  try {
    const about = await within(patience, () => redis.connect().then(() => redis.info()));
    if (problem !== undefined) throw problem;
    refuseUnfit(about, shown, onNotice);
  } catch (error) {
    if (redis.status !== 'end') redis.disconnect();
    throw error instanceof UsageError ? error : new UsageError(inWords(problem ?? error, shown), { cause: error });
  }
  isUp = true;
  tellOfLoss(redis, shown, onNotice);
  watch(redis);
  return redis;
}

async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${milliseconds / 1000} s`));
    }, milliseconds);
  });
  return Promise.race([work(), late]).finally(() => {
    clearTimeout(timer);
  });
}

function inWords(error: unknown, shown: string): string {
  const said = error instanceof Error ? error.message : String(error);
  if (/^(NOAUTH|WRONGPASS|ERR AUTH|ERR invalid password)/.test(said)) {
    return `the Redis at ${shown} wants another password (${said}); put it into the URL: redis://:PASSWORD@${shown}, or redis://USER:PASSWORD@${shown}`;
  }
  if (/^[A-Z]{3,} /.test(said)) return `the Redis at ${shown} refuses: ${said}; correct the URL, or its configuration`;
  return (
    `no Redis can be reached at ${shown}: ${said}; see that one runs there (redis-server --bind ADDRESS --appendonly yes), ` +
    'that host and port are right, that no firewall is between, and that the URL begins with rediss:// just if it speaks TLS'
  );
}

/** Throws UsageError for a server that cannot hold a queue, by what INFO says of it, and tells of one that may forget parts of it. */
function refuseUnfit(about: string, shown: string, onNotice: (text: string) => void): void {
  const value = (name: string): string => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(about)?.[1] ?? '';
  const [major, minor] = value('redis_version').split('.').map(Number) as [number, number];
  if (major < leastVersion[0] || (major === leastVersion[0] && minor < leastVersion[1])) {
    throw new UsageError(
      `the Redis at ${shown} is of version ${value('redis_version')}, and a queue needs ${leastVersion.join('.')} or newer: install a newer one`,
    );
  }
  if (value('role') === 'slave') {
    throw new UsageError(
      `the Redis at ${shown} is a replica, which takes no writes; give the address of its master, ${value('master_host')}:${value('master_port')}`,
    );
  }
  const policy = value('maxmemory_policy');
  if (value('maxmemory') !== '0' && policy !== 'noeviction') {
    onNotice(
      `the Redis at ${shown} throws keys away when its memory is full (maxmemory-policy ${policy}): jobs that it forgets are run again; better set it to noeviction`,
    );
  }
}

function tellOfLoss(redis: Connection, shown: string, onNotice: (text: string) => void): void {
  let isLost = false;
  redis.on('close', () => {
    if (isLost || redis.status === 'end') return;
    isLost = true;
    onNotice(`the connection to the Redis at ${shown} is lost; what runs goes on, and it is tried again`);
  });
  redis.on('ready', () => {
    if (isLost) onNotice(`the Redis at ${shown} is back`);
    isLost = false;
  });
}

/** Makes the connection again where it is open and nobody answers. */
function watch(redis: Connection): void {
  let isAnswered = true;
  const timer = setInterval(() => {
    if (redis.status !== 'ready') return;
    if (!isAnswered) redis.disconnect(true);
    isAnswered = false;
    const answered = (): void => {
      isAnswered = true;
    };
    redis.ping().then(answered, answered);
  }, pulse);
  timer.unref(); // one that is closed while it is away has no end
  redis.on('end', () => {
    clearInterval(timer);
  });
}
