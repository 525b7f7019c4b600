import { Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../errors.js';
import {
  correlationOf,
  initialWeightsOption,
  integerIn,
  numberIn,
  numbersIn,
  refuseRhoWithoutNoise,
  rhoOption,
  seed,
  type Correlation,
} from './options.js';
import { refuseUnused, type UnusedOptions } from './unused-options.js';
import type { SgdRule } from '../sgd-noise/rule.js';
import type { SolveDocument, SolvedState } from './solve-document.js';
import { printJson } from './output.js';
import type { NoiselessProblem } from './solve-noiseless.js';

interface SolveOptions extends NoiselessProblem {
  readonly noise: number;
  readonly rho: Correlation;
  readonly draws?: number;
  readonly sgdNoise?: SgdRule;
  readonly etaOverB?: number;
  readonly json: boolean;
}

export function solveCommand(): Command {
  return new Command()
    .option('--classes <K>', 'number of classes k, 2 to 1000, with noise to 10000', integerIn(2, 10_000, 10), 10)
    .option('--dim <D>', 'number of input features d, k to 1000000', integerIn(2, 1e6, 50), 50)
    .option('--times <LIST>', 'flow times, 0 or 1e-200 to 1e12', numbersIn(0, 1e12, '0,1,1e3'), [0, 1, 10, 1e3, 1e6])
    .option(
      '--margin <LIST>',
      'margins of W = αB, instead of times: to 700, with noise to the larger of 100 and 2/noise²',
      numbersIn(0, 1e5, '1,5'),
    )
    .option('--noise <S>', "standard deviation σ of each feature, in units of the means' norm", numberIn(0, 10, 0.3), 0)
    .addOption(rhoOption('inner product of the means (needs noise)'))
    .addOption(
      new Option('--init <INIT>', "initial weights: 'zero' or 'random:SCALE'")
        .argParser(initialWeightsOption)
        .default({ kind: 'zero' }, 'zero'),
    )
    .option('--bias', 'give the logits biases (needs --init zero)', false)
    .option('--levels <N>', 'how many levels to list when W(0) is random', integerIn(1, 1e6, 20), 100)
    .option('--draws <N>', 'mean and quantiles over N random W(0) (needs --init random)', integerIn(2, 1e5, 200))
    .option('--sgd-noise <RATE/BATCH>', 'add the noise of SGD at this learning rate and batch size', sgdRule)
    .option('--eta-over-b <X>', 'the same for a small learning rate, η over b alone', numberIn(1e-12, 1e3, 0.001))
    .option('--seed <N>', 'seed of the random initial weights', seed, 1)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace solve --classes 10 --dim 50 --times 1,10,1e3,1e6 --json\n  $ tiny-subspace solve --noise 0.3 --margin 2,5,8\n  $ tiny-subspace solve --classes 3 --dim 6 --noise 0.4 --times 5,25,150,750 --sgd-noise 0.5/16',
    )
    .action(async (options: SolveOptions, command: Command) => {
      refuseUnused(command, unusedOptions(options));
      if (options.draws === undefined) {
        const document = await solve(options);
        if (options.json) printJson(document);
        else (await import('./solve-table.js')).printSolution(document);
      } else {
        await runDraws(options, options.draws);
      }
    });
}

function unusedOptions({ init, margin, draws }: SolveOptions): UnusedOptions[] {
  return [
    { when: draws !== undefined, options: ['levels'], why: 'means over draws list no levels' },
    {
      when: draws !== undefined,
      options: ['sgdNoise', 'etaOverB'],
      why: 'the noise of SGD is solved on the symmetric line',
    },
    { when: margin !== undefined, options: ['times'], why: '--margin says where to solve' },
    {
      when: init.kind === 'zero',
      options: ['levels', 'seed'],
      why: 'nothing is drawn from W(0) = 0, and all levels are listed',
    },
  ];
}

