import { Command, Option } from 'commander';
import {
  chosenColumns,
  columnsOf,
  headingOf,
  readingOf,
  recordsCsv,
  type NamedColumn,
} from '../train/observables/columns.js';
import { askedObservables, observables, observablesOf } from '../train/observables/index.js';
import { recordJsonSchema } from '../train/observables/record.js';
import { lastStep } from '../train/run-length.js';
import { trainJsonSchema, type TrainConfig } from '../train/train-config.js';
import type { StopReason, TrainDocument, TrainRecord } from '../train/train-document.js';
import { knownTopFraction } from '../train/known-top-fraction.js';
import { paperOverlap } from '../train/softmax-case.js';
import { train } from '../train/train.js';
import { hasActivation } from '../train/train-unused.js';
import { printNotice } from './messages.js';
import { runtimeOf } from './network-runtime.js';
import { nameList } from './options.js';
import { interval, short } from '../numeric/short-number.js';
import { meanOf, printJson, printLine, printTable, printText } from './output.js';
import { startProgress } from './progress.js';
import { trainConfigOf, unusedTrainOptions, withTrainOptions, type TrainFlags } from './train-options.js';
import { refuseUnused } from './unused-options.js';

interface PrintedTraining extends TrainFlags {
  readonly columns?: string[];
  readonly csv: boolean;
  readonly schema?: keyof typeof schemas;
}

const schemas = { config: trainJsonSchema, records: () => recordJsonSchema(observables, askedObservables) };

