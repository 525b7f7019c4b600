import type { SolveDocument } from '../../../src/studies/solve/solve-document.js';
import { element } from '../../core/element.js';
import { evidence, shown, shownInterval } from '../../core/numbers.js';
import { levelAtCut } from './flow-rows.js';
import { reading } from './reading.js';
import { lookOf } from './sector-style.js';

type Row = readonly [name: string, ...values: (Node | string)[]];

/** The numbers of the state that is pointed at. */
export function stateEvidence(document: SolveDocument, command: string): HTMLElement {
  const { model, states } = document;
  const [state] = states;
  const { topFraction, noise, time, margin } = state!;
  const k = model.classes;
  const at = (name: string): string => `states[0].${name}`;
  const rows: Row[] = [
    ['time t', shown(time, at('time'))],
    ['margin α', shown(margin, at('margin'))],
    ['loss', shown(state!.loss, at('loss'))],
    ['probability given to wrong classes', shown(state!.error, at('error'))],
    ['length of the gradient ‖G‖', shown(state!.gradientNorm, at('gradientNorm'))],
    [`f_top(${k}) of the flow`, shownInterval(topFraction, at('topFraction'))],
    ['f_top of a random direction', shown(topFraction.null, at('topFraction.null'))],
    ['overlap(g, Hg) of the flow', shown(state!.overlapGradientHessianGradient, at('overlapGradientHessianGradient'))],
    ...(noise === undefined
      ? []
      : ([
          [`f_top(${k}) with the noise of SGD`, shownInterval(noise.topFraction, at('noise.topFraction'))],
          [
            `f_top(${k}) of that noise at rest`,
            shownInterval(noise.topFraction.stationary, at('noise.topFraction.stationary')),
          ],
          [
            'overlap(g, Hg) with it, mean and spread',
            shown(noise.overlap, at('noise.overlap'), 4),
            ' ± ',
            shown(noise.overlapSpread, at('noise.overlapSpread'), 2),
          ],
          ['second order over first', shown(noise.secondOrder, at('noise.secondOrder'), 2)],
        ] satisfies Row[])),
  ];
  return evidence(command, element('h2', {}, 'The state here, in numbers'), tableOf(['', ''], rows));
}

/** What the state means for the claim, in words. */
export const stateReading = (document: SolveDocument, command: string): HTMLElement =>
  element('section', { data: { command } }, ...reading(document).map((words) => element('p', {}, ...words)));

/** All levels of the Hessian at the state, and what they stand for. */
export function levelEvidence({ model, states }: SolveDocument, command: string): HTMLElement {
  const { levels } = states[0]!;
  const k = model.classes;
  const cut = levelAtCut(levels, k);
  let above = 0;
  const rows = levels.map((level, i): Row => {
    above += level.multiplicity;
    const share = above <= k ? 'yes' : level === cut ? `${k - above + level.multiplicity} of them` : 'no';
    const { name, meaning } = lookOf(level.sector);
    const at = `states[0].levels[${i}]`;
    return [
      name,
      shown(level.value, `${at}.value`),
      shown(level.multiplicity, `${at}.multiplicity`, 12),
      share,
      meaning,
    ];
  });
  return evidence(
    command,
    element('h2', {}, 'The levels of the Hessian here, the steepest first'),
    scrolled(
      'levels of this state',
      tableOf(['level', 'eigenvalue', 'directions', `among the ${k} largest`, 'what a step along it does'], rows),
    ),
  );
}

const scrolled = (name: string, table: HTMLElement): HTMLElement =>
  element('div', { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': name }, table);

/** A table whose first column names its rows; without a head where all names of columns are empty. */
export function tableOf(columns: readonly string[], rows: readonly Row[]): HTMLTableElement {
  const isPairs = columns.every((name) => name === '');
  const head = element('thead', {}, element('tr', {}, ...columns.map((name) => element('th', { scope: 'col' }, name))));
  const body = element(
    'tbody',
    {},
    ...rows.map(([name, ...values]) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, name),
        ...(isPairs ? [element('td', {}, ...values)] : values.map(cell)),
      ),
    ),
  );
  return element('table', {}, ...(isPairs ? [] : [head]), body);
}

/** Words in the type of words: cells are for numbers. */
function cell(value: Node | string): HTMLTableCellElement {
  if (typeof value !== 'string') return element('td', {}, value);
  return element('td', { className: value.length > 20 ? 'words long' : 'words' }, value);
}
