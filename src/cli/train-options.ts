import { Command, InvalidArgumentError, Option } from 'commander';
import { dataSets } from '../data/data-source.js';
import type { DatasetChoices } from '../data/load-dataset.js';
import { UsageError } from '../errors.js';
import { architectures } from '../loss/network/architectures.js';
import { initialisations } from '../loss/network/initialisation.js';
import { wordList } from '../registry.js';
import { optimizerRule, optimizers, standardOptimizer, type Optimizer } from '../train/optimizer.js';
import { checkTrainConfig, trainDefaults, trainSchema, type TrainConfig } from '../train/train-config.js';
import { isObject } from '../files/same-run.js';
import { refuseUnusedSettings, unusedSettings } from '../train/train-unused.js';
import { readJsonFile } from './json-file.js';
import { nameMap } from './name-map.js';
import { integerIn, numberIn, seed } from './options.js';
import type { UnusedOptions } from './unused-options.js';

/** Options of `train`: those that are not given come from --config, and else from the defaults. */
export interface TrainFlags {
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
  readonly optimizer?: Optimizer['kind'];
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly lr?: number;
  readonly batch?: number | 'all';
  readonly steps?: number;
  readonly measureEvery?: number | 'log';
  readonly follow?: TrainConfig['follow']['direction'];
  readonly followFrom?: number;
  readonly followSwitch?: number;
  readonly refresh?: number;
  readonly subspace?: number;
  readonly top?: number;
  readonly tolerance?: number;
  readonly basis?: number;
  readonly effort?: number;
  readonly accuracy?: number;
  readonly dtype?: TrainConfig['precision'];
  readonly threads?: number;
  readonly window?: number;
  readonly updates?: number;
  readonly noiseNull?: number;
  readonly keepWeights?: TrainConfig['keepWeights'];
  readonly seed?: number;
  readonly out?: string;
  readonly json: boolean;
}

/** The constants of optimisers that have an option, and this. */
const constantOptions = { momentum: '--momentum', weightDecay: '--weight-decay' } as const;
type OptionConstant = keyof typeof constantOptions;

/** The optimisers that have a constant. */
const withConstant = (constant: OptionConstant): Optimizer['kind'][] =>
  optimizers.flatMap(({ name }) => (constant in optimizerRule(name).constants ? [name] : []));

