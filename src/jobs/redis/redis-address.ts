import { UsageError } from '../../errors.js';

/** Where a Redis is. */
export interface RedisAddress {
  /** With the user that a password alone is for, 'default': ioredis writes to stderr where it is not named, and no password was needed. */
  readonly url: string;
  /** As it may be shown: host, port and database, without user and password. */
  readonly shown: string;
}

/** `redis://[user][:password]@host[:port][/database]`, `rediss://` over TLS. Throws UsageError, which does not repeat the text: there may be a password in it. */
export function redisAddress(text: string): RedisAddress {
  const legal =
    'it must be redis://HOST:PORT, redis://:PASSWORD@HOST:PORT/DATABASE, or the same with rediss:// over TLS, for example redis://localhost:6379';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new UsageError(`the address of the Redis is no URL: ${legal}`);
  const { protocol, hostname, port, pathname } = url;
  if (protocol !== 'redis:' && protocol !== 'rediss:') {
    throw new UsageError(`the address of the Redis begins with '${protocol}': ${legal}`);
  }
  if (hostname === '' || !/^(\/\d{0,9})?$/.test(pathname)) {
    throw new UsageError(`the address of the Redis has no host, or more than a number behind it: ${legal}`);
  }
  if (url.password !== '' && url.username === '') url.username = 'default';
  return { url: url.href, shown: `${hostname}:${port === '' ? '6379' : port}${pathname === '/' ? '' : pathname}` };
}
