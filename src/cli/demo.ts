import { Command } from 'commander';
import { join } from 'node:path';
import { verify } from '../../theory/index.js';
import { findBoundary, printBoundary } from './boundary.js';
import { drawRun } from '../../figures/draw-figures.js';
import type { WrittenFigure } from '../../figures/write-figure.js';
import { softmaxDefaults } from '../train/softmax-case.js';
import type { TrainDocument } from '../train/train-document.js';
import { printFigures, runFigures } from './figures.js';
import { defaultData } from './measure.js';
import { seed } from './options.js';
import { printJson, printLine } from './output.js';
import { printSolution, solve } from './solve.js';
import { printTraining, runTraining } from './train.js';
import { verificationSummary } from './verify.js';

interface DemoOptions {
  readonly out: string;
  readonly seed: number;
}

export function demoCommand(): Command {
  return new Command('demo')
    .description('all of it on the embedded default: solved, proven, met by real digits, drawn; in under a minute')
    .option('--out <DIR>', 'folder for the run and the figures', 'demo')
    .option('--seed <N>', 'seed of everything random', seed, 1)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', '\nExample:\n  $ tiny-subspace demo --out demo')
    .action(async (options: DemoOptions & { readonly json: boolean }) => {
      if (options.json) await jsonDemo(options);
      else await printedDemo(options);
    });
}

async function printedDemo(options: DemoOptions): Promise<void> {
  printLine('1. Solved: the noiseless model from W(0) = 0, in closed form');
  printLine();
  printSolution(exactly({ kind: 'zero' }, options.seed));
  printLine();
  printLine('   and from a small random W(0): the gradient starts outside the top subspace, and collapses into it');
  printLine();
  printSolution(exactly({ kind: 'random', scale: 0.01 }, options.seed));
  printLine();
  printLine('2. With noise: where it holds, and where it does not');
  printLine();
  printBoundary(findBoundary({ classes: 10, noise: 0.3, rho: 0 }));
  printLine();
  printLine('3. Proven');
  printLine();
  const verified = verify();
  printLine(verificationSummary(verified));
  printLine('(each claim with its evidence: the command verify)');
  if (!verified.ok) process.exitCode = 1;
  printLine();
  printLine('4. Measured on data');
  printLine();
  const measurement = await measured(options);
  printTraining(measurement);
  printLine();
  printLine('5. Drawn');
  printLine();
  printFigures(await drawn(options, measurement));
}

async function jsonDemo(options: DemoOptions): Promise<void> {
  const verified = verify();
  if (!verified.ok) process.exitCode = 1;
  const measurement = await measured(options);
  const figures = await drawn(options, measurement);
  const solved = exactly({ kind: 'zero' }, options.seed);
  const found = findBoundary({ classes: 10, noise: 0.3, rho: 0 });
  printJson({ solve: solved, boundary: found, verify: verified, measure: measurement, figures });
}

/** Softmax regression on 3,000 images of MNIST for ten epochs, or on the mixture where MNIST is missing. */
function measured({ out, seed: chosenSeed }: DemoOptions): Promise<TrainDocument> {
  const source = defaultData(3_000);
  const config = {
    ...softmaxDefaults,
    data: { ...softmaxDefaults.data, source, samples: source === 'mnist' ? 3_000 : null },
    steps: 470,
    top: 11,
    window: { length: 150, every: 10 },
    seed: chosenSeed,
  };
  return runTraining(config, { out: join(out, 'measure') });
}

async function drawn({ out, seed: chosenSeed }: DemoOptions, measurement: TrainDocument): Promise<WrittenFigure[]> {
  const folder = join(out, 'figures');
  return [...(await runFigures({ out: folder, seed: chosenSeed })), await drawRun(measurement, folder)];
}

function exactly(init: Parameters<typeof solve>[0]['init'], chosenSeed: number) {
  return solve({
    classes: 10,
    dim: 50,
    noise: 0,
    rho: 0,
    times: [0, 1, 10, 100, 1e3, 1e6],
    init,
    bias: false,
    levels: 100,
    seed: chosenSeed,
  });
}
