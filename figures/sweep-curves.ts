import { UsageError } from '../src/errors.js';
import {
  cellText,
  halfBar,
  pointMean,
  type ErrorKind,
  type Grouping,
  type PointMean,
  type Quantity,
  type Selection,
} from '../src/studies/sweep/plot/index.js';
import type { Cell } from '../src/studies/sweep/table.js';

/** A point of a curve. */
export interface CurvePoint {
  readonly x: Cell;
  readonly mean: PointMean;
}

/** The points of one colour in one panel; undefined where there is but one. */
export interface SweepCurve {
  readonly color: Cell | undefined;
  readonly facet: Cell | undefined;
  readonly points: readonly CurvePoint[];
}

/** A quantity over selected points, in a curve for each colour and panel; points without a value are left out. */
export function curvesOf(
  { points }: Selection,
  { by }: Grouping,
  { x, color, facet }: { readonly x: string; readonly color?: string; readonly facet?: string },
  quantity: Quantity,
): SweepCurve[] {
  const cell = (at: readonly Cell[], name: string | undefined): Cell | undefined =>
    name === undefined || !by.includes(name) ? undefined : at[by.indexOf(name)]!;
  const curves = new Map<string, { color: Cell | undefined; facet: Cell | undefined; points: CurvePoint[] }>();
  for (const { at, runs } of points) {
    const mean = pointMean(runs, quantity);
    if (mean === null) continue;
    const own = { color: cell(at, color), facet: cell(at, facet) };
    const key = JSON.stringify([own.color, own.facet]);
    if (!curves.has(key)) curves.set(key, { ...own, points: [] });
    curves.get(key)!.points.push({ x: cell(at, x)!, mean });
  }
  return [...curves.values()];
}

/** Rows of the points without a value of the quantity, of all rows of the points. */
export function missingRows(
  { points }: Selection,
  { at }: Quantity,
): { readonly missing: number; readonly rows: number } {
  const rows = points.flatMap(({ runs }) => runs.flat());
  return { missing: rows.filter((row) => at(row) === null).length, rows: rows.length };
}

/** Where the bar of a point ends: its error beyond both ends of what is known. */
export function barOf({ n, lower, upper }: PointMean, error: ErrorKind): readonly [low: number, high: number] {
  return [lower.mean - halfBar(lower.deviation, n, error), upper.mean + halfBar(upper.deviation, n, error)];
}

/** Throws UsageError where a logarithmic axis would have to show what is not positive. */
export function refuseNotPositive(axis: string, name: string, values: readonly number[], advice: string): void {
  const wrong = values.filter((value) => !(value > 0));
  if (wrong.length === 0) return;
  throw new UsageError(
    `${wrong.length} of ${values.length} values of '${name}' are not positive, for example ${cellText(wrong[0]!)}, and a logarithmic axis has no place for them; ${advice}, or leave out --log ${axis}`,
  );
}
