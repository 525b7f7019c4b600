import { Command } from 'commander';
import { join } from 'node:path';
import { drawRun } from '../../figures/draw-figures.js';
import type { WrittenFigure } from '../../figures/write-figure.js';
import { makeFolder } from '../files/make-folder.js';
import { chosenColumns } from '../train/observables/columns.js';
import { observables } from '../train/observables/index.js';
import { knownTopFraction } from '../train/known-top-fraction.js';
import { trainDefaults, type TrainConfig } from '../train/train-config.js';
import type { TrainDocument } from '../train/train-document.js';
import { findBoundary } from '../studies/solve/boundary.js';
import { solveDraws } from '../studies/solve/draws.js';
import { solve } from '../studies/solve/solve.js';
import type { SolveDocument } from '../studies/solve/solve-document.js';
import { printBoundary } from './boundary.js';
import { printFigures, runFigures } from './figures.js';
import { defaultData } from './measure.js';
import { seed } from './options.js';
import { interval, short } from '../numeric/short-number.js';
import { printJson, printLine } from './output.js';
import { printDraws } from './solve-draws.js';
import { printNoise } from './solve-table.js';
import { printTraining, runTraining } from './train.js';
import { runVerification, verificationSummary } from './verify.js';

interface DemoOptions {
  readonly out: string;
  readonly seed: number;
  readonly json: boolean;
}

/** What the table of the network shows of each record. */
const columnsShown = ['step', 'loss', 'accuracy', 'gradientNorm', 'topFraction', 'overlapGradientHessianGradient'];

/** The figures of the story that need no run. */
const figuresShown = ['collapse', 'noisy-levels', 'phase-diagram'];

export function demoCommand(signal: AbortSignal): Command {
  return new Command()
    .option('--out <DIR>', 'folder for the run and the figures', 'demo')
    .option('--seed <N>', 'seed of everything random', seed, 1)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', '\nExample:\n  $ tiny-subspace demo --out demo')
    .action(async (options: DemoOptions) => {
      makeFolder(options.out); // or it fails before the story begins
      if (options.json) await jsonDemo(options, signal);
      else await printedDemo(options, signal);
    });
}

async function printedDemo(options: DemoOptions, signal: AbortSignal): Promise<void> {
  say(
    'The claim (Gur-Ari, Roberts & Dyer 2018): while a network learns k classes, the gradient g of its',
    'training loss comes to lie in the span of the top k eigenvectors of the Hessian H, a tiny subspace.',
    '',
    'f_top(k) = ‖P_k g‖²/‖g‖² is the share of g that does, P_k the projector on these eigenvectors;',
    'a random direction among p parameters has k/p. overlap(g,Hg) = gᵀHg/(‖g‖‖Hg‖) is 1 where g is an',
    'eigenvector, of whichever eigenvalue.',
  );
  heading('1. Solved: the model of the claim, in closed form');
  say(
    'k = 10 Gaussian classes around orthonormal means, without noise, and a linear softmax under gradient',
    'flow. From small random weights W(0) f_top starts near 1/(k−1) = 0.11, which is what chance gives in the',
    'k(k−1) directions that are curved at all, and collapses to 1. Means over 200 W(0):',
    '',
  );
  printDraws(fromRandomWeights(options.seed));
  heading('2. Broken: with noise the gradient leaves the subspace again');
  say(
    'Now every feature has noise σ. From W(0) = 0 the weights stay on a line W = αB; the margin α, by how',
    'much the score of the right class exceeds the others at a mean, grows towards 1/σ², where it is optimal.',
    'The gradient is an eigenvector all the way, so that overlap(g,Hg) = 1; but other levels overtake it:',
    '',
  );
  printBoundary(findBoundary(noisyModel));
  heading('3. Why SGD is there all the same: its noise');
  say(
    'Batches shake the weights, and along an eigenvector of eigenvalue λ that leaves the gradient an energy',
    '(η/b) cλ/2, c the variance of one sample’s gradient there: most where λ is large. f_top is that of the',
    'flow, inside and then outside, until the flow has decayed below the noise, and from there that of the',
    'noise, which brings it back. k = 3, d = 6, σ = 0.4:',
    '',
  );
  printNoise(await noisySgd(options.seed));
  heading('4. Proved and checked: each statement derived on its own, and held against this code');
  const verified = await runVerification(signal);
  say(verificationSummary(verified), '(each with its evidence: the command verify)');
  if (!verified.ok) process.exitCode = 1;
  const config = networkConfig(options.seed);
  heading(`5. Measured: a network on ${config.data.source}`);
  say(
    'SGD, with gradient and Hessian of the whole training loss at each step shown; f_top is given as the',
    'interval in which it lies.',
    '',
  );
  const network = await trained(config, options, signal);
  printTraining(network, chosenColumns(observables, columnsShown));
  say('', ...conclusion(network));
  heading('6. Drawn');
  printFigures(await drawn(options, network, signal));
}

