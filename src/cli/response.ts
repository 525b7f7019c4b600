import { Command } from 'commander';
import { responseRanges } from '../studies/solve/ranges.js';
import {
  findResponse,
  responseDefaults,
  type ResponseDocument,
  type ResponseSettings,
} from '../studies/solve/response.js';
import { integerIn, numberIn, numbersIn, rhoOption, seed } from './options.js';
import { interval, short } from '../numeric/short-number.js';
import { printJson, printLine, printTable } from './output.js';

interface ResponseOptions extends ResponseSettings {
  readonly json: boolean;
}

export function responseCommand(): Command {
  const [r, d] = [responseRanges, responseDefaults];
  return new Command()
    .option('--classes <K>', 'number of classes k', integerIn(...r.classes, 10), d.classes)
    .option('--dim <D>', 'number of input features d', integerIn(...r.dim, 50), d.dim)
    .option('--noise <S>', 'noise σ, 0.02 to 10, or 0', numberIn(...r.noise, 0.3), d.noise)
    .addOption(rhoOption('inner product of the means (needs noise)'))
    .option('--delta <X>', 'standard deviation of the entries of W(0)', numberIn(...r.delta, 0.01), d.delta)
    .option('--times <LIST>', 'ascending flow times', numbersIn(...r.times, '0.1,1,100'), [...d.times])
    .option('--draws <N>', 'initial values averaged over', integerIn(...r.draws, 2000), d.draws)
    .option(
      '--threshold <F>',
      'median f_top(k) that opens and closes the window',
      numberIn(...r.threshold, 0.99),
      d.threshold,
    )
    .option('--seed <N>', 'seed of the draws', seed, d.seed)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace response --classes 10 --dim 50 --noise 0.3 --delta 0.01\n  $ tiny-subspace response --noise 0 --delta 0.01 --times 0.1,1,10',
    )
    .action((options: ResponseOptions) => {
      const document = findResponse(options);
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
