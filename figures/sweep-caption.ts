import {
  cellText,
  conditionText,
  isOfRun,
  cellList,
  type Condition,
  type ErrorKind,
  type PointMean,
  type Quantity,
  type Selection,
} from '../src/studies/sweep/plot/index.js';
import type { Cell } from '../src/studies/sweep/table.js';
import { columnTitle, printedCell } from './sweep-names.js';

/** Sentences that are said, one after the other. */
export function sentences(all: readonly (string | false)[]): string {
  return all.filter((one) => one !== false && one !== '').join(' ');
}

/** `fₜₒₚ(m) (the share …)`, with the words of the table where it has some. */
export function described({ name, meaning }: Pick<Quantity, 'name' | 'meaning'>): string {
  return `${columnTitle(name)}${meaning === '' || meaning === columnTitle(name) ? '' : ` (${meaning})`}`;
}

/** Which rows of the table: records, conditions, and what all of them have in common. */
export function rowsText({ where, fixed, bound, records, steps }: Selection): string {
  const isOfProgress = ({ column }: Condition): boolean => column === 'step' || column === 'time';
  const others = where.filter((one) => !isOfProgress(one)).map(conditionText);
  const chosen = where.filter(isOfProgress);
  const same = fixed.filter(({ name }) => !where.some(({ column, relation }) => column === name && relation === '='));
  return sentences([
    recordsText(chosen, records, steps),
    others.length > 0 && `Rows with ${others.join(', ')}.`,
    same.length > 0 &&
      `In all of them: ${same.map(({ name, value }) => `${name} ${printedCell(value, name)}`).join(', ')}.`,
    ...boundTexts(bound),
  ]);
}

/** `steps goes with lr.`, `width and steps go with lr.` */
function boundTexts(bound: Selection['bound']): string[] {
  return [...new Set(bound.map(({ to }) => to))].map((to) => {
    const names = bound.filter((one) => one.to === to).map(({ name }) => name);
    return `${new Intl.ListFormat('en-GB').format(names)} ${names.length === 1 ? 'goes' : 'go'} with ${to}.`;
  });
}

function recordsText(
  chosen: readonly Condition[],
  [least, most]: readonly [number, number],
  steps: readonly Cell[],
): string {
  if (chosen.length === 0) return '';
  const single = chosen.find(isOfRun);
  const texts = chosen.filter((one) => one !== single).map(conditionText);
  const which = texts.length === 0 ? '' : ` with ${texts.join(', ')}`;
  const at =
    steps.length === 0
      ? ''
      : ` (step ${steps.length > 4 ? `${cellText(steps[0]!)} to ${cellText(steps.at(-1)!)}` : cellList(steps)})`;
  if (single !== undefined) return `The ${single.value} record of each run${which}${at}.`;
  if (most === 1) return `Records${which}.`;
  return `Of each run the mean over its ${least === most ? most : `${least} to ${most}`} records${which}.`;
}

const errorTexts: Readonly<Record<Exclude<ErrorKind, 'none'>, string>> = {
  se: 'the standard error s/√n over these seeds',
  sd: 'the standard deviation s over these seeds',
  ci: "the 95 % interval of the mean by Student's t",
};

/** Over how many seeds points are means, and what their bars are. `wide`: whether the intervals of the quantity are wider than a line. */
export function meansText(
  means: readonly PointMean[],
  {
    error,
    bars,
    quantity: { isInterval, isEstimated },
    isWide,
  }: {
    readonly error: ErrorKind;
    readonly bars: string;
    readonly quantity: Pick<Quantity, 'isInterval' | 'isEstimated'>;
    readonly isWide: boolean;
  },
): string {
  const counts = means.map(({ n }) => n);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const range = least === most ? `${most}` : `${least} to ${most}`;
  const hasError = most > 1 && error !== 'none';
  const average =
    most === 1
      ? 'One run for each point: no error bars over seeds.'
      : `Means over ${range} seeds${hasError ? `, ${bars}: ± ${errorTexts[error]}${least === 1 ? '; points of one seed have none' : ''}` : ', without error bars'}.`;
  if (!isInterval) return average;
  const widest = Math.max(...means.map(({ lower, upper }) => upper.mean - lower.mean));
  const interval = `Each value is an interval, at most ${widest.toPrecision(2)} wide, drawn ${isEstimated ? 'at the estimate within it' : 'in its middle'}`;
  if (!isWide) return `${average} ${interval}${widest === 0 ? '' : ', the ends within a line'}.`;
  return `${average} ${interval}; ${bars} go from its lower end${hasError ? ' less that error' : ''} to its upper end${hasError ? ' plus it' : ''}.`;
}

/** How many rows of the points have no value. */
export function missingText(missing: number, rows: number): string {
  return missing === 0 ? '' : `${missing} of ${rows} rows have no value, and are left out.`;
}
