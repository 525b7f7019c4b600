import { Command } from 'commander';
import { sectorName } from '../exact/noisy/index.js';
import {
  boundaryDefaults,
  findBoundary,
  type BoundaryDocument,
  type BoundarySettings,
} from '../studies/solve/boundary.js';
import { boundaryRanges } from '../studies/solve/ranges.js';
import { integerIn, numberIn, rhoOption } from './options.js';
import { short } from '../numeric/short-number.js';
import { printJson, printLine, printTable } from './output.js';

interface BoundaryOptions extends BoundarySettings {
  readonly json: boolean;
}

export function boundaryCommand(): Command {
  const d = boundaryDefaults;
  return new Command()
    .option('--classes <K>', 'number of classes k, 2 to 10000', integerIn(...boundaryRanges.classes, 10), d.classes)
    .option(
      '--noise <S>',
      "standard deviation σ of each feature, in units of the means' norm",
      numberIn(...boundaryRanges.noise, 0.3),
      d.noise,
    )
    .addOption(rhoOption())
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', '\nExample:\n  $ tiny-subspace boundary --classes 10 --noise 0.3 --json')
    .action((options: BoundaryOptions) => {
      const document = findBoundary(options);
      if (options.json) printJson(document);
      else printBoundary(document);
    });
}

export function printBoundary(document: BoundaryDocument): void {
  const { model, marginCritical, relativeMargin, crossedBy, timeCritical, smallNoiseLaw, errorBar, later } = document;
  const { classes: k, noise, rho } = model;
  printLine(`${k} classes, noise ${noise}${rho === 0 ? '' : `, means at inner product ${rho}`}:`);
  printLine(
    `f_top(${k}) = 1 up to the margin ${short(marginCritical, 10)} (± ${short(errorBar, 2)}), ${short(relativeMargin, 8)} of the ` +
      `Bayes-optimal margin ${short(1 / noise ** 2)};`,
  );
  printLine(
    `there the ${sectorName(crossedBy)} level crosses that of the gradient, ${timeCritical === null ? 'later than t = 1e300' : `at t = ${short(timeCritical)}`}, and f_top(${k}) = 0 beyond.`,
  );
  printLine(`Law for vanishing noise: ${short(smallNoiseLaw, 8)} of the Bayes-optimal margin.`);
  printLine();
  printTable(
    ['crossing', 'margin', 'relative', 'error bar'],
    [{ sector: crossedBy, margin: marginCritical, relativeMargin, errorBar }, ...later].map((c) => [
      sectorName(c.sector),
      short(c.margin, 10),
      short(c.relativeMargin, 8),
      short(c.errorBar, 2),
    ]),
  );
}
