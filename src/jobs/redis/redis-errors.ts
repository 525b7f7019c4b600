/** What Redis itself says no with: its memory is full, it became a replica, a right is missing. */
export const isReply = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError';

/** The connection was lost, or closed. */
export const isOfConnection = (error: unknown): boolean =>
  error instanceof Error &&
  /connection is closed|command queue state|socket closed|ECONN|EPIPE|ETIMEDOUT/i.test(error.message);