export function trainCommand(signal: AbortSignal): Command {
  const columns = columnsOf([...observables, ...askedObservables]).map(({ id }) => id);
  return withTrainOptions(new Command())
    .option('--out <DIR>', 'run folder: records, weights and checkpoints; the same command resumes it')
    .option(
      '--extend',
      'the run in --out goes on to the --steps given here, as if it had been asked for them from the start; no other options are needed',
    )
    .option('--json', 'print one JSON document', false)
    .option(
      '--columns <IDS>',
      `columns of the table, or of --csv, in this order: some of ${columns.join(', ')}`,
      nameList,
    )
    .option('--csv', 'print the records as CSV, all columns if none are chosen', false)
    .addOption(
      new Option('--schema [OF]', 'print a JSON Schema, of configuration files or of records, and do nothing else')
        .choices(Object.keys(schemas))
        .preset('config'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace train --model mlp:100,100 --data mnist --samples 5000 --steps 300 --measure-every 10 --out run/fig1' +
        '\n  $ tiny-subspace train --model softmax --data mixture:3,10,0.2,1000 --steps 200 --measure-every 50 --top 10 --json',
    )
    .action(async (options: PrintedTraining, command: Command) => {
      if (options.schema !== undefined) {
        const others = command.options.map((option) => option.attributeName()).filter((name) => name !== 'schema');
        refuseUnused(command, [{ when: true, options: others, why: '--schema only prints' }]);
        printJson(schemas[options.schema]());
        return;
      }
      const config = trainConfigOf(options);
      refuseUnused(command, unusedTrainOptions(config, options));
      refuseUnused(command, [{ when: options.json, options: ['columns', 'csv'], why: '--json prints all of a run' }]);
      const chosen =
        options.csv && options.columns === undefined
          ? columnsOf(observablesOf(config))
          : chosenColumns(observablesOf(config), options.columns);
      const document = await runTraining(config, options, signal);
      if (options.json) printJson(document);
      else if (options.csv) printText(recordsCsv(document, chosen));
      else printTraining(document, chosen);
    });
}

/** Trains with a progress bar; the signal stops it after the current step, checkpointed. */
export async function runTraining(
  config: TrainConfig,
  { out, extend, initFrom, initMap }: Pick<TrainFlags, 'out' | 'extend' | 'initFrom' | 'initMap'>,
  signal: AbortSignal,
): Promise<TrainDocument> {
  const runtime = await runtimeOf(config);
  const bar = startProgress('train', lastStep(config));
  try {
    return await train(config, {
      ...(runtime === undefined ? {} : { runtime }),
      signal,
      ...(out === undefined ? {} : { out }),
      ...(extend === undefined ? {} : { extend }),
      ...(initFrom === undefined ? {} : { initFrom }),
      ...(initMap === undefined ? {} : { initMap }),
      onNotice: printNotice,
      onProgress({ step, lastRecord }) {
        bar.update(
          step,
          lastRecord && `loss ${short(lastRecord.loss, 3)}  f_top ${interval(knownTopFraction(lastRecord), 3)}`,
        );
      },
    });
  } finally {
    bar.stop();
  }
}

/** What was run, a table of its records, and the summary. */
export function printTraining(
  { run, records, window, summary }: TrainDocument,
  columns: readonly NamedColumn[] = chosenColumns(observablesOf(run.config)),
): void {
  const { config, data, parameters, subspace: m } = run;
  const { batch, schedule, warmup, groups = [] } = config;
  const kinds = [
    schedule.kind === 'constant' ? [] : schedule.kind,
    warmup === undefined ? [] : `warm-up ${warmup}`,
  ].flat();
  printLine(
    `${config.model}${hasActivation(config.model) ? ` (${config.activation})` : ''} on ${data.name}: ${data.samples} samples, ${data.features} inputs` +
      (data.zeroFeaturesDropped > 0
        ? ` (${data.zeroFeaturesDropped} of them zero in every sample: their weights do not move and are left out)`
        : '') +
      `, ${parameters} parameters`,
  );
  printLine(
    `${config.optimizer.kind}, batch ${batch ?? 'all'}, η = ${schedule.rate}${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}, ` +
      groups.map((group) => `${groupText(group)}, `).join('') +
      `${config.loss}, ${config.precision}, seed ${config.seed}` +
      (summary.followed === null ? '' : `; ${followedText(config, summary.followed)}`),
  );
  printLine();
  printTable(
    columns.map((column) => headingOf(column, run)),
    records.map((record) => columns.map((column) => cellOf(column, record, run))),
  );
  printLine();
  const { finalTopFraction: final, overlapWindow, topFractionWindow, stopped } = summary;
  if (stopped !== undefined) printLine(stoppedText(config, records.at(-1)!, stopped));
  const noise = records.at(-1)?.noiseNull?.stationary ?? null;
  printLine(
    `f_top(${m}) at the end: ${interval(final)} (a random direction: ${short(final.null, 3)}` +
      `${noise === null ? '' : `; the noise of SGD alone: ${interval(noise, 3)}`})`,
  );
  if (overlapWindow !== null) {
    const paper = paperOverlap({ run, window });
    printLine(
      `overlap(g,Hg) over the last steps (from ${overlapWindow.firstStep}, ${overlapWindow.count} of them): ` +
        lateMean(overlapWindow) +
        (paper === null ? '' : `   the paper: ${paper}`),
    );
  }
  if (topFractionWindow !== null && topFractionWindow.count > 1) {
    printLine(`f_top(${m}) over the ${topFractionWindow.count} records in these steps: ${lateMean(topFractionWindow)}`);
  }
}

/** A group of parameters with what is its own. */
function groupText({ parameters, weightDecay, rate }: NonNullable<TrainConfig['groups']>[number]): string {
  const parts = [
    ...(rate === undefined ? [] : [`${rate} η`]),
    ...(weightDecay === undefined ? [] : [`weight decay ${weightDecay}`]),
  ];
  return `${parameters.join(',')} at ${parts.join(' and ')}`;
}

/** Of values over the last steps: the mean with its standard error, and the last of them. */
function lateMean(late: {
  readonly mean: number;
  readonly standardError: number | null;
  readonly last: number;
}): string {
  return `${meanOf(late)}, the last ${short(late.last, 4)}`;
}

/** Why a run with a stop ended. */
function stoppedText({ stop, steps }: TrainConfig, { time, step, loss }: TrainRecord, why: StopReason): string {
  if (stop !== undefined && 'loss' in stop) {
    return why === 'loss'
      ? `stopped at step ${step}: the training loss is ${short(loss)}, at most ${stop.loss}`
      : `ended after its ${steps} steps: the training loss, ${short(loss)}, was not found to be ${stop.loss} or less`;
  }
  return `stopped at step ${step}: the flow time is ${short(time)}`;
}

function cellOf(column: NamedColumn, record: TrainRecord, run: TrainDocument['run']): string {
  const { digits } = column;
  const reading = readingOf(column, record, run);
  if (reading === null) return '–';
  if (typeof reading === 'object') return interval(reading, digits === 'all' ? undefined : digits);
  return digits === 'all' ? String(reading) : short(reading, digits);
}

function followedText(
  { follow }: TrainConfig,
  { since, products }: NonNullable<TrainDocument['summary']['followed']>,
): string {
  const when = since === null ? 'the switch did not come: never' : `from step ${since} on`;
  return `${when} along ${follow.direction} (${products} products for its subspace)`;
}
