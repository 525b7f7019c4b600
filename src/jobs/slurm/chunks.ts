import type { Attempt } from './attempt.js';

/** A task has no more jobs than this: what it tells of them is written again and again. */
const mostJobs = 1000;

/** Seconds that the shortest job takes. */
const shortest = 0.01;

/**
 * Attempts put together, in their order, for array tasks of at least so many processor seconds where there are as many: Slurm takes seconds to begin a task. One that
 * is to be alone has a task of its own.
 */
export function chunksOf(attempts: readonly Attempt[], seconds: number): Attempt[][] {
  const chunks: Attempt[][] = attempts.filter(({ isAlone }) => isAlone).map((attempt) => [attempt]);
  let [chunk, sum]: [Attempt[], number] = [[], 0];
  for (const attempt of attempts.filter(({ isAlone }) => !isAlone)) {
    if (chunk.length === 0) chunks.push(chunk);
    chunk.push(attempt);
    sum += Math.max(attempt.job.seconds, shortest);
    if (sum >= seconds || chunk.length === mostJobs) [chunk, sum] = [[], 0];
  }
  return chunks;
}
