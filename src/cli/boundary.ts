import { Command } from 'commander';
import { boundary, sectorName, type Boundary } from '../exact/noisy/index.js';
import { correlationOf, integerIn, numberIn, rhoOption, type Correlation } from './options.js';
import { printJson, printLine, printTable, short } from './output.js';

interface BoundaryOptions {
  readonly classes: number;
  readonly noise: number;
  readonly rho: Correlation;
  readonly json: boolean;
}

/** What `boundary` prints: the contract for scripts. `timeCritical` is null where the flow takes longer than t = 1e300. */
export interface BoundaryDocument {
  readonly model: { readonly classes: number; readonly noise: number; readonly rho: number };
  readonly marginCritical: number;
  readonly relativeMargin: number;
  readonly crossedBy: string;
  readonly timeCritical: number | null;
  readonly smallNoiseLaw: number;
  readonly errorBar: number;
  readonly later: Boundary['later'];
}

export function boundaryCommand(): Command {
  return new Command()
    .option('--classes <K>', 'number of classes k, 2 to 10000', integerIn(2, 10_000, 10), 10)
    .option(
      '--noise <S>',
      "standard deviation σ of each feature, in units of the means' norm",
      numberIn(0.01, 10, 0.3),
      0.3,
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

export function findBoundary({ classes, noise, rho: asked }: Omit<BoundaryOptions, 'json'>): BoundaryDocument {
  const rho = correlationOf(asked, classes);
  const found = boundary(classes, noise, rho);
  const time = Math.exp(found.logTime);
  return {
    model: { classes, noise, rho },
    marginCritical: found.margin,
    relativeMargin: found.relativeMargin,
    crossedBy: found.sector,
    timeCritical: time <= 1e300 ? time : null,
    smallNoiseLaw: found.smallNoiseLaw,
    errorBar: found.errorBar,
    later: found.later,
  };
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
