import { join } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../errors.js';
import { experiments } from '../studies/reproduce/experiments/index.js';
import { oursOf } from '../studies/reproduce/engine/markdown.js';
import { duration } from '../studies/reproduce/engine/page.js';
import { reproduce, reproduceWorker } from '../studies/reproduce/reproduce.js';
import { defaultJobs, engineOf, withEngineOptions, type EngineFlags } from './engine-options.js';
import { redraw } from '../studies/reproduce/engine/reproduced-figures.js';
import type { Row } from '../studies/reproduce/engine/rows.js';
import { printFigures } from './figures.js';
import { printBug, printError, printNotice } from './messages.js';
import { networkRuntime } from './network-runtime.js';
import { printJson, printLine, printTable } from './output.js';
import { startTaskProgress } from './task-progress.js';
import { refuseUnused } from './unused-options.js';

interface ReproduceFlags extends EngineFlags {
  readonly only?: string[];
  readonly quick: boolean;
  readonly out: string;
  readonly redraw: boolean;
  readonly json: boolean;
}

export function reproduceCommand(signal: AbortSignal): Command {
  return withEngineOptions(new Command(), ['local', 'slurm'])
    .option(
      '--only <IDS>',
      `some of ${experiments.map(({ id }) => id).join(', ')}, or single rows, by the beginning of their ids`,
      (text) => text.split(',').map((id) => id.trim()),
    )
    .option('--quick', 'fewer samples and steps: minutes, to see that all of it works', false)
    .option('--out <DIR>', 'folder for page, figures and runs; the same command resumes them', 'reproduction')
    .option('--redraw', 'only draw the figures again, from the data beside them, and renew their captions', false)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', '\nExample:\n  $ tiny-subspace reproduce --only fig1a,table1')
    .action(async (options: ReproduceFlags, command: Command) => {
      if (options.redraw) {
        const ofEngines = ['engine', 'memory', 'retries', 'slurmOption', 'slurmTemplate'];
        refuseUnused(command, [{ when: true, options: ofEngines, why: '--redraw runs nothing' }]);
        await redrawFigures(options);
        return;
      }
      const { only, quick, out, jobs = defaultJobs(), json } = options;
      const engine = await engineOf(reproduceWorker, options, command);
      await networkRuntime(); // what the workers will run on
      const progress = startTaskProgress(jobs);
      try {
        const { rows, figures, failures } = await reproduce(experiments, {
          scale: quick ? 'quick' : 'full',
          out,
          jobs,
          engine,
          signal,
          ...(only && { only }),
          onStart: progress.start,
          onProgress: progress.update,
          onNotice: printNotice,
        });
        progress.stop();
        if (json) printJson({ page: join(out, 'README.md'), rows, figures });
        else printRows(rows, out);
        for (const { exitCode, message } of failures.values()) (exitCode === null ? printBug : printError)(message);
        const codes = Array.from(failures.values(), ({ exitCode }) => exitCode);
        if (codes.includes(null)) throw new Error('a task ended with a bug, see above');
        process.exitCode = codes[0] ?? 0;
      } finally {
        progress.stop();
      }
    });
}

async function redrawFigures(options: ReproduceFlags): Promise<void> {
  if (options.only !== undefined || options.quick || options.jobs !== undefined) {
    throw new UsageError(
      '--redraw draws every figure that is there and runs nothing: leave out --only, --quick and --jobs',
    );
  }
  const figures = await redraw(experiments, options.out);
  if (options.json) printJson({ page: join(options.out, 'README.md'), figures });
  else printFigures(figures);
}

function printRows(rows: readonly Row[], out: string): void {
  const done = rows.filter(({ verdict }) => verdict !== 'not yet run');
  printTable(
    ['row', 'paper', 'ours', 'verdict', 'time'],
    done.map((row) => [
      row.id,
      row.paper === null ? '–' : String(row.paper),
      oursOf(row),
      row.verdict,
      row.seconds === null ? '–' : duration(row.seconds),
    ]),
  );
  printLine();
  if (done.length < rows.length) printLine(`${rows.length - done.length} rows are not yet run`);
  printLine(`the page: ${join(out, 'README.md')}`);
}