async function jsonDemo(options: DemoOptions, signal: AbortSignal): Promise<void> {
  const verified = await runVerification(signal);
  if (!verified.ok) process.exitCode = 1;
  const network = await trained(networkConfig(options.seed), options, signal);
  printJson({
    solve: await solve({ ...fromZero, seed: options.seed }),
    draws: fromRandomWeights(options.seed),
    boundary: findBoundary(noisyModel),
    noise: await noisySgd(options.seed),
    verify: verified,
    train: network,
    figures: await drawn(options, network, signal),
  });
}

const noisyModel = { classes: 10, noise: 0.3, rho: 0 };

/** Three classes, where the times of the story lie close together. */
function noisySgd(chosenSeed: number): Promise<SolveDocument> {
  const sgdNoise = { learningRate: 0.5, batch: 16 };
  return solve({
    ...fromZero,
    classes: 3,
    dim: 6,
    noise: 0.4,
    times: [1, 5, 25, 125, 1e3],
    sgdNoise,
    seed: chosenSeed,
  });
}

const fromZero = {
  classes: 10,
  dim: 50,
  noise: 0,
  rho: 0,
  times: [0, 1, 10, 100, 1e3, 1e6],
  init: { kind: 'zero' },
  bias: false,
  levels: 100,
} as const;

function fromRandomWeights(chosenSeed: number) {
  const model = { classes: 10, dim: 50, initial: 'random:0.1', draws: 200, seed: chosenSeed };
  return solveDraws(model, 0.1, [0, 0.1, 1, 3, 10, 100, 1e3]);
}

/** The paper's network (Fig. 1a), on as many images and for as many steps as show it in seconds. */
function networkConfig(chosenSeed: number): TrainConfig {
  const source = defaultData(2000);
  return {
    ...trainDefaults,
    data: { ...trainDefaults.data, source, samples: source === 'mnist' ? 2000 : null },
    steps: 400,
    measureEvery: [20, 50, 100, 200],
    top: 11,
    accuracy: 1e-2,
    seed: chosenSeed,
  };
}

function trained(config: TrainConfig, { out }: DemoOptions, signal: AbortSignal): Promise<TrainDocument> {
  return runTraining(config, { out: join(out, 'run') }, signal);
}

function conclusion({ run, records }: TrainDocument): string[] {
  const { config, subspace: k, parameters } = run;
  const [first, last] = [records[0]!, records.at(-1)!].map((record) => interval(knownTopFraction(record), 3));
  return [
    `In ${config.steps} steps f_top(${k}) went from ${first!} to ${last!}: that share of the gradient lies in`,
    `${k} of ${parameters} directions, where a random one has ${short(k / parameters, 2)}.`,
  ];
}

async function drawn(
  { out, seed: chosenSeed }: DemoOptions,
  network: TrainDocument,
  signal: AbortSignal,
): Promise<WrittenFigure[]> {
  const folder = join(out, 'figures');
  const written = await runFigures({ out: folder, only: figuresShown, seed: chosenSeed, signal });
  return [...written, await drawRun(network, folder)];
}

function heading(text: string): void {
  say('', text, '');
}

function say(...lines: readonly string[]): void {
  for (const line of lines) printLine(line);
}
