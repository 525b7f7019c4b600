import { UsageError } from '../src/errors.js';
import type { RecordedRun } from '../src/train/load-run.js';
import { chosenColumns, headingOf, readingOf, type NamedColumn } from '../src/train/observables/columns.js';
import { observablesOf, type TrainRecord } from '../src/train/observables/index.js';
import type { Interval, Observable } from '../src/train/observables/observable.js';
import { decadesAround, evenTicks, gap, linearAxis, logAxis, type Axis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { dataName, trainedCaption, trainedNetwork } from './network-data.js';
import { mostPanels, panelLetter } from './panel-letter.js';
import { logarithmicSteps, stepAxis } from './step-axis.js';
import { columnWidth, palette, subscript } from './style.js';

/** A column of a run, and what it says of each of its records. */
interface Shown {
  readonly column: NamedColumn;
  readonly name: string;
  readonly of: (record: TrainRecord) => Interval | null;
  /** Both ends of all that it says. */
  readonly values: readonly number[];
}

/**
 * Columns of the records of a training run against the step, a panel for each; an interval as its lower end with a band up to the upper one. `list`
 * are the observables there are, where a run has some of its own. Throws UsageError for a column that is unknown or that no record has a value
 * of, or where there are more columns than letters for panels.
 */
export function recordsFigure(
  { run, records }: RecordedRun,
  ids: readonly string[],
  list: readonly Observable[] = observablesOf(run.config),
): Figure {
  if (ids.length > mostPanels)
    throw new UsageError(`at most ${mostPanels} columns fit in a figure, received ${ids.length}; draw several`);
  const all = chosenColumns(list, ids).map((column) => shown(column, { run, records }));
  const network = trainedNetwork(run);
  const steps = stepAxis(records, areEarly(records));
  const panelOf = (i: number): string => `y${i}`;
  const axes = all.flatMap(({ values }, i): [string, Axis][] => [
    ...(i === 0 ? [] : ([[`gap${i}`, gap('left', 1.4)]] as [string, Axis][])),
    [panelOf(i), valueAxis(values)],
  ]);
  const letter = (i: number): string => (all.length === 1 ? '' : `${panelLetter(i)} `);
  return {
    id: 'records',
    title: `${network.model} on ${dataName(network)}: ${all.map(({ name }) => name).join(', ')}`,
    caption:
      trainedCaption(network, { parameters: run.parameters, records }, steps.isLogarithmic ? logarithmicSteps : '') +
      all.map(({ column, name }, i) => ` ${letter(i)}${name}: ${column.meaning}.`).join('') +
      (all.some(({ column }) => 'within' in column)
        ? ' Intervals: the lower end, with a band up to the upper one.'
        : '') +
      (all.some(({ column }) => /\bm\b/.test(column.meaning)) ? ` Here m = ${run.subspace}.` : ''),
    columns: ['series', 'step', 'value'],
    width: columnWidth,
    height: 60 + 110 * all.length,
    chart: chart(
      all.flatMap(({ column, name, of }, i) => [
        ...steps.series(name, (record) => of(record)?.lower ?? null, palette.blue, { y: panelOf(i) }),
        ...('of' in column
          ? []
          : steps.series(`${name}, upper end`, (record) => of(record)?.upper ?? null, palette.blue, {
              y: panelOf(i),
              band: true,
              width: 0,
            })),
      ]),
      { ...steps.axes, ...Object.fromEntries(axes.reverse()) },
      { panels: all.map(({ name }, i) => ({ x: steps.x, y: panelOf(i), title: symbols(name) })), top: 20 },
    ),
  };
}

function shown(column: NamedColumn, { run, records }: RecordedRun): Shown {
  const of = (record: TrainRecord): Interval | null => {
    const reading = readingOf(column, record, run);
    return typeof reading === 'number' ? { lower: reading, upper: reading } : reading;
  };
  const values = records.flatMap((record) => {
    const { lower, upper } = of(record) ?? {};
    return lower === undefined || upper === undefined ? [] : [lower, upper];
  });
  if (values.length > 0) return { column, name: headingOf(column, run), of, values };
  throw new UsageError(`no record of this run has a value of '${column.id}'; leave it out`);
}

/** Whether most records lie in the first tenth of the steps, so that a linear axis would press them against its left end. */
function areEarly(records: readonly TrainRecord[]): boolean {
  const tenth = 0.1 * records.at(-1)!.step;
  return records.filter(({ step }) => step > 0 && step <= tenth).length > records.length / 2;
}

/** Logarithmic where all values are positive and span more than two decades. */
function valueAxis(values: readonly number[]): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const common = { side: 'left', share: 5 } as const;
  if (low > 0 && high > 100 * low) {
    const [min, max] = decadesAround(values);
    return logAxis({ ...common, min, max, every: Math.ceil(Math.log10(max / min) / 4) });
  }
  const margin = high > low ? 0.06 * (high - low) : 0.1 * (Math.abs(low) || 1);
  const [min, max] = [low - margin, high + margin];
  return linearAxis({ ...common, min, max, ticks: evenTicks(min, max, 4) });
}

/** `f_top(10)`, `λ_10` as they are printed. */
function symbols(name: string): string {
  return name.replace('f_top', 'fₜₒₚ').replace(/_(\d+)/g, (_, digits: string) => subscript(Number(digits)));
}
