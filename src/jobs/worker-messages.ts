import type { Failure } from './failure.js';
import type { Job } from './job.js';

/** What a worker process is told: a job of the store in a folder; or to stop the one that it works on. */
export type ToWorker = { readonly kind: 'job'; readonly store: string; readonly job: Job } | { readonly kind: 'stop' };

/** What it says: that it is loaded, before which it is given no job; and of its job. `rss`: bytes of memory that the process holds after it. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'finished'; readonly rss: number }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly failure: Failure };
