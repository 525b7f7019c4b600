import { openSealed, sealedJson } from '../../files/sealed-json.js';
import { trainingRevision } from '../../train/revision.js';
import { version } from '../../version.js';
import type { Failure } from '../failure.js';
import type { Job } from '../job.js';
import type { Finished } from '../result-store.js';

/**
 * What is kept in Redis: BullMQ's queue of the jobs that wait or run, by their keys; beside it, for each job, the drivers that want its outcome, and the outcome once there is one.
 * A job that nobody wants is not run. A job is added again that is wanted and is neither in the queue nor has an outcome: nothing more is to be done when Redis forgets.
 */
export const queuePrefix = 'tiny-subspace';

/** Workers take jobs of their own version alone. */
export const queueName = `${version}-${trainingRevision}`;

const key = (kind: string, name: string): string => `${queuePrefix}:${queueName}:${kind}${name}`;

/** BullMQ's own. */
export const queuedKey = (job: string): string => key('', job);
/** A set of drivers. */
export const wantedKey = (job: string): string => key('wanted:', job);
/** An Outcome as JSON: results of some MB are kept out of BullMQ's stream of events, which would hold thousands of them. */
export const outcomeKey = (job: string): string => key('outcome:', job);

/** What a job leads to, kept until every driver that wants it has it; two weeks at most, as what is wanted. */
export type Outcome = { readonly finished: Finished } | { readonly failure: Failure };

/** An outcome as it is kept: sealed, with the key of its job. */
export const outcomeText = (job: string, outcome: Outcome): string => sealedJson({ key: job, ...outcome });

/** The outcome of a job in a text; undefined for any text that `outcomeText` did not make of it: others may write to a Redis, too. */
export function outcomeIn(text: string, job: string): Outcome | undefined {
  try {
    const { key, ...outcome } = openSealed(text, (problem) => {
      throw new Error(problem);
    });
    return key === job ? (outcome as unknown as Outcome) : undefined;
  } catch {
    return undefined;
  }
}

export const keptFor = 14 * 24 * 3600; // s

/** What a worker is told of a job; its key is the id. */
export type JobData = Pick<Job, 'work' | 'arguments' | 'seconds' | 'memory'>;
