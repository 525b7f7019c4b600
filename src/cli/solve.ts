import { Command } from 'commander';
import { UsageError } from '../errors.js';
import {
  biasLevels,
  biasSnapshotAt,
  exactFlow,
  exactSnapshot,
  randomWeights,
  symmetricLevels,
  marginRate,
  relativeLevelError,
  symmetricPoint,
  symmetricPointAtMargin,
  symmetricSnapshotAt,
} from '../exact/noiseless/index.js';
import { gradientHessianOverlap, topFraction } from '../observe/index.js';
import { sectorName } from '../exact/noisy/index.js';
import type { SectorLevel, SymmetricPoint } from '../exact/noiseless/index.js';
import type { Snapshot } from '../observe/snapshot.js';
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
  type InitialWeights,
} from './options.js';
import { printDraws, solveDraws, type DrawsDocument } from './solve-draws.js';
import { noisyStates } from './solve-noisy.js';
import { refuseUnused, type UnusedOptions } from './unused-options.js';
import type { SolveDocument, SolvedLevel, SolvedState } from './solve-document.js';
import { interval, printJson, printLine, printTable, short } from './output.js';

interface SolveOptions {
  readonly classes: number;
  readonly dim: number;
  readonly times: readonly number[];
  readonly noise: number;
  readonly margin?: readonly number[];
  readonly rho: Correlation;
  readonly init: InitialWeights;
  readonly bias: boolean;
  readonly levels: number;
  readonly draws?: number;
  readonly seed: number;
  readonly json: boolean;
}

export function solveCommand(): Command {
  return new Command('solve')
    .description('the model solved exactly, at any noise: loss, gradient, spectrum and f_top(k) at any time or margin')
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
    .option('--init <INIT>', "initial weights: 'zero' or 'random:SCALE'", initialWeightsOption, { kind: 'zero' })
    .option('--bias', 'give the logits biases (needs --init zero)', false)
    .option('--levels <N>', 'how many levels to list when W(0) is random', integerIn(1, 1e6, 20), 100)
    .option('--draws <N>', 'mean and quantiles over N random W(0) (needs --init random)', integerIn(2, 1e5, 200))
    .option('--seed <N>', 'seed of the random initial weights', seed, 1)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace solve --classes 10 --dim 50 --times 1,10,1e3,1e6 --json\n  $ tiny-subspace solve --noise 0.3 --margin 2,5,8',
    )
    .action((options: SolveOptions, command: Command) => {
      refuseUnused(command, unusedOptions(options));
      if (options.draws === undefined) {
        const document = solve(options);
        if (options.json) printJson(document);
        else printSolution(document);
      } else {
        const document = drawn(options, options.draws);
        if (options.json) printJson(document);
        else printDraws(document);
      }
    });
}

function unusedOptions({ init, margin, draws }: SolveOptions): UnusedOptions[] {
  return [
    { when: draws !== undefined, options: ['levels'], why: 'means over draws list no levels' },
    { when: margin !== undefined, options: ['times'], why: '--margin says where to solve' },
    {
      when: init.kind === 'zero',
      options: ['levels', 'seed'],
      why: 'nothing is drawn from W(0) = 0, and all levels are listed',
    },
  ];
}

export function solve(options: Omit<SolveOptions, 'json'>): SolveDocument {
  const { classes, dim, noise, init, bias } = options;
  const rho = correlationOf(options.rho, classes);
  refuseImpossible(options);
  refuseRhoWithoutNoise(noise, rho);
  const initial = init.kind === 'zero' ? 'zero' : `random:${init.scale}`;
  return {
    model: { classes, dim, noise, rho, bias, initial, seed: options.seed },
    states: noise > 0 ? noisy(options, rho) : noiseless(options),
  };
}

