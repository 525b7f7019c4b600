import { Option, type Command } from 'commander';
import { UsageError } from '../errors.js';
import { wordList } from '../registry.js';
import { optimizerRule, optimizers, standardOptimizer, type Optimizer } from '../train/optimizer.js';
import { checkTrainConfig, trainDefaults, trainSchema, type TrainConfig } from '../train/train-config.js';
import { refuseUnusedSettings, unusedSettings } from '../train/train-unused.js';
import { integerIn, numberIn } from './options.js';
import {
  choice,
  configBelow,
  given,
  unusedProblemOptions,
  withProblemFlags,
  withProblemOptions,
  type ProblemFlags,
} from './problem-options.js';
import type { UnusedOptions } from './unused-options.js';

/** Options of `train`: those that are not given come from --config, and else from the defaults. */
export interface TrainFlags extends ProblemFlags {
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
  readonly top?: number;
  readonly tolerance?: number;
  readonly basis?: number;
  readonly effort?: number;
  readonly accuracy?: number;
  readonly window?: number;
  readonly updates?: number;
  readonly noiseNull?: number;
  readonly keepWeights?: TrainConfig['keepWeights'];
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
  const { follow, keepWeights } = trainSchema.shape;
  return withProblemOptions(command)
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
    .option('--out <DIR>', 'run folder: records, weights and checkpoints; the same command resumes it')
    .option('--json', 'print one JSON document', false);
}

/** The configuration that options mean. Throws UsageError, naming path, value and legal range, DataError for a file that cannot be read. */
export function trainConfigOf(options: TrainFlags): TrainConfig {
  const base = withProblemFlags(configBelow(options), options);
  const config = checkTrainConfig({
    ...base,
    ...given({
      batch: options.batch === 'all' ? null : options.batch,
      steps: options.steps,
      measureEvery: options.measureEvery,
      top: options.top,
      tolerance: options.tolerance,
      basis: options.basis,
      effort: options.effort,
      accuracy: options.accuracy,
      updates: options.updates,
      noiseNull: options.noiseNull,
      keepWeights: options.keepWeights,
      optimizer: optimizerOf(base.optimizer, options),
    }),
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

/** The option of each setting of training that can have no part in a run. */
const optionOf: Readonly<Record<string, keyof TrainFlags>> = {
  'follow.refresh': 'refresh',
  'follow.from': 'followFrom',
  'follow.switch': 'followSwitch',
};

/** Options that would change nothing of a run with this configuration. */
export function unusedTrainOptions(config: TrainConfig, options: TrainFlags): UnusedOptions[] {
  const { out } = options;
  return [
    ...unusedProblemOptions(config, options),
    ...unusedSettings(config).flatMap(({ path, why }) =>
      optionOf[path] === undefined ? [] : [{ when: true, options: [optionOf[path]], why }],
    ),
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

function batchSize(text: string): number | 'all' {
  return text === 'all' ? 'all' : integerIn(1, 1e7, 64)(text);
}

function every(text: string): number | 'log' {
  return text === 'log' ? 'log' : integerIn(1, 1e7, 100)(text);
}
