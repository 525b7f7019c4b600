import { duration } from '../studies/reproduce/engine/page.js';
import type { JobsProgress } from '../jobs/run-jobs.js';
import { printNotice } from './messages.js';
import { startProgress, type Progress } from './progress.js';

/** Where stderr is no terminal: a line at most this often. */
const lineEvery = 60_000; // ms

/** Says on stderr how long the work should take, then how far it is: a bar, or lines where stderr is no terminal. */
export function startTaskProgress(jobs: number): {
  readonly start: (work: { readonly tasks: number; readonly seconds: number }) => void;
  readonly update: (progress: JobsProgress) => void;
  readonly stop: () => void;
} {
  const began = Date.now();
  let bar: Progress | undefined;
  let told = Date.now();
  return {
    start({ tasks, seconds }) {
      if (tasks === 0) return;
      printNotice(
        `${tasks} tasks, about ${duration(seconds / Math.min(jobs, tasks))} with ${jobs} at a time; Ctrl-C stops, the same command goes on`,
      );
      if (process.stderr.isTTY) bar = startProgress('reproduce', Math.ceil(seconds));
    },
    update({ total, finished, running, seconds, secondsDone }) {
      const left = timeLeft(Date.now() - began, secondsDone, seconds, jobs);
      const note = `${finished}/${total} tasks  ${duration(left)} left  ${[...running.keys()].map(({ key }) => key).join(' ')}`;
      bar?.update(Math.floor(secondsDone), note);
      if (bar !== undefined || Date.now() - told < lineEvery) return;
      told = Date.now();
      printNotice(note);
    },
    stop() {
      bar?.stop();
    },
  };
}

/** Seconds left, at the pace so far; by the estimates alone until there is one. */
function timeLeft(elapsed: number, done: number, all: number, jobs: number): number {
  const pace = done > 0.02 * all ? elapsed / 1000 / done : 1 / jobs;
  return (all - done) * pace;
}
