import { join } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../errors.js';
import { refuseForeign } from '../files/owned-folder.js';
import { chosenCollections, collections, type Collection } from '../studies/reproduce/collections.js';
import { oursOf } from '../studies/reproduce/engine/markdown.js';
import { duration } from '../studies/reproduce/engine/page.js';
import { reproduce, reproduceWorker, type Reproduction } from '../studies/reproduce/reproduce.js';
import { defaultJobs, engineOf, withEngineOptions, type EngineFlags } from './engine-options.js';
import { figuresWithData, redraw, reproductionFolder } from '../studies/reproduce/engine/reproduced-figures.js';
import { printFigures } from './figures.js';
import { printBug, printError, printNotice } from './messages.js';
import { networkRuntime } from './network-runtime.js';
import { printJson, printLine, printTable } from './output.js';
import { startTaskProgress } from './task-progress.js';
import { refuseUnused } from './unused-options.js';

/** What was found, and where its page is. */
interface Page extends Reproduction {
  readonly page: string;
}

const idsOf = (all: readonly Collection[]): string[] =>
  all.flatMap(({ head: { prefix }, experiments }) => experiments.map(({ id }) => `${prefix}${id}`));

interface ReproduceFlags extends EngineFlags {
  readonly only?: string[];
  readonly quick: boolean;
  readonly out?: string;
  readonly redraw: boolean;
  readonly json: boolean;
}

export function reproduceCommand(signal: AbortSignal): Command {
  return withEngineOptions(new Command(), ['local', 'slurm'])
    .option(
      '--only <IDS>',
      `some of ${idsOf(collections).join(', ')}, all of these last as after:*, or single rows, by the beginning of their ids`,
      (text) => text.split(',').map((id) => id.trim()),
    )
    .option('--quick', 'fewer samples and steps: minutes, to see that all of it works', false)
    .option(
      '--out <DIR>',
      'folder for page, figures and runs; the same command resumes them (default: reproduction, with --quick reproduction/quick)',
    )
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
      const { only, quick, jobs = defaultJobs(), json } = options;
      const out = folderOf(options);
      const chosen = chosenCollections(only);
      for (const { folder } of chosen) refuseForeign(join(out, folder), reproductionFolder); // before hours of work on those before it
      const engine = await engineOf(reproduceWorker, options, command);
      await networkRuntime(); // what the workers will run on
      const pages: Page[] = [];
      for (const { head, folder, experiments, only: names } of chosen) {
        const progress = startTaskProgress(jobs);
        const found = await reproduce(experiments, {
          head,
          scale: quick ? 'quick' : 'full',
          out: join(out, folder),
          jobs,
          engine,
          signal,
          ...(names && { only: names }),
          onStart: progress.start,
          onProgress: progress.update,
          onNotice: printNotice,
        }).finally(progress.stop);
        pages.push({ ...found, page: join(out, folder, 'README.md') });
      }
      if (json) printJson({ pages: pages.map(({ page, rows, figures }) => ({ page, rows, figures })) });
      else pages.forEach(printPage);
      const failures = pages.flatMap((page) => [...page.failures.values()]);
      for (const { exitCode, message } of failures) (exitCode === null ? printBug : printError)(message);
      const codes = failures.map(({ exitCode }) => exitCode);
      if (codes.includes(null)) throw new Error('a task ended with a bug, see above');
      process.exitCode = codes[0] ?? 0;
    });
}

/** A quick run has a page of its own: it does not take the place of a full one. Throws UsageError for a folder without a name. */
function folderOf({ out, quick }: ReproduceFlags): string {
  if (out === '') throw new UsageError("a folder needs a name, received ''; give one, for example reproduction");
  return out ?? (quick ? join('reproduction', 'quick') : 'reproduction');
}

async function redrawFigures(options: ReproduceFlags): Promise<void> {
  if (options.only !== undefined || options.quick || options.jobs !== undefined) {
    throw new UsageError(
      '--redraw draws every figure that is there and runs nothing: leave out --only, --quick and --jobs',
    );
  }
  const places = collections.map(({ folder, experiments }) => ({
    out: join(folderOf(options), folder),
    experiments,
  }));
  const there = places.filter(({ out, experiments }) => figuresWithData(experiments, out).length > 0);
  const pages = [];
  for (const { out, experiments } of there.length === 0 ? places.slice(0, 1) : there)
    pages.push({ page: join(out, 'README.md'), figures: await redraw(experiments, out) });
  if (options.json) printJson({ pages });
  else printFigures(pages.flatMap(({ figures }) => figures));
}

function printPage({ page, rows }: Page): void {
  const waiting = rows.filter(({ verdict }) => verdict === 'not yet run').length;
  const earlier = rows.filter(({ isEarlier }) => isEarlier).length;
  const done = rows.filter(({ verdict, isEarlier }) => verdict !== 'not yet run' && !isEarlier);
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
  if (earlier > 0) printLine(`rows as the page had them, of runs that are not in this folder: ${earlier}`);
  if (waiting > 0) printLine(`rows not yet run: ${waiting}`);
  if (rows.some(({ settings }) => settings.scale === 'quick'))
    printLine('a quick run: few samples and steps, its numbers are not the reproduction');
  printLine(`the page: ${page}`);
}
