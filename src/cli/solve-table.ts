import { sectorName } from '../exact/noisy/sector-name.js';
import { interval, printLine, printTable, short } from './output.js';
import type { SolveDocument, SolvedLevel } from './solve-document.js';

export function printSolution({ model, states }: SolveDocument): void {
  const { classes: k, dim, noise, rho, bias, initial } = model;
  const noisy = noise > 0 ? `noise ${noise}` : 'no noise';
  printLine(
    `${k} classes in ${dim} dimensions, ${noisy}${rho === 0 ? '' : `, means at inner product ${rho}`}, ` +
      `W(0) ${initial === 'zero' ? '= 0' : initial}${bias ? ', biases' : ''}`,
  );
  printLine();
  const optional = (value: number | null): string => (value === null ? '–' : short(value));
  printTable(
    ['t', 'margin', 'loss', 'error', '‖G‖', `f_top(${k})`, 'random', 'overlap(g,Hg)'],
    states.map((s) => [
      optional(s.time),
      optional(s.margin),
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
    [states.every(({ time }) => time !== null) ? 't' : 'margin', 'rank', 'levels'],
    states.map((s) => [optional(s.time ?? s.margin), String(s.rank), levelList(s.levels)]),
  );
}

function levelList(levels: readonly SolvedLevel[]): string {
  const most = 8;
  const named = levels.slice(0, most).map((l) => `${sectorName(l.sector)} ${short(l.value)} (${l.multiplicity})`);
  return named.join(', ') + (levels.length > most ? `, … ${levels.length - most} more with --json` : '');
}
