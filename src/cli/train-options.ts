import { Option, type Command } from 'commander';
import { UsageError } from '../errors.js';
import { wordList } from '../registry.js';
import { optimizerRule, optimizers, standardOptimizer, type Optimizer } from '../train/optimizer.js';
import { checkTrainConfig, trainDefaults, trainSchema, type TrainConfig } from '../train/train-config.js';
import { scheduleOf, scheduleTexts } from '../train/schedule-text.js';
import { extensibleConfig } from '../train/run-extension.js';
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
  readonly schedule?: string;
  readonly warmup?: number;
  readonly batch?: number | 'all';
  readonly steps?: number;
  readonly measureEvery?: TrainConfig['measureEvery'];
  readonly measureFrom?: number;
  readonly stopLoss?: number;
  readonly stopEvery?: number;
  readonly stopTime?: number;
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
  readonly extend?: boolean;
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
    .option('--schedule <TEXT>', `how it goes on from there: ${scheduleTexts} (default: constant)`)
    .option(
      '--warmup <N>',
      'over the first N steps it rises to that of the schedule, evenly (default: it does not)',
      integerIn(1, 1e7, 100),
    )
    .option('--batch <N>', `samples of a step, or 'all' (default: ${d.batch}, all where there are fewer)`, batchSize)
    .option('--steps <N>', `steps (default: ${d.steps})`, integerIn(0, 1e7, 1000))
    .option(
      '--measure-every <STEPS>',
      `measure every N steps, at the steps of a list, for example 0,10,50,200, or at 'log' for 0, 1, 2, 5, 10, …; the last always (default: ${String(d.measureEvery)})`,
      every,
    )
    .option(
      '--measure-from <STEP>',
      'of these steps only those from this one on, and the last (default: all)',
      integerIn(1, 1e7, 500),
    )
    .option(
      '--stop-loss <L>',
      'stop at the first step at which the training loss of all samples is at most L; a forward pass over them each time it is looked for (default: all steps)',
      numberIn(-1e300, 1e300, 0.1),
    )
    .option('--stop-every <N>', 'look for that loss every N steps (default: once an epoch)', integerIn(1, 1e7, 50))
    .option(
      '--stop-time <T>',
      'stop at the first step at which the flow time, the sum of the learning rates, is at least T (default: all steps)',
      numberIn(1e-300, 1e300, 50),
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
    .addOption(choice('--keep-weights <WHICH>', 'weight files in the run folder', keepWeights.options, d.keepWeights));
}

/** The configuration that options mean. Throws UsageError, naming path, value and legal range, DataError for a file that cannot be read. */
export function trainConfigOf(options: TrainFlags): TrainConfig {
  const base = withProblemFlags(belowOptions(options), options);
  const config = checkTrainConfig({
    ...base,
    ...given({
      warmup: options.warmup,
      batch: options.batch === 'all' ? null : options.batch,
      steps: options.steps,
      measureEvery: options.measureEvery,
      measureFrom: options.measureFrom,
      stop: stopOf(base.stop, options),
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
    schedule: scheduleWith(base.schedule, options),
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
  refuseStepsBehind(options.measureEvery, config.steps);
  return config;
}

/** What options come on top of: that of the run which is extended, a file, or the defaults. */
function belowOptions(options: TrainFlags): TrainConfig {
  const { extend, steps, out, config } = options;
  if (extend === undefined || config !== undefined) return configBelow(options);
  if (steps === undefined || out === undefined) {
    throw new UsageError('--extend needs the folder of the run and how many steps it shall have: --out DIR --steps N');
  }
  return extensibleConfig(out);
}

/** Throws UsageError where a list of steps names one that the run does not reach. */
function refuseStepsBehind(list: TrainFlags['measureEvery'], steps: number): void {
  const behind = typeof list === 'object' ? list.filter((step) => step > steps) : [];
  if (behind.length === 0) return;
  throw new UsageError(
    `--measure-every names step ${behind.join(', ')}, and the run has ${steps} steps: leave it out, or raise --steps`,
  );
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
    {
      when: config.stop === undefined || 'time' in config.stop,
      options: ['stopEvery'],
      why: 'no training loss is looked for without --stop-loss',
    },
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

/** What the options say of the learning rate, on top of what there is. */
function scheduleWith(
  base: TrainConfig['schedule'],
  { lr = base.rate, schedule }: TrainFlags,
): TrainConfig['schedule'] {
  return schedule === undefined ? { ...base, rate: lr } : scheduleOf(schedule, lr);
}

/** What the options say of where a run stops, on top of what there is. Throws UsageError for both kinds at once. */
function stopOf(
  base: TrainConfig['stop'],
  { stopLoss: loss, stopEvery: every, stopTime: time }: TrainFlags,
): TrainConfig['stop'] {
  if (loss !== undefined && time !== undefined) {
    throw new UsageError(
      `a run stops at a loss or at a time: leave out --stop-loss or --stop-time, received ${loss} and ${time}`,
    );
  }
  if (time !== undefined) return { time };
  const below = base !== undefined && 'loss' in base ? base : undefined;
  if (loss === undefined && below === undefined) return base;
  const often = every ?? below?.every;
  return { loss: loss ?? below!.loss, ...(often === undefined ? {} : { every: often }) };
}

function batchSize(text: string): number | 'all' {
  return text === 'all' ? 'all' : integerIn(1, 1e7, 64)(text);
}

/** `100`, `log`, or with a comma a list of steps, in which each counts once. */
function every(text: string): TrainConfig['measureEvery'] {
  if (text === 'log') return text;
  if (!text.includes(',')) return integerIn(1, 1e7, 100)(text);
  const steps = text.split(',').map((step) => integerIn(0, 1e7, 100)(step.trim()));
  return [...new Set(steps)].sort((a, b) => a - b);
}
