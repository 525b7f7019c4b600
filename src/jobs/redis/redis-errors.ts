import { UsageError } from '../../errors.js';
import { queuePrefix } from './queue-layout.js';

/** What Redis itself says no with: its memory is full, it became a replica, a right is missing. */
export const isReply = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError';

/** The connection was lost, or closed. */
export const isOfConnection = (error: unknown): boolean =>
  error instanceof Error &&
  /connection is closed|command queue state|socket closed|ECONN|EPIPE|ETIMEDOUT/i.test(error.message);

/** Something else is kept under a key of the queue: that does not pass. Undefined for any other error. */
export const foreignKey = (error: unknown, shown: string): UsageError | undefined =>
  isReply(error) && error.message.startsWith('WRONGTYPE')
    ? new UsageError(
        `the Redis at ${shown} holds something else under keys of the queue, which begin with ${queuePrefix}: (${error.message}); remove these, or choose another database of it, redis://${shown.replace(/\/.*/, '')}/1`,
        { cause: error },
      )
    : undefined;
