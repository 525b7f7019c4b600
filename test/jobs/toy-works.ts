import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DataError } from '../../src/errors.js';
import { jobOf, type Job } from '../../src/jobs/job.js';
import type { AnyWork, Work, WorkContext } from '../../src/jobs/work.js';

const work = <A, R>(name: string, run: (args: A, context: WorkContext) => Promise<R>): Work<A, R> => ({
  name,
  revision: 1,
  keepsFolder: false,
  run,
});

/** Nothing but its argument. */
export const echo = work('echo', (x: unknown) => Promise.resolve({ echo: x }));

/** The sum of what the jobs before it gave. */
export const sum = work('sum', ({ of }: { readonly of: readonly string[] }, { finished }) =>
  Promise.resolve({ echo: of.reduce((total, key) => total + (finished({ key }).result as { echo: number }).echo, 0) }),
);

/** Counts to its argument in its folder, a step every so many ms, and says how often it was begun. */
export const count = work(
  'count',
  async (
    { to, ms }: { readonly to: number; readonly ms: number; readonly seed?: number },
    { folder, signal, onProgress },
  ) => {
    const path = join(folder, 'at');
    let at = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
    for (; at < to; at++) {
      writeFileSync(path, String(at));
      signal.throwIfAborted();
      onProgress(at / to);
      await pause(ms);
    }
    return { at };
  },
);

/** Ends its process, the first so many times. */
export const fatal = work(
  'fatal',
  async ({ times, log, by }: { readonly times: number; readonly log: string; readonly by: string }) => {
    const before = existsSync(log) ? readFileSync(log, 'utf8').length : 0;
    writeFileSync(log, 'x'.repeat(before + 1));
    if (before < times) {
      if (by === 'exit') process.exit(7);
      process.kill(process.pid, by);
      await pause(10_000);
    }
    return { before };
  },
);

/** Fails as it is told. */
export const failing = work('failing', ({ typed }: { readonly typed: boolean }) =>
  Promise.reject(typed ? new DataError('no such data') : new TypeError('a bug')),
);

/** The id of its process. */
export const whoAmI = work('who-am-i', async ({ ms }: { readonly ms: number; readonly seed: number }) => {
  await pause(ms);
  return { pid: process.pid };
});

export const works: readonly AnyWork[] = [echo, sum, count, fatal, failing, whoAmI];

export const echoJob = (x: unknown, after: readonly Job[] = []): Job<{ echo: unknown }> =>
  jobOf(echo, x, { seconds: 1, after });
