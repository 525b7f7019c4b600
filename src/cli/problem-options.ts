import { InvalidArgumentError, Option, type Command } from 'commander';
import { dataSets } from '../data/data-source.js';
import type { DatasetChoices } from '../data/load-dataset.js';
import { UsageError } from '../errors.js';
import { isObject } from '../files/json-object.js';
import { initialisations } from '../loss/network/initialisation.js';
import { models } from '../models/model-text.js';
import { withConfigParts } from '../train/config-parts.js';
import { checkTrainConfig, defaultsFor, trainDefaults, trainSchema, type TrainConfig } from '../train/train-config.js';
import { refuseUnusedSettings, unusedSettings } from '../train/train-unused.js';
import { readJsonFile } from './json-file.js';
import { nameMap } from './name-map.js';
import { integerIn, nameList, seed } from './options.js';
import type { UnusedOptions } from './unused-options.js';

/** Options that say which network, on which data, with which weights: those that are not given come from --config, and else from the defaults. */
export interface ProblemFlags {
  readonly config?: string;
  readonly model?: string;
  readonly backend?: TrainConfig['backend'];
  readonly activation?: TrainConfig['activation'];
  readonly bias?: boolean;
  readonly loss?: TrainConfig['loss'];
  readonly init?: string;
  readonly initFrom?: string;
  readonly initMap?: Readonly<Record<string, string>>;
  readonly data?: string;
  readonly samples?: number;
  readonly subset?: DatasetChoices['subset'];
  readonly classes?: number[];
  readonly randomLabels?: boolean;
  readonly pixels?: DatasetChoices['pixels'];
  readonly parameters?: string[];
  readonly subspace?: number;
  readonly dtype?: TrainConfig['precision'];
  readonly threads?: number;
  readonly seed?: number;
}

/** An option of which the choices and the default are known. */
export const choice = (flags: string, text: string, values: readonly string[], standard: string): Option =>
  new Option(flags, `${text} (default: ${standard})`).choices(values);

/** Adds the options that make a problem. */
export function withProblemOptions(command: Command): Command {
  const d = trainDefaults;
  const { activation, loss, data, precision } = trainSchema.shape;
  return command
    .option('--config <FILE>', 'JSON file with any part of the configuration; options given here come on top')
    .option('--model <MODEL>', `${models.patterns} (default: ${d.model})`)
    .addOption(
      choice('--backend <NAME>', 'ONNX Runtime, or plain TypeScript (softmax in f64)', ['onnx', 'plain'], d.backend),
    )
    .addOption(choice('--activation <NAME>', 'between layers', activation.options, d.activation))
    .option('--no-bias', 'layers without biases')
    .addOption(choice('--loss <LOSS>', "what is minimised; 'given': the model's own", loss.options, d.loss))
    .option(
      '--init <NAME>',
      `first weights: ${initialisations.patterns}; given: those of the model's file (default: ${d.initialisation}, of an ONNX file given)`,
    )
    .option('--init-from <FILE>', 'first weights from a safetensors file')
    .option(
      '--init-map <MAP>',
      'which of its tensors is which, where names and shapes do not say so: LAYER=LAYER,… or TENSOR=PARAMETER,… or a JSON file',
      nameMap,
    )
    .option(
      '--parameters <PATTERNS>',
      "which parameters are trained: names, layers or patterns, '!' before those that are not, for example dense2,dense3.weight or 'blocks.*,!*.bias'; the rest keeps its first values (default: all)",
      nameList,
    )
    .option('--data <DATA>', `${dataSets.patterns} (default: ${d.data.source})`)
    .option('--samples <N>', 'images to train on (default: all)', integerIn(1, 1e7, 5000))
    .addOption(choice('--subset <WHICH>', 'which images', data.shape.subset.options, d.data.subset))
    .option('--classes <LIST>', 'classes of images to keep, for example 0,1,7', classList)
    .option('--random-labels', 'labels drawn at random')
    .addOption(choice('--pixels <SCALING>', 'pixel scaling', data.shape.pixels.options, d.data.pixels))
    .option('--subspace <M>', 'm of f_top(m) and of subspaces (default: the number of outputs)', integerIn(1, 1000, 10))
    .addOption(
      choice('--dtype <TYPE>', 'of weights and products; sums over samples are f64', precision.options, d.precision),
    )
    .option('--threads <N>', `threads of one matrix product (default: ${d.threads})`, integerIn(1, 256, 2))
    .option('--seed <N>', `seed of first weights, batches, masks and samples (default: ${d.seed})`, seed);
}