/** Adds the options that make a configuration. */
export function withTrainOptions(command: Command): Command {
  const d = trainDefaults;
  const { activation, loss, data, follow, precision, keepWeights } = trainSchema.shape;
  const choice = (flags: string, text: string, values: readonly string[], standard: string): Option =>
    new Option(flags, `${text} (default: ${standard})`).choices(values);
  return command
    .option('--config <FILE>', 'JSON file with any part of the configuration; options given here come on top')
    .option('--model <MODEL>', `${architectures.patterns} (default: ${d.model})`)
    .addOption(
      choice('--backend <NAME>', 'ONNX Runtime, or plain TypeScript (softmax in f64)', ['onnx', 'plain'], d.backend),
    )
    .addOption(choice('--activation <NAME>', 'between layers', activation.options, d.activation))
    .option('--no-bias', 'layers without biases')
    .addOption(choice('--loss <LOSS>', 'what is minimised', loss.options, d.loss))
    .option('--init <NAME>', `first weights: ${initialisations.patterns} (default: ${d.initialisation})`)
    .option('--init-from <FILE>', 'first weights from a safetensors file')
    .option(
      '--init-map <MAP>',
      'which of its tensors is which, where names and shapes do not say so: LAYER=LAYER,… or TENSOR=PARAMETER,… or a JSON file',
      nameMap,
    )
    .option('--data <DATA>', `${dataSets.patterns} (default: ${d.data.source})`)
    .option('--samples <N>', 'images to train on (default: all)', integerIn(1, 1e7, 5000))
    .addOption(choice('--subset <WHICH>', 'which images', data.shape.subset.options, d.data.subset))
    .option('--classes <LIST>', 'classes of images to keep, for example 0,1,7', classList)
    .option('--random-labels', 'labels drawn at random')
    .addOption(choice('--pixels <SCALING>', 'pixel scaling', data.shape.pixels.options, d.data.pixels))
    .addOption(
      choice(
        '--optimizer <NAME>',
        'how a gradient becomes a step',
        optimizers.map(({ name }) => name),
        d.optimizer.kind,
      ),
    )
    .option(
      '--momentum <MU>',
      `of ${wordList(withConstant('momentum'))} (default: ${standardOptimizer('momentum').momentum})`,
      numberIn(0, 0.9999, 0.9),
    )
    .option(
      '--weight-decay <LAMBDA>',
      `of ${wordList(withConstant('weightDecay'))} (default: ${standardOptimizer('adamw').weightDecay})`,
      numberIn(0, 1e6, 0.01),
    )
    .option('--lr <ETA>', 'learning rate (default: 0.1)', numberIn(1e-12, 1e6, 0.1))
    .option('--batch <N>', `samples of a step, or 'all' (default: ${d.batch}, all where there are fewer)`, batchSize)
    .option('--steps <N>', `steps (default: ${d.steps})`, integerIn(0, 1e7, 1000))
    .option(
      '--measure-every <N>',
      `measure every N steps, or 'log' for 0, 1, 2, 5, 10, … (default: ${String(d.measureEvery)})`,
      every,
    )
    .addOption(
      choice(
        '--follow <PART>',
        'part of the gradient that is followed',
        follow.shape.direction.options,
        d.follow.direction,
      ),
    )
    .option(
      '--follow-from <STEP>',
      'first step at which only that part is followed (default: 0)',
      integerIn(0, 1e7, 500),
    )
    .option(
      '--follow-switch <CHI>',
      'not before the moving average (factor 0.9) of χ of the gradient exceeds this (default: no condition)',
      numberIn(1e-6, 0.999999, 0.95),
    )
    .option('--refresh <N>', 'steps between two computations of that subspace (default: 1)', integerIn(1, 1e7, 10))
    .option('--subspace <M>', 'm of f_top(m) and of subspaces (default: the number of outputs)', integerIn(1, 1000, 10))
    .option('--top <M>', `eigenvalues per measurement (default: ${d.top}, or as many as fit)`, integerIn(1, 1000, 20))
    .option(
      '--tolerance <TOL>',
      `residual of the eigenpairs over ‖H‖ (default: ${d.tolerance})`,
      numberIn(1e-12, 0.1, 1e-3),
    )
    .option(
      '--basis <N>',
      'vectors the search for eigenpairs may hold: fewer need less memory, and more products (default: as many as it wants)',
      integerIn(5, 10_000, 60),
    )
    .option(
      '--effort <X>',
      'products spent on what the search has overlooked, over those before; 0 for none, and then nothing is known above the eigenvalues found (default: 0.5, 4 with --accuracy)',
      numberIn(0, 100, 0.5),
    )
    .option(
      '--accuracy <X>',
      'stop the search for eigenpairs when f_top(m) is known to ± X (default: by --tolerance)',
      numberIn(1e-9, 0.5, 1e-3),
    )
    .addOption(
      choice('--dtype <TYPE>', 'of weights and products; sums over samples are f64', precision.options, d.precision),
    )
    .option('--threads <N>', `threads of one matrix product (default: ${d.threads})`, integerIn(1, 256, 2))
    .option(
      '--window <N>',
      'average overlap(g,Hg) and f_top over the last N steps (default: 0)',
      integerIn(0, 1e7, 1000),
    )
    .option('--updates <N>', 'take the singular values of the last N updates (default: 0)', integerIn(0, 1000, 10))
    .addOption(
      new Option(
        '--noise-null [PROBES]',
        "record what SGD's noise alone has of f_top and overlap(g,Hg), from PROBES random vectors (default: not recorded)",
      )
        .argParser(integerIn(2, 1000, 10))
        .preset('10'),
    )
    .addOption(choice('--keep-weights <WHICH>', 'weight files in the run folder', keepWeights.options, d.keepWeights))
    .option('--seed <N>', `seed of first weights, batches, masks and samples (default: ${d.seed})`, seed)
    .option('--out <DIR>', 'run folder: records, weights and checkpoints; the same command resumes it')
    .option('--json', 'print one JSON document', false);
}

