import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { resultStore } from '../jobs/result-store.js';
import { planOfFolder, sweepStatus, type SweepStatus } from '../studies/sweep/sweep-status.js';
import { writeTables } from '../studies/sweep/write-tables.js';
import { duration } from '../studies/reproduce/engine/page.js';
import { integerIn } from './options.js';
import { printJson, printLine, printTable } from './output.js';

/** `sweep status DIR`, from any shell. */
export function statusCommand(signal: AbortSignal): Command {
  return new Command()
    .description('how far the sweep in a folder is, from any shell')
    .argument('<dir>', 'the --out of a sweep')
    .option(
      '--watch [SECONDS]',
      'again every so many seconds (2), until it ends; with --json once it has ended',
      integerIn(1, 86_400, 2),
    )
    .option('--json', 'print one JSON document', false)
    .action(async (dir: string, { watch, json }: { readonly watch?: number | true; readonly json: boolean }) => {
      for (;;) {
        const status = await sweepStatus(dir);
        if (watch !== undefined && process.stdout.isTTY && !json) process.stdout.write('\x1b[2J\x1b[H'); // a clear screen
        if (watch === undefined || status.state !== 'running' || !json) {
          if (json) printJson(status);
          else printStatus(dir, status);
        }
        if (watch === undefined || status.state !== 'running') return;
        await pause(1000 * (watch === true ? 2 : watch), undefined, { signal }).catch(() => {
          signal.throwIfAborted();
        });
      }
    });
}

/** `sweep table DIR`. */
export function tableCommand(): Command {
  return new Command()
    .description('write the tables of what is finished by now, also while the sweep runs')
    .argument('<dir>', 'the --out of a sweep')
    .option('--json', 'print one JSON document', false)
    .action(async (dir: string, { json }: { readonly json: boolean }) => {
      const { files, results } = writeTables(await planOfFolder(dir), resultStore(dir));
      if (json) printJson({ files, rows: results.rows });
      else for (const file of files) printLine(file);
    });
}

const states: Readonly<Record<SweepStatus['state'], string>> = {
  running: 'is running',
  stopped: 'was stopped; the same sweep command goes on',
  ended: 'has ended',
  killed: 'was killed; the same sweep command goes on',
  unseen: 'is running on another machine, or was killed there',
};

function printStatus(dir: string, status: SweepStatus): void {
  const { engine, state, driver, started, updated, total, finished, failed, running, secondsLeft, failures } = status;
  printLine(
    `${dir} ${states[state]} (${engine}, process ${driver.pid} on ${driver.host}, since ${started}, seen ${updated})`,
  );
  printLine(
    `${finished} of ${total} runs are finished` +
      (failed === 0 ? '' : `, ${failed} failed`) +
      (running.length === 0 ? '' : `, ${running.length} are worked on`) +
      (secondsLeft === null ? '' : `; about ${duration(secondsLeft)} left`),
  );
  if (running.length > 0) {
    const axes = Object.keys(running[0]!.point);
    printLine();
    printTable(
      [...axes, 'done', 'run'],
      running.map(({ key, point, share }) => [
        ...axes.map((axis) => String(point[axis] ?? '–')),
        `${Math.floor(100 * share)} %`,
        key,
      ]),
    );
  }
  for (const { key, message } of failures) printLine(`${key} failed: ${message.split('\n')[0]!}`);
}
