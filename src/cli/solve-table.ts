import { sectorName } from '../exact/noisy/sector-name.js';
import type { SgdRule } from '../sgd-noise/rule.js';
import { interval, short } from '../numeric/short-number.js';
import { printLine, printTable } from './output.js';
import type { SolveDocument, SolvedLevel } from '../studies/solve/solve-document.js';

export function printSolution({ model, states }: SolveDocument): void {
  const { classes: k, dim, noise, rho, bias, initial } = model;
  const noisy = noise > 0 ? `noise ${noise}` : 'no noise';
  printLine(
    `${k} classes in ${dim} dimensions, ${noisy}${rho === 0 ? '' : `, means at inner product ${rho}`}, ` +
      `W(0) ${initial === 'zero' ? '= 0' : initial}${bias ? ', biases' : ''}`,
  );
  printLine();
  const first = states.every(({ time }) => time !== null) ? 't' : 'margin';
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
    [first, 'rank', 'levels'],
    states.map((s) => [optional(s.time ?? s.margin), String(s.rank), levelList(s.levels)]),
  );
  if (model.sgd === undefined) return;
  printLine();
  printNoise({ model, states });
  printLine(
    `f_top(${k}) on the eigenvectors of H at the mean; simulate --runs has it on those that the noise tilts, which counts while the flow is strong.`,
  );
}

/** What the noise of SGD makes of the gradient, of a document that has it. */
export function printNoise({ model: { classes: k, sgd }, states }: Pick<SolveDocument, 'model' | 'states'>): void {
  const first = states.every(({ time }) => time !== null) ? 't' : 'margin';
  const optional = (value: number | null): string => (value === null ? '–' : short(value));
  printLine(`With the noise of SGD, ${ruleText(sgd!)}:`);
  printTable(
    [first, '‖G‖² of the flow', 'of the noise', `f_top(${k})`, 'of the noise at rest', 'overlap(g,Hg)', 'second order'],
    states.map(({ time, margin, noise: at }) => [
      optional(time ?? margin),
      short(at!.gradientEnergy.flow),
      short(at!.gradientEnergy.noise),
      interval(at!.topFraction),
      interval(at!.topFraction.stationary),
      `${short(at!.overlap, 4)} ± ${short(at!.overlapSpread, 2)}`,
      short(at!.secondOrder, 2),
    ]),
  );
}

function ruleText(rule: SgdRule): string {
  if ('learningRateOverBatch' in rule) return `η/b = ${short(rule.learningRateOverBatch)}, η small`;
  return `η = ${short(rule.learningRate)}, b = ${rule.batch}`;
}

function levelList(levels: readonly SolvedLevel[]): string {
  const most = 8;
  const named = levels.slice(0, most).map((l) => `${sectorName(l.sector)} ${short(l.value)} (${l.multiplicity})`);
  return named.join(', ') + (levels.length > most ? `, … ${levels.length - most} more with --json` : '');
}