/** The configuration that options mean. Throws UsageError, naming path, value and legal range, DataError for a file that cannot be read. */
export function trainConfigOf(options: TrainFlags): TrainConfig {
  const base = options.config === undefined ? trainDefaults : mergedFile(options.config);
  const data = {
    ...base.data,
    ...given({
      source: options.data,
      samples: options.samples,
      subset: options.subset,
      classes: options.classes,
      randomLabels: options.randomLabels,
      pixels: options.pixels,
    }),
  };
  const config = checkTrainConfig({
    ...base,
    ...given({
      model: options.model,
      backend: options.backend,
      activation: options.activation,
      bias: options.bias === false ? false : undefined,
      loss: options.loss,
      initialisation: options.init,
      batch: options.batch === 'all' ? null : options.batch,
      steps: options.steps,
      measureEvery: options.measureEvery,
      subspace: options.subspace,
      top: options.top,
      tolerance: options.tolerance,
      basis: options.basis,
      effort: options.effort,
      accuracy: options.accuracy,
      precision: options.dtype ?? (options.backend === 'plain' && options.config === undefined ? 'f64' : undefined),
      threads: options.threads,
      updates: options.updates,
      noiseNull: options.noiseNull,
      keepWeights: options.keepWeights,
      seed: options.seed,
      optimizer: optimizerOf(base.optimizer, options),
    }),
    data,
    schedule: options.lr === undefined ? base.schedule : { ...base.schedule, rate: options.lr },
    follow: {
      ...base.follow,
      ...given({
        direction: options.follow,
        refresh: options.refresh,
        from: options.followFrom,
        switch:
          options.followSwitch === undefined
            ? undefined
            : { factor: 0.9, ...base.follow.switch, threshold: options.followSwitch },
      }),
    },
    window: { ...base.window, ...given({ length: options.window }) },
  });
  if (options.config !== undefined) refuseUnusedSettings(config);
  return config;
}

/** The option of each setting that can have no part in a run. */
const optionOf: Readonly<Record<string, keyof TrainFlags>> = {
  'data.samples': 'samples',
  'data.subset': 'subset',
  'data.classes': 'classes',
  'data.pixels': 'pixels',
  activation: 'activation',
  threads: 'threads',
  'follow.refresh': 'refresh',
  'follow.from': 'followFrom',
  'follow.switch': 'followSwitch',
};

/** Options that would change nothing of a run with this configuration. */
export function unusedTrainOptions(config: TrainConfig, { initFrom, out }: TrainFlags): UnusedOptions[] {
  return [
    ...unusedSettings(config).map(({ path, why }) => ({ when: true, options: [optionOf[path]!], why })),
    { when: initFrom !== undefined, options: ['init'], why: 'the first weights come from --init-from' },
    { when: initFrom === undefined, options: ['initMap'], why: 'it is about the file of --init-from' },
    { when: out === undefined, options: ['keepWeights'], why: 'weights are kept in the folder of --out' },
  ];
}

/** What the options say of the optimizer, on top of the one there is. */
function optimizerOf(base: Optimizer, { optimizer: kind = base.kind, ...flags }: TrainFlags): Optimizer {
  const chosen = kind === base.kind ? base : standardOptimizer(kind);
  const { momentum, weightDecay } = flags;
  const constants = given({ momentum, weightDecay }) as Partial<Record<OptionConstant, number>>;
  for (const constant of Object.keys(constants) as OptionConstant[]) {
    if (constant in chosen) continue;
    const having = withConstant(constant);
    throw new UsageError(
      `${constantOptions[constant]} belongs to ${wordList(having)}; the optimizer is ${kind}, add --optimizer ${having[0]!}`,
    );
  }
  return { ...chosen, ...constants };
}

/** The defaults with the parts that a file gives: data, follow and window are merged, everything else is replaced. */
function mergedFile(path: string): TrainConfig {
  const found = readJsonFile(path, 'a file with a configuration');
  if (!isObject(found)) {
    throw new UsageError(`${path} must hold one JSON object, received ${JSON.stringify(found).slice(0, 40)}`);
  }
  const given = Object.fromEntries(Object.entries(found).filter(([key]) => key !== '$schema')); // that is for editors
  const merged = (['data', 'follow', 'window'] as const).map((key): [string, unknown] => {
    const part = given[key] === undefined ? {} : given[key];
    return [key, isObject(part) ? { ...trainDefaults[key], ...part } : part];
  });
  return checkTrainConfig({ ...trainDefaults, ...given, ...Object.fromEntries(merged) });
}

/** The entries that were given. */
function given<T extends object>(entries: T): Partial<T> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function classList(text: string): number[] {
  const classes = text.split(',').map((word) => (/^\s*\d+\s*$/.test(word) ? Number(word) : NaN));
  if (classes.length < 2 || !classes.every(Number.isSafeInteger)) {
    throw new InvalidArgumentError('It must be a list of at least two class numbers, for example 0,1,7.');
  }
  return classes;
}

function batchSize(text: string): number | 'all' {
  return text === 'all' ? 'all' : integerIn(1, 1e7, 64)(text);
}

function every(text: string): number | 'log' {
  return text === 'log' ? 'log' : integerIn(1, 1e7, 100)(text);
}
