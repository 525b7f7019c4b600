import type { DrawStatistics, DrawsDocument } from '../studies/solve/draws.js';
import { interval, short } from '../numeric/short-number.js';
import { printLine, printTable } from './output.js';

export function printDraws({ model, states }: DrawsDocument): void {
  const { classes: k, dim, initial, draws } = model;
  printLine(`${k} classes in ${dim} dimensions, no noise, W(0) ${initial}, ${draws} draws`);
  printLine();
  const withError = ({ mean, standardError }: DrawStatistics): string => `${short(mean)} ± ${short(standardError, 2)}`;
  printTable(
    ['t', 'loss', 'p(wrong)', '‖G‖', `mean f_top(${k})`, '±', '5 %', 'median', '95 %', 'random', 'overlap(g,Hg)'],
    states.map((s) => {
      const { lower, upper } = s.topFraction;
      return [
        short(s.time),
        withError(s.loss),
        withError(s.error),
        withError(s.gradientNorm),
        interval({ lower: lower.mean, upper: upper.mean }),
        short(lower.standardError, 2),
        ...lower.quantiles.map((q) => short(q, 4)),
        short(s.topFraction.null),
        withError(s.overlapGradientHessianGradient),
      ];
    }),
  );
  if (states.some((s) => s.topFraction.upper.mean - s.topFraction.lower.mean > 1e-6))
    printLine('Quantiles are those of the lower end of f_top.');
}
