import { createRequire } from 'node:module';
import { UsageError } from '../../errors.js';

/** The optional packages that a Redis queue needs. */
export interface QueuePackages {
  readonly bullmq: typeof import('bullmq');
  readonly Redis: typeof import('ioredis').Redis;
}

/** Loads them. Throws UsageError where they are not installed. Cost: half a second, once. */
export async function queuePackages(): Promise<QueuePackages> {
  try {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, Redis };
  } catch (cause) {
    const { optionalDependencies: versions } = createRequire(import.meta.url)('tiny-subspace/package.json') as {
      optionalDependencies: Record<string, string>;
    };
    const names = ['bullmq', 'ioredis'].map((name) => `${name}@${versions[name] ?? 'latest'}`);
    throw new UsageError(
      `a Redis queue needs the optional packages bullmq and ioredis, and not both are installed; install them with: npm install ${names.join(' ')}`,
      { cause },
    );
  }
}