function drawn({ classes, dim, times, init, seed, ...options }: SolveOptions, draws: number): DrawsDocument {
  if (init.kind !== 'random') {
    throw new UsageError('--draws averages over random W(0): received --init zero; use for example --init random:0.01');
  }
  refuseImpossible({ ...options, classes, dim, times, init, seed });
  refuseRhoWithoutNoise(options.noise, correlationOf(options.rho, classes));
  return solveDraws({ classes, dim, initial: `random:${init.scale}`, draws, seed }, init.scale, times);
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

function noisy({ classes, dim, noise, bias, margin, times }: Omit<SolveOptions, 'json'>, rho: number): SolvedState[] {
  const at = { times, ...(margin === undefined ? {} : { margins: margin }) };
  return noisyStates({ classes, dim, noise, correlation: rho, bias }, at);
}

function noiseless(options: Omit<SolveOptions, 'json'>): SolvedState[] {
  const { classes, init, margin } = options;
  if (init.kind === 'random') return options.times.map(randomState(options, init.scale));
  const points =
    margin?.map((alpha) => symmetricPointAtMargin(classes, alpha)) ??
    options.times.map((time) => symmetricPoint(classes, time));
  return points.map((point) => symmetricState(options, point));
}

function symmetricState({ classes, dim, bias }: Omit<SolveOptions, 'json'>, point: SymmetricPoint): SolvedState {
  const levels = (bias ? biasLevels : symmetricLevels)(point, dim);
  const snapshot = (bias ? biasSnapshotAt : symmetricSnapshotAt)(point, dim);
  const { time, margin, loss, error, gradientNorm } = point;
  return {
    time,
    margin,
    marginRate: marginRate(classes, margin),
    loss,
    error,
    gradientNorm,
    ...spectrumOf(snapshot, levels, relativeLevelError(classes), classes),
  };
}

type Solver = (time: number) => SolvedState;

function randomState({ classes: k, dim, levels: listed, seed }: Omit<SolveOptions, 'json'>, scale: number): Solver {
  const flow = exactFlow(k, randomWeights(k, scale, seed));
  return (time) => {
    const state = flow.at(time);
    const snapshot = exactSnapshot(state, dim, Math.max(k + 1, listed));
    const rank = k * (k - 1);
    const shown = snapshot.spectrum.levels.slice(0, listed);
    const levels = [
      ...shown.map(({ value, multiplicity }) => ({ sector: 'class', value, multiplicity })),
      ...(shown.length < rank ? [] : [{ sector: 'null', value: 0, multiplicity: k * dim - rank }]),
    ];
    const error = state.errors.reduce((sum, e) => sum + e, 0) / k;
    const { loss, gradientNorm } = state;
    return {
      time,
      margin: null,
      marginRate: null,
      loss,
      error,
      gradientNorm,
      ...spectrumOf(snapshot, levels, relativeLevelError(k, state.largestLog), k),
      rank,
    };
  };
}

function spectrumOf(snapshot: Snapshot, levels: readonly SectorLevel[], relativeError: number, classes: number) {
  return {
    relativeError,
    levels: levels.map((level) => ({ ...level, relativeError: level.value === 0 ? 0 : relativeError })),
    rank: levels.reduce((sum, level) => sum + (level.value > 0 ? level.multiplicity : 0), 0),
    topFraction: topFraction(snapshot, classes),
    overlapGradientHessianGradient: gradientHessianOverlap(snapshot),
  };
}

export function printSolution({ model, states }: SolveDocument): void {
  const { classes: k, dim, noise, rho, bias, initial } = model;
  const noisy = noise > 0 ? `noise ${noise}` : 'no noise';
  printLine(
    `${k} classes in ${dim} dimensions, ${noisy}${rho === 0 ? '' : `, means at inner product ${rho}`}, ` +
      `W(0) ${initial === 'zero' ? '= 0' : initial}${bias ? ', biases' : ''}`,
  );
  printLine();
  const optional = (value: number | null): string => (value === null ? '–' : short(value));
  printTable(
    ['t', 'margin', 'loss', 'error', '‖G‖', `f_top(${k})`, 'random', 'overlap(g,Hg)'],
    states.map((s) => [
      optional(s.time),
      optional(s.margin),
      short(s.loss),
      short(s.error),
      short(s.gradientNorm),
      interval(s.topFraction),
      short(s.topFraction.null),
      short(s.overlapGradientHessianGradient),
    ]),
  );
  printLine();
  printLine('Hessian eigenvalues (multiplicity):');
  printTable(
    [states.every(({ time }) => time !== null) ? 't' : 'margin', 'rank', 'levels'],
    states.map((s) => [optional(s.time ?? s.margin), String(s.rank), levelList(s.levels)]),
  );
}

function levelList(levels: readonly SolvedLevel[]): string {
  const most = 8;
  const named = levels.slice(0, most).map((l) => `${sectorName(l.sector)} ${short(l.value)} (${l.multiplicity})`);
  return named.join(', ') + (levels.length > most ? `, … ${levels.length - most} more with --json` : '');
}
