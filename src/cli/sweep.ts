import { Command } from 'commander';
import { UsageError } from '../errors.js';
import { secondsOf, type Job } from '../jobs/job.js';
import { resultStore } from '../jobs/result-store.js';
import { axisGroups } from '../studies/sweep/axes.js';
import { sweepJsonSchema } from '../studies/sweep/json-schema.js';
import { planSweep, type SweepPlan } from '../studies/sweep/plan.js';
import { runSweep, type SweepOutcome } from '../studies/sweep/run-sweep.js';
import { timeScale } from '../studies/sweep/time-scale.js';
import { sweepWorker } from '../studies/sweep/worker-module.js';
import { duration } from '../studies/reproduce/engine/page.js';
import { gigabytes } from '../train/memory-estimate.js';
import { defaultJobs, engineOf, withEngineOptions, type EngineFlags } from './engine-options.js';
import { printNotice } from './messages.js';
import { printJson, printLine } from './output.js';
import { reportFailures } from './sweep-failures.js';
import { printOutcome } from './sweep-outcome.js';
import { descriptionOf, withSweepOptions } from './sweep-options.js';
import { startRunsProgress } from './sweep-progress.js';
import { statusCommand, tableCommand } from './sweep-status.js';
import { refuseUnused } from './unused-options.js';

interface PrintedSweep extends EngineFlags {
  readonly out?: string;
  readonly dryRun: boolean;
  readonly schema: boolean;
  readonly json: boolean;
}

export function sweepCommand(signal: AbortSignal): Command {
  const command = withSweepOptions(
    new Command().argument('[file]', 'JSON file with the description; options come on top of it'),
  );
  return withEngineOptions(command, ['local', 'slurm', 'redis'])
    .option(
      '--dry-run',
      'print how many runs there are, how long they should take and what memory they need, and run none',
      false,
    )
    .option(
      '--out <DIR>',
      'folder of runs and tables: the same command goes on from there, and other grids reuse what is in it',
    )
    .option('--json', 'print one JSON document', false)
    .option('--schema', 'print the JSON Schema of descriptions, and do nothing else', false)
    .addCommand(statusCommand(signal).name('status'))
    .addCommand(tableCommand().name('table'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace sweep --model softmax --data mixture:3,10,0.2,1000 --grid batch=10,100 --grid lr=0.1,0.5 --seeds 1..3 --steps 200 --out sweep' +
        '\n  $ tiny-subspace sweep --command boundary --grid classes=3,10 --grid noise=0.1,0.2,0.3 --out theory' +
        '\n  $ tiny-subspace sweep status sweep',
    )
    .action(async (file: string | undefined, options: PrintedSweep, self: Command) => {
      if (options.schema) {
        const others = self.options.map((option) => option.attributeName()).filter((name) => name !== 'schema');
        refuseUnused(self, [{ when: true, options: others, why: '--schema only prints' }]);
        printJson(sweepJsonSchema());
        return;
      }
      const plan = await planSweep(descriptionOf(file, self));
      if (options.dryRun) {
        printPlan(plan, options);
        return;
      }
      if (options.out === undefined) {
        throw new UsageError(
          'a sweep is kept in a folder: add --out DIR; the same command goes on from there, and a wider grid uses what is in it',
        );
      }
      const outcome = await runPlan(plan, options.out, options, self, signal);
      if (options.json) printJson(outcomeDocument(plan, options.out, outcome));
      else printOutcome(plan, outcome, options.out);
      reportFailures(outcome, options.out);
    });
}

async function runPlan(
  plan: SweepPlan,
  out: string,
  options: PrintedSweep,
  command: Command,
  signal: AbortSignal,
): Promise<SweepOutcome> {
  const points = new Map(plan.runs.map(({ job, point }) => [job.key, point]));
  const nameOf = ({ key }: Job): string =>
    Object.entries(points.get(key) ?? {})
      .map(([axis, value]) => `${axis} ${String(value)}`)
      .join('  ');
  let progress: ReturnType<typeof startRunsProgress> | undefined;
  try {
    return await runSweep(plan, {
      out,
      engine: await engineOf(sweepWorker, options, command, threadsOf(plan)),
      signal,
      onStart(left) {
        const there = points.size - left.length;
        if (left.length === 0) return;
        const { here, words } = expected(plan, left, out, options);
        if (!process.stderr.isTTY && here <= 10) return;
        printNotice(
          `${left.length} runs${there === 0 ? '' : `, and ${there} are finished already`}: ${words}; Ctrl-C stops, the same command goes on`,
        );
        progress = startRunsProgress(left.length, nameOf);
      },
      onProgress: (now) => progress?.update(now),
      onNotice: printNotice,
    });
  } finally {
    progress?.stop();
  }
}

/** What runs should take: seconds of processor time, by those that are finished, and on the clock, with as many at a time as there are here; in words with the memory they need. */
function expected(
  plan: SweepPlan,
  left: readonly Job[],
  out: string | undefined,
  { engine = 'local', jobs = defaultJobs(threadsOf(plan)) }: PrintedSweep,
): { readonly seconds: number; readonly here: number; readonly words: string } {
  const seconds = (out === undefined ? 1 : timeScale(plan, resultStore(out))) * secondsOf(left);
  const here = seconds / Math.min(jobs, Math.max(1, left.length));
  const memory = left.reduce((most, job) => Math.max(most, job.memory), 0);
  const time =
    engine === 'local'
      ? `about ${duration(here)} with ${jobs} at a time`
      : `about ${duration(seconds)} of processor time`;
  return { seconds, here, words: memory === 0 ? time : `${time}, up to ${gigabytes(memory)} each` };
}

/** Threads of one run, at most. */
function threadsOf({ command, runs }: SweepPlan): number {
  if (!command.settings.has('threads')) return 1;
  return runs.reduce((most, { config }) => Math.max(most, Number(command.cellOf(config as never, 'threads'))), 1);
}

function printPlan(plan: SweepPlan, options: PrintedSweep): void {
  const jobs = [...new Set(plan.runs.map(({ job }) => job))];
  const { out, json } = options;
  const left = out === undefined ? jobs : jobs.filter((job) => !resultStore(out).isFinished(job));
  if (json) {
    printJson({
      description: plan.description,
      runs: jobs.length,
      finished: jobs.length - left.length,
      seconds: expected(plan, left, out, options).seconds,
      memoryBytes: left.reduce((most, job) => Math.max(most, job.memory), 0),
    });
    return;
  }
  printLine(`${jobs.length} runs of ${plan.command.name}: ${axesText(plan)}`);
  if (left.length < jobs.length) printLine(`${jobs.length - left.length} of them are finished in ${out!}`);
  if (left.length > 0) printLine(expected(plan, left, out, options).words);
}

/** `batch (3) × lr, steps (2) × seed (3)`: what goes together, and how many points it has. */
function axesText({ description, runs }: SweepPlan): string {
  const groups = axisGroups(description.grid).map(({ names, points }) => `${names.join(', ')} (${points.length})`);
  const seeds = new Set(runs.map(({ point }) => point.seed)).size;
  return [...groups, ...(description.seeds === undefined ? [] : [`seed (${seeds})`])].join(' × ');
}

function outcomeDocument(plan: SweepPlan, out: string, { failures, files, results }: SweepOutcome): object {
  return {
    folder: out,
    description: plan.description,
    runs: plan.runs.length,
    rows: results.rows,
    files,
    failures: plan.runs.flatMap(({ job, point }) => {
      const failure = failures.get(job.key);
      return failure === undefined ? [] : [{ run: job.key, point, ...failure }];
    }),
  };
}
