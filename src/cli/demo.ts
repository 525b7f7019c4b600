import { Command } from 'commander';
import { join } from 'node:path';
import { verify } from '../../theory/index.js';
import { findBoundary, printBoundary } from './boundary.js';
import { measureForFigures, printFigures, runFigures } from './figures.js';
import { printMeasurement } from './measure.js';
import { seed } from './options.js';
import { printJson, printLine } from './output.js';
import { solve } from './solve.js';
import { printSolution } from './solve-table.js';
import { verificationSummary } from './verify.js';

export function demoCommand(): Command {
  return new Command()
    .option('--out <DIR>', 'folder for the run and the figures', 'demo')
    .option('--seed <N>', 'seed of everything random', seed, 1)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', '\nExample:\n  $ tiny-subspace demo --out demo')
    .action(async (options: { readonly out: string; readonly seed: number; readonly json: boolean }) => {
      if (options.json) await jsonDemo(options);
      else await printedDemo(options);
    });
}

async function printedDemo(options: { readonly out: string; readonly seed: number }): Promise<void> {
  printLine('1. Solved: the noiseless model from W(0) = 0, in closed form');
  printLine();
  printSolution(await exactly({ kind: 'zero' }, options.seed));
  printLine();
  printLine('   and from a small random W(0): the gradient starts outside the top subspace, and collapses into it');
  printLine();
  printSolution(await exactly({ kind: 'random', scale: 0.01 }, options.seed));
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
  const measurement = await measureForFigures({ seed: options.seed }, join(options.out, 'measure'));
  printMeasurement(measurement);
  printLine();
  printLine('5. Drawn');
  printLine();
  printFigures(await runFigures({ out: join(options.out, 'figures'), seed: options.seed, measurement }));
}

async function jsonDemo(options: { readonly out: string; readonly seed: number }): Promise<void> {
  const verified = verify();
  if (!verified.ok) process.exitCode = 1;
  const measurement = await measureForFigures({ seed: options.seed }, join(options.out, 'measure'));
  const figures = await runFigures({ out: join(options.out, 'figures'), seed: options.seed, measurement });
  const solved = await exactly({ kind: 'zero' }, options.seed);
  const found = findBoundary({ classes: 10, noise: 0.3, rho: 0 });
  printJson({ solve: solved, boundary: found, verify: verified, measure: measurement, figures });
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
