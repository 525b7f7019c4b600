import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { Job } from '../jobs/job.js';
import type { JobsProgress } from '../jobs/run-jobs.js';
import { secondsLeft } from '../studies/sweep/progress-file.js';
import { duration } from '../studies/reproduce/engine/page.js';
import { printNotice } from './messages.js';
import { oneLine } from './plain-text.js';

/** Where stderr is no terminal: a line at most this often. */
const lineEvery = 30_000; // ms
/** Rows of running runs. */
const mostRows = 16;

/** How far runs are, on stderr. */
export interface RunsProgress {
  readonly update: (progress: JobsProgress) => void;
  readonly stop: () => void;
}

/** A table of the runs that are worked on, renewed in place, with the time left below; a line now and then where stderr is no terminal. `nameOf`: what a run is called. */
export function startRunsProgress(total: number, nameOf: (job: Job) => string): RunsProgress {
  const began = Date.now();
  const note = (progress: JobsProgress): string => {
    const left = secondsLeft(progress, Date.now() - began);
    return (
      `${progress.finished}/${progress.total} runs` +
      (progress.failed === 0 ? '' : `, ${progress.failed} failed`) +
      (left === null ? '' : `, ${duration(left)} left`)
    );
  };
  return process.stderr.isTTY ? table(total, nameOf, note) : lines(note);
}

function lines(note: (progress: JobsProgress) => string): RunsProgress {
  let told = Date.now();
  return {
    update(progress) {
      if (Date.now() - told < lineEvery) return;
      told = Date.now();
      printNotice(note(progress));
    },
    stop: () => undefined,
  };
}

function table(total: number, nameOf: (job: Job) => string, note: (progress: JobsProgress) => string): RunsProgress {
  const bars = new MultiBar(
    { stream: process.stderr, hideCursor: true, clearOnComplete: true, format: '{bar} {percentage} %  {name}' },
    Presets.shades_classic,
  );
  const whole = bars.create(total, 0, { name: '' }, { format: '{bar} {name}' });
  const rows = new Map<Job, SingleBar>();
  return {
    update(progress) {
      for (const [job, row] of rows) {
        if (progress.running.has(job)) continue;
        bars.remove(row);
        rows.delete(job);
      }
      for (const [job, share] of progress.running) {
        const row =
          rows.get(job) ?? (rows.size < mostRows ? bars.create(100, 0, { name: oneLine(nameOf(job)) }) : undefined);
        if (row === undefined) break;
        rows.set(job, row);
        row.update(Math.floor(100 * share));
      }
      whole.update(progress.finished, { name: note(progress) });
    },
    stop() {
      bars.stop();
    },
  };
}
