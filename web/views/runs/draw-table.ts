import { barOf, type SweepCurve } from '../../../figures/sweep-curves.js';
import { sweepLineData } from '../../../figures/sweep-line-data.js';
import { plainCell } from '../../../figures/sweep-names.js';
import { distinct, findColumn, findQuantity } from '../../../src/studies/sweep/plot/index.js';
import type { Cell, Table } from '../../../src/studies/sweep/table.js';
import type { TableCurve, TableReply, TableRequest } from './table-request.js';

/** What `plot` draws of a table: means over seeds with their standard errors, `NAME.se` beside `NAME.mean` of a summary. Nothing throws: why there is none is said. */
export function drawTable(table: Table, { x, y, color, where }: Omit<TableRequest, 'file'>): Omit<TableReply, 'notes'> {
  const names = table.columns.map(({ name }) => name);
  const quantities = quantitiesOf(table);
  const chosen = firstChoice(table, quantities, {
    ...(x !== undefined && { x }),
    ...(y !== undefined && { y }),
    ...(color !== undefined && { color }),
  });
  const about = { rows: table.rows, columns: names, quantities, chosen };
  try {
    const data = sweepLineData(table, { ...chosen, where });
    const drawn = (curve: SweepCurve, further?: string): TableCurve => ({
      label: [
        ...(curve.color === undefined ? [] : [`${chosen.color!} = ${plainCell(curve.color, chosen.color!)}`]),
        ...(further === undefined ? [] : [further]),
      ].join(', '),
      isDashed: further !== undefined,
      points: curve.points.map(({ x: at, mean }) => {
        const [low, high] = barOf(mean, 'se');
        return {
          place: placeOf(curve.color, at),
          x: data.isOfNumbers ? (at as number) : plainCell(at, chosen.x),
          mean: mean.middle.mean,
          low,
          high,
          seeds: mean.n,
        };
      }),
    });
    const curves = [
      ...data.curves.map((curve) => drawn(curve)),
      ...data.overlays.flatMap((overlay) => overlay.curves.map((curve) => drawn(curve, overlay.quantity.name))),
    ];
    const withBars = withErrorsOf(table, { ...chosen, where }, curves);
    const sorted = withBars.map((curve) => ({
      ...curve,
      points: data.isOfNumbers ? [...curve.points].sort((a, b) => Number(a.x) - Number(b.x)) : curve.points,
    }));
    return { ...about, isOfNumbers: data.isOfNumbers, curves: sorted };
  } catch (error) {
    return { ...about, isOfNumbers: false, curves: [], problem: (error as Error).message };
  }
}

/** Of a summary the standard errors and numbers of seeds are in columns of their own, NAME.se and NAME.n, which are points of the same places. */
function withErrorsOf(
  table: Table,
  options: TableReply['chosen'] & Pick<TableRequest, 'where'>,
  curves: readonly TableCurve[],
): readonly TableCurve[] {
  const [error, count] = ['.se', '.n'].map((end) => options.y.replace(/\.mean$/, end));
  if (!options.y.endsWith('.mean') || findColumn(table, error!) === undefined) return curves;
  const placesOf = (y: string): Map<string, number> =>
    new Map(
      (findColumn(table, y) === undefined ? [] : sweepLineData(table, { ...options, y }).curves).flatMap(
        ({ color, points }) => points.map(({ x, mean }) => [placeOf(color, x), mean.middle.mean] as const),
      ),
    );
  const [errors, counts] = [placesOf(error!), placesOf(count!)];
  return curves.map((curve) => ({
    ...curve,
    points: curve.points.map((point) => {
      const bar = errors.get(point.place) ?? 0;
      return { ...point, low: point.low - bar, high: point.high + bar, seeds: counts.get(point.place) ?? point.seeds };
    }),
  }));
}

const placeOf = (color: Cell | undefined, x: Cell): string => JSON.stringify([color ?? null, x]);

/** What can be drawn: columns of numbers, and both ends of an interval as one. */
function quantitiesOf(table: Table): string[] {
  const bases = table.columns.map(({ name }) => name.replace(/\.(lower|upper)$/, ''));
  return [...new Set(bases)].filter((name) => {
    const own = findColumn(table, name);
    return own === undefined
      ? findQuantity(table, name) !== undefined
      : own.type === 'number' || own.type === 'integer';
  });
}

/** Along x a step of which runs have several or the first axis with several values, in colour another one, f_top or what comes first along y. */
function firstChoice(
  { columns }: Table,
  quantities: readonly string[],
  given: { readonly x?: string; readonly y?: string; readonly color?: string },
): TableReply['chosen'] {
  const end = columns.findIndex(({ name }) => name === 'seed' || name === 'step');
  const several = columns
    .slice(0, end < 0 ? 1 : end)
    .filter(({ name, values }) => name !== 'run' && distinct(values).length > 1)
    .map(({ name }) => name);
  const x = given.x ?? several[0] ?? (columns.some(({ name }) => name === 'step') ? 'step' : columns[0]!.name);
  const measured = quantities.filter(
    (name) => name !== x && !/^(seed|step|time(\.\w+)?)$/.test(name) && !several.includes(name),
  );
  const y =
    given.y ??
    ['topFraction', 'topFraction.mean', 'topFraction.estimate.mean', 'topFraction.lower.mean', 'loss'].find((name) =>
      measured.includes(name),
    ) ??
    measured[0] ??
    quantities[0] ??
    columns.at(-1)!.name;
  const color = given.color ?? (given.x === undefined ? several.find((name) => name !== x) : undefined);
  return { x, y, ...(color !== undefined && color !== '' && { color }) };
}