/** The document of `solve` without `--draws`. Throws UsageError on what has no closed form. */
export async function solve(options: Omit<SolveOptions, 'json'>): Promise<SolveDocument> {
  const { classes, dim, noise, init, bias } = options;
  const rho = correlationOf(options.rho, classes);
  refuseImpossible(options);
  refuseRhoWithoutNoise(noise, rho);
  const initial = init.kind === 'zero' ? 'zero' : `random:${init.scale}`;
  const sgd = ruleOf(options);
  const states =
    noise > 0 ? await noisy(options, rho) : (await import('./solve-noiseless.js')).noiselessStates(options);
  const model = { classes, dim, noise, rho, bias, initial, seed: options.seed };
  if (sgd === undefined) return { model, states };
  const { withSgdNoise } = await import('./solve-sgd-noise.js');
  const line = { classes, dim, noise, correlation: rho, bias };
  return { model: { ...model, sgd }, states: withSgdNoise(states, line, sgd, placesOf(options)) };
}

/** `0.1/64`: a learning rate over a batch size. */
function sgdRule(text: string): SgdRule {
  const [rate, batch, ...rest] = text.split('/').map(Number);
  if (!(rate! > 0 && rate! <= 1e3 && Number.isInteger(batch) && batch! >= 1 && batch! <= 1e9 && rest.length === 0)) {
    throw new InvalidArgumentError('It must be a learning rate over a batch size, for example 0.1/64.');
  }
  return { learningRate: rate!, batch: batch! };
}

function ruleOf({ sgdNoise, etaOverB, init, noise, bias }: Omit<SolveOptions, 'json'>): SgdRule | undefined {
  if (sgdNoise !== undefined && etaOverB !== undefined) {
    throw new UsageError('--sgd-noise and --eta-over-b both say how strong the noise is: leave out one');
  }
  const rule = sgdNoise ?? (etaOverB === undefined ? undefined : { learningRateOverBatch: etaOverB });
  if (rule === undefined) return undefined;
  if (init.kind === 'random') {
    throw new UsageError('the noise of SGD is solved on the symmetric line: received --init random; use --init zero');
  }
  if (bias && noise === 0) {
    throw new UsageError('the noise of SGD with biases needs --noise: without it use for example --noise 0.05');
  }
  return rule;
}

function placesOf({ margin, times }: Omit<SolveOptions, 'json'>): {
  readonly margins?: readonly number[];
  readonly times: readonly number[];
} {
  return { times, ...(margin === undefined ? {} : { margins: margin }) };
}

async function runDraws(options: SolveOptions, draws: number): Promise<void> {
  const { classes, dim, times, init, seed, noise } = options;
  if (init.kind !== 'random') {
    throw new UsageError('--draws averages over random W(0): received --init zero; use for example --init random:0.01');
  }
  refuseImpossible(options);
  refuseRhoWithoutNoise(noise, correlationOf(options.rho, classes));
  const { printDraws, solveDraws } = await import('./solve-draws.js');
  const document = solveDraws({ classes, dim, initial: `random:${init.scale}`, draws, seed }, init.scale, times);
  if (options.json) printJson(document);
  else printDraws(document);
}

function refuseImpossible({ noise, init, bias, margin }: Omit<SolveOptions, 'json'>): void {
  const random = init.kind === 'random';
  if (bias && random) {
    throw new UsageError(
      '--bias couples the classes, and the closed form then needs W(0) = 0: received --init random; use --init zero',
    );
  }
  if (random && (noise > 0 || margin !== undefined)) {
    throw new UsageError(
      `${noise > 0 ? '--noise' : '--margin'} needs the symmetric line: received --init random; use --init zero, or the command response`,
    );
  }
  const largest = Math.max(0, ...(margin ?? []));
  if (noise === 0 && largest > 700) {
    throw new UsageError(
      `--margin without noise goes up to 700, received ${largest}: beyond it e^−α, and the gradient with it, underflows`,
    );
  }
}

async function noisy(options: Omit<SolveOptions, 'json'>, rho: number): Promise<SolvedState[]> {
  const { classes, dim, noise, bias } = options;
  const { noisyStates } = await import('./solve-noisy.js');
  return noisyStates({ classes, dim, noise, correlation: rho, bias }, placesOf(options));
}