/** The problem that options mean, on top of a file or of the defaults. Throws UsageError, DataError for a file that cannot be read. */
export function problemConfigOf(flags: ProblemFlags): TrainConfig {
  const config = withProblemFlags(configBelow(flags), flags);
  if (flags.config !== undefined) refuseUnusedSettings(config);
  return config;
}

/** What the options come on top of: the file they name, and else the defaults for the model. */
export function configBelow({ config, model }: ProblemFlags): TrainConfig {
  return config === undefined ? defaultsFor(model ?? trainDefaults.model) : mergedFile(config, model);
}

/** A configuration with what options say of its problem. */
export function withProblemFlags(base: TrainConfig, flags: ProblemFlags): TrainConfig {
  return checkTrainConfig({
    ...base,
    ...given({
      model: flags.model,
      backend: flags.backend,
      activation: flags.activation,
      bias: flags.bias === false ? false : undefined,
      loss: flags.loss,
      initialisation: flags.init,
      parameters: flags.parameters,
      subspace: flags.subspace,
      precision: flags.dtype ?? (flags.backend === 'plain' && flags.config === undefined ? 'f64' : undefined),
      threads: flags.threads,
      seed: flags.seed,
    }),
    data: {
      ...base.data,
      ...given({
        source: flags.data,
        samples: flags.samples,
        subset: flags.subset,
        classes: flags.classes,
        randomLabels: flags.randomLabels,
        pixels: flags.pixels,
      }),
    },
  });
}

/** The option of each setting of a problem that can have no part in it. */
const optionOf: Readonly<Record<string, keyof ProblemFlags>> = {
  'data.samples': 'samples',
  'data.subset': 'subset',
  'data.classes': 'classes',
  'data.pixels': 'pixels',
  activation: 'activation',
  bias: 'bias',
  threads: 'threads',
};

/** Options that would change nothing of a problem with this configuration. */
export function unusedProblemOptions(config: TrainConfig, { initFrom }: ProblemFlags): UnusedOptions[] {
  return [
    ...unusedSettings(config).flatMap(({ path, why }) =>
      optionOf[path] === undefined ? [] : [{ when: true, options: [optionOf[path]], why }],
    ),
    { when: initFrom !== undefined, options: ['init'], why: 'the first weights come from --init-from' },
    { when: initFrom === undefined, options: ['initMap'], why: 'it is about the file of --init-from' },
  ];
}

/** The defaults with the parts that a file gives. `model`: of the options. */
function mergedFile(path: string, model: string | undefined): TrainConfig {
  const found = readJsonFile(path, 'a file with a configuration');
  if (!isObject(found)) {
    throw new UsageError(`${path} must hold one JSON object, received ${JSON.stringify(found).slice(0, 40)}`);
  }
  const parts = Object.fromEntries(Object.entries(found).filter(([key]) => key !== '$schema')); // that is for editors
  const named = model ?? (typeof parts.model === 'string' ? parts.model : trainDefaults.model);
  return checkTrainConfig(withConfigParts(named, parts));
}

/** The entries that were given. */
export function given<T extends object>(entries: T): Partial<T> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function classList(text: string): number[] {
  const classes = text.split(',').map((word) => (/^\s*\d+\s*$/.test(word) ? Number(word) : NaN));
  if (classes.length < 2 || !classes.every(Number.isSafeInteger)) {
    throw new InvalidArgumentError('It must be a list of at least two class numbers, for example 0,1,7.');
  }
  return classes;
}
