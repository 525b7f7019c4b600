import { Command } from 'commander';
import { collapse, type Collapse } from '../exact/noisy/index.js';
import {
  correlationOf,
  integerIn,
  numberIn,
  numbersIn,
  refuseRhoWithoutNoise,
  rhoOption,
  seed,
  type Correlation,
} from './options.js';
import { interval, printJson, printLine, printTable, short } from './output.js';

interface ResponseOptions {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  readonly rho: Correlation;
  readonly delta: number;
  readonly times: readonly number[];
  readonly draws: number;
  readonly threshold: number;
  readonly seed: number;
  readonly json: boolean;
}

/** What `response` prints: the contract for scripts. */
export interface ResponseDocument extends Collapse {
  readonly model: Omit<ResponseOptions, 'times' | 'threshold' | 'json' | 'rho'> & { readonly rho: number };
}

export function responseCommand(): Command {
  return new Command()
    .option('--classes <K>', 'number of classes k', integerIn(2, 1000, 10), 10)
    .option('--dim <D>', 'number of input features d', integerIn(2, 1e6, 50), 50)
    .option('--noise <S>', 'noise σ, 0.02 to 10, or 0', numberIn(0, 10, 0.3), 0.3)
    .addOption(rhoOption('inner product of the means (needs noise)'))
    .option('--delta <X>', 'standard deviation of the entries of W(0)', numberIn(1e-12, 10, 0.01), 0.01)
    .option('--times <LIST>', 'ascending flow times', numbersIn(0, 1e12, '0.1,1,100'), [0.01, 0.1, 1, 10, 100, 1e3])
    .option('--draws <N>', 'initial values averaged over', integerIn(10, 1e6, 2000), 2000)
    .option('--threshold <F>', 'median f_top(k) that opens and closes the window', numberIn(0.001, 0.999, 0.99), 0.99)
    .option('--seed <N>', 'seed of the draws', seed, 1)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace response --classes 10 --dim 50 --noise 0.3 --delta 0.01\n  $ tiny-subspace response --noise 0 --delta 0.01 --times 0.1,1,10',
    )
    .action((options: ResponseOptions) => {
      const { classes, dim, noise, delta, draws, threshold, times, seed: chosenSeed } = options;
      const rho = correlationOf(options.rho, classes);
      refuseRhoWithoutNoise(noise, rho);
      const result = collapse(
        { classes, dim, noise, correlation: rho },
        { delta, times: [...new Set(times)].sort((x, y) => x - y), draws, threshold, seed: chosenSeed },
      );
      const document: ResponseDocument = {
        model: { classes, dim, noise, rho, delta, draws, seed: chosenSeed },
        ...result,
      };
      if (options.json) printJson(document);
      else printResponse(document);
    });
}

function printResponse({ model, states, window }: ResponseDocument): void {
  const { classes: k, dim, noise, delta, draws } = model;
  printLine(
    `${k} classes in ${dim} dimensions, ${noise === 0 ? 'no noise' : `noise ${noise}`}, W(0) with N(0, ${delta}²) entries, ${draws} draws`,
  );
  printLine();
  printTable(
    ['t', 'margin', `mean f_top(${k})`, '± error', '5 %', 'median', '95 %'],
    states.map((s) => [
      short(s.time),
      short(s.margin),
      interval(s),
      short(s.standardError, 2),
      ...s.quantiles.map((q) => short(q, 4)),
    ]),
  );
  printLine();
  const { opens, closes, threshold } = window;
  printLine(
    opens === null
      ? `The median does not reach ${threshold} before the last time.`
      : `The median is above ${threshold} from t = ${short(opens, 4)} to ${closes === null ? 'the last time or longer' : `t = ${short(closes, 4)}`}.`,
  );
  printLine(
    'First order in W(0): not to be trusted where f_top is far from 1, within some 50 δ of the start, nor right at a crossing.',
  );
}
