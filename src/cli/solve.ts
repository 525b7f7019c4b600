import { Command } from 'commander';
import { UsageError } from '../errors.js';
import {
  biasLevels,
  biasSnapshot,
  exactFlow,
  exactSnapshot,
  randomWeights,
  symmetricLevels,
  symmetricPoint,
  symmetricSnapshot,
} from '../model/index.js';
import { gradientHessianOverlap, topFraction, type TopFraction } from '../observe/index.js';
import type { Snapshot } from '../observe/snapshot.js';
import { initialWeights, integerIn, numbersIn, seed, type InitialWeights } from './options.js';
import { interval, printJson, printLine, printTable, short } from './output.js';

interface SolveOptions {
  readonly classes: number;
  readonly dim: number;
  readonly times: readonly number[];
  readonly init: InitialWeights;
  readonly bias: boolean;
  readonly levels: number;
  readonly seed: number;
  readonly json: boolean;
}

interface SolvedLevel {
  readonly sector: string;
  readonly value: number;
  readonly multiplicity: number;
}

interface SolvedState {
  readonly time: number;
  readonly margin: number | null;
  readonly loss: number;
  readonly error: number;
  readonly gradientNorm: number;
  readonly levels: readonly SolvedLevel[];
  readonly rank: number;
  readonly topFraction: TopFraction;
  readonly overlapGradientHessianGradient: number;
}

/** What `solve` prints: the contract for scripts. */
export interface SolveDocument {
  readonly model: {
    readonly classes: number;
    readonly dim: number;
    readonly noise: number;
    readonly bias: boolean;
    readonly initial: string;
    readonly seed: number;
  };
  readonly states: readonly SolvedState[];
}

export function solveCommand(): Command {
  return new Command('solve')
    .description('the noiseless model in closed form: loss, gradient, spectrum and f_top(k) at any time')
    .option('--classes <K>', 'number of classes k, 2 to 1000', integerIn(2, 1000, 10), 10)
    .option('--dim <D>', 'number of input features d, k to 1000000', integerIn(2, 1e6, 50), 50)
    .option('--times <LIST>', 'flow times, 0 or 1e-200 to 1e12', numbersIn(0, 1e12, '0,1,1e3'), [0, 1, 10, 1e3, 1e6])
    .option('--init <INIT>', "initial weights: 'zero' or 'random:SCALE'", initialWeights, { kind: 'zero' })
    .option('--bias', 'give the logits biases (needs --init zero)', false)
    .option('--levels <N>', 'how many levels to list when W(0) is random', integerIn(1, 1e6, 20), 100)
    .option('--seed <N>', 'seed of the random initial weights', seed, 1)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', '\nExample:\n  $ tiny-subspace solve --classes 10 --dim 50 --times 1,10,1e3,1e6 --json')
    .action((options: SolveOptions) => {
      const document = solve(options);
      if (options.json) printJson(document);
      else printSolution(document);
    });
}

export function solve(options: Omit<SolveOptions, 'json'>): SolveDocument {
  const { classes, dim, times, init, bias } = options;
  if (bias && init.kind === 'random') {
    throw new UsageError(
      '--bias couples the classes, and the closed form then needs W(0) = 0: received --init random; use --init zero',
    );
  }
  const stateAt = init.kind === 'zero' ? symmetricState(options) : randomState(options, init.scale);
  return {
    model: {
      classes,
      dim,
      noise: 0,
      bias,
      initial: init.kind === 'zero' ? 'zero' : `random:${init.scale}`,
      seed: options.seed,
    },
    states: times.map(stateAt),
  };
}

type Solver = (time: number) => SolvedState;

function symmetricState({ classes, dim, bias }: Omit<SolveOptions, 'json'>): Solver {
  return (time) => {
    const point = symmetricPoint(classes, time);
    const levels = (bias ? biasLevels : symmetricLevels)(point, dim);
    const snapshot = (bias ? biasSnapshot : symmetricSnapshot)(classes, dim, time);
    const { margin, loss, error, gradientNorm } = point;
    return { time, margin, loss, error, gradientNorm, ...spectrumOf(snapshot, levels, classes) };
  };
}

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
    return { time, margin: null, loss, error, gradientNorm, ...spectrumOf(snapshot, levels, k), rank };
  };
}

function spectrumOf(snapshot: Snapshot, levels: readonly SolvedLevel[], classes: number) {
  return {
    levels,
    rank: levels.reduce((sum, level) => sum + (level.value > 0 ? level.multiplicity : 0), 0),
    topFraction: topFraction(snapshot, classes),
    overlapGradientHessianGradient: gradientHessianOverlap(snapshot),
  };
}

export function printSolution({ model, states }: SolveDocument): void {
  const { classes: k, dim, bias, initial } = model;
  printLine(
    `${k} classes in ${dim} dimensions, no noise, W(0) ${initial === 'zero' ? '= 0' : initial}${bias ? ', biases' : ''}`,
  );
  printLine();
  printTable(
    ['t', 'margin', 'loss', 'error', '‖G‖', `f_top(${k})`, 'null', 'overlap(g,Hg)'],
    states.map((s) => [
      short(s.time),
      s.margin === null ? '–' : short(s.margin),
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
    ['t', 'rank', 'levels'],
    states.map((s) => [short(s.time), String(s.rank), levelList(s.levels)]),
  );
}

function levelList(levels: readonly SolvedLevel[]): string {
  const most = 5;
  const named = levels.slice(0, most).map((l) => `${l.sector} ${short(l.value)} (${l.multiplicity})`);
  return named.join(', ') + (levels.length > most ? `, … ${levels.length - most} more with --json` : '');
}
