import { Command, Option } from 'commander';
import { solveRanges } from '../studies/solve/ranges.js';
import { drawnSolutions, solve, solveDefaults, unusedInSolve, type SolveSettings } from '../studies/solve/solve.js';
import { initialWeightsOption, integerIn, numberIn, numbersIn, rateOverBatch, rhoOption, seed } from './options.js';
import { printJson } from './output.js';
import { refuseUnused } from './unused-options.js';

interface SolveOptions extends SolveSettings {
  readonly json: boolean;
}

export function solveCommand(): Command {
  const [r, d] = [solveRanges, solveDefaults];
  return new Command()
    .option(
      '--classes <K>',
      'number of classes k, 2 to 1000, with noise to 10000',
      integerIn(...r.classes, 10),
      d.classes,
    )
    .option('--dim <D>', 'number of input features d, k to 1000000', integerIn(...r.dim, 50), d.dim)
    .option('--times <LIST>', 'flow times, 0 or 1e-200 to 1e12', numbersIn(...r.times, '0,1,1e3'), [...d.times])
    .option(
      '--margin <LIST>',
      'margins of W = αB, instead of times: to 700, with noise to the larger of 100 and 2/noise²',
      numbersIn(...r.margin, '1,5'),
    )
    .option(
      '--noise <S>',
      "standard deviation σ of each feature, in units of the means' norm",
      numberIn(...r.noise, 0.3),
      d.noise,
    )
    .addOption(rhoOption('inner product of the means (needs noise)'))
    .addOption(
      new Option('--init <INIT>', "initial weights: 'zero' or 'random:SCALE'")
        .argParser(initialWeightsOption)
        .default(d.init, 'zero'),
    )
    .option('--bias', 'give the logits biases (needs --init zero)', d.bias)
    .option('--levels <N>', 'how many levels to list when W(0) is random', integerIn(...r.levels, 20), d.levels)
    .option('--draws <N>', 'mean and quantiles over N random W(0) (needs --init random)', integerIn(...r.draws, 200))
    .option('--sgd-noise <RATE/BATCH>', 'add the noise of SGD at this learning rate and batch size', rateOverBatch)
    .option('--eta-over-b <X>', 'the same for a small learning rate, η over b alone', numberIn(...r.etaOverB, 0.001))
    .option('--seed <N>', 'seed of the random initial weights', seed, d.seed)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace solve --classes 10 --dim 50 --times 1,10,1e3,1e6 --json\n  $ tiny-subspace solve --noise 0.3 --margin 2,5,8\n  $ tiny-subspace solve --classes 3 --dim 6 --noise 0.4 --times 5,25,150,750 --sgd-noise 0.5/16',
    )
    .action(async (options: SolveOptions, command: Command) => {
      refuseUnused(command, unusedInSolve(options));
      if (options.draws === undefined) {
        const document = await solve(options);
        if (options.json) printJson(document);
        else (await import('./solve-table.js')).printSolution(document);
      } else {
        await runDraws(options, options.draws);
      }
    });
}

async function runDraws(options: SolveOptions, draws: number): Promise<void> {
  const document = await drawnSolutions(options, draws);
  if (options.json) printJson(document);
  else (await import('./solve-draws.js')).printDraws(document);
}
