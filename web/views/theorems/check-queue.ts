import { task, type Task } from '../../core/task.js';
import type { Answer, Question } from './questions.js';

/** A question in the queue. */
export interface CheckJob {
  readonly question: Question;
  readonly onStart: () => void;
  readonly onAnswer: (answer: Answer) => void;
  /** At the end, with the reason where it failed. */
  readonly onEnd: (failure: string | undefined) => void;
}

export interface CheckQueue {
  readonly add: (job: CheckJob) => void;
  /** Takes a job out, also where it is under way: nothing of it is called any more. */
  readonly cancel: (job: CheckJob) => void;
}

const most = 4;

/** Questions handed to a few workers, in their order. A worker is started when there is work for it; all end with the signal. */
export function createCheckQueue(signal: AbortSignal): CheckQueue {
  const waiting: CheckJob[] = [];
  const workers: { readonly task: Task<Question, Answer>; job: CheckJob | undefined }[] = [];

  const next = (): void => {
    while (waiting.length > 0) {
      let free = workers.find(({ job }) => job === undefined);
      if (free === undefined && workers.length < Math.min(most, navigator.hardwareConcurrency)) {
        free = { task: task(startWorker, signal), job: undefined };
        workers.push(free);
      }
      if (free === undefined) return;
      work(free, waiting.shift()!);
    }
  };
  const work = (worker: (typeof workers)[number], job: CheckJob): void => {
    worker.job = job;
    job.onStart();
    worker.task.run(job.question, job.onAnswer, (failure) => {
      worker.job = undefined;
      job.onEnd(failure);
      next();
    });
  };
  return {
    add(job) {
      waiting.push(job);
      next();
    },
    cancel(job) {
      const place = waiting.indexOf(job);
      if (place >= 0) waiting.splice(place, 1);
      const worker = workers.find((one) => one.job === job);
      if (worker === undefined) return;
      worker.task.cancel();
      worker.job = undefined;
      next();
    },
  };
}

const startWorker = (): Worker => new Worker(new URL('./check.worker.ts', import.meta.url), { type: 'module' });
