import { marginClock, type LineModel, type MarginClock } from '../../../src/exact/noisy/index.js';
import { integralsAt, levelRatios } from '../../../src/exact/noisy/symmetric-levels.js';
import {
  relativeLevelError,
  symmetricLevels,
  symmetricPoint,
  symmetricPointAtMargin,
} from '../../../src/exact/noiseless/index.js';
import { energyFraction } from '../../../src/observe/energy-fraction.js';
import { gradientHessianOverlap } from '../../../src/observe/gradient-hessian-overlap.js';
import { wholeMargin } from './commands.js';

/** A positive level at a place of the flow. */
export interface CurveLevel {
  readonly sector: string;
  readonly multiplicity: number;
  /** λ; `ratio`: over a unit in which it does not underflow. */
  readonly value: number;
  readonly ratio: number;
}

/** The spectrum at a place of the flow from W(0) = 0, without the noise of SGD. */
export interface FlowRow {
  /** α/α*, and the time, where a clock was asked. */
  readonly share: number;
  readonly time: number | undefined;
  /** Descending. */
  readonly levels: readonly CurveLevel[];
  /** The level that holds the k-th largest eigenvalue. */
  readonly cut: CurveLevel;
  readonly topFraction: { readonly lower: number; readonly upper: number };
  readonly overlap: number;
}

/** How closely: `digits` of integrals, `tolerance` of the clock. */
export interface CurvePrecision {
  readonly points: number;
  readonly digits: number;
  readonly tolerance: number;
}

/** While a slider moves, and once it rests. */
export const sketchPrecision: CurvePrecision = { points: 32, digits: 5, tolerance: 3e-4 };
export const finePrecision: CurvePrecision = { points: 121, digits: 11, tolerance: 1e-9 };

/** Latest time that is shown. */
const latest = 1e12;
/** Where the time axis ends without noise: by then the levels are k apart. */
const latestWithoutNoise = 1e6;

export const isGradients = ({ sector }: Pick<CurveLevel, 'sector'>): boolean =>
  sector === 'trivial' || sector === 'gradient';

/** First and last time of an axis: from 0.1 until the flow rests, in whole decades, wider where `shown` is outside. */
export function timeEnds(model: LineModel, shown: number): readonly [number, number] {
  const rest =
    model.noise === 0
      ? latestWithoutNoise
      : Math.exp(
          Math.min(Math.log(latest), clockOf(model, sketchPrecision.tolerance).logTimeAt(0.9999 * wholeMargin(model))),
        );
  const decade = (time: number, round: (x: number) => number): number =>
    10 ** round(Number(Math.log10(time).toFixed(6)));
  return [Math.min(0.1, decade(shown, Math.floor)), decade(Math.max(rest, shown), Math.ceil)];
}

/** Rows at places even in log t between two times, or in α/α* where there are none. */
export function flowRows(
  model: LineModel,
  times: readonly [number, number] | undefined,
  { points, digits, tolerance }: CurvePrecision,
): FlowRow[] {
  const even = Array.from({ length: points }, (_, i) => i / (points - 1));
  const whole = wholeMargin(model);
  if (times === undefined) {
    return even.map((share) =>
      model.noise === 0
        ? rowWithoutNoise(model, symmetricPointAtMargin(model.classes, share * whole))
        : rowWithNoise(model, share, undefined, digits),
    );
  }
  const [from, to] = times;
  const logarithmic = even.map((share) => Math.min(latest, from * (to / from) ** share));
  if (model.noise === 0) return logarithmic.map((time) => rowWithoutNoise(model, symmetricPoint(model.classes, time)));
  const clock = clockOf(model, tolerance);
  return logarithmic.map((time) => rowWithNoise(model, clock.marginAt(time) / whole, time, digits));
}

let known: { readonly key: string; readonly clock: MarginClock } | undefined;

/** The clock of the flow up to the latest time; the one that was asked last is kept. */
export function clockOf({ classes, noise, correlation = 0 }: LineModel, tolerance: number): MarginClock {
  const key = [classes, noise, correlation, tolerance].join();
  if (known?.key !== key) known = { key, clock: marginClock({ classes, noise, correlation }, latest, tolerance) };
  return known.clock;
}

function rowWithNoise(model: LineModel, share: number, time: number | undefined, digits: number): FlowRow {
  const point = { ...model, margin: Math.min(share, 1) * wholeMargin(model) };
  const integrals = integralsAt(point, digits);
  const unit = Math.exp(integrals.logUnit);
  const levels = levelRatios(integrals, point, Math.sqrt(1 - (model.correlation ?? 0))).map(
    ({ sector, multiplicity, ratio }) => ({ sector, multiplicity, ratio, value: ratio * unit }),
  );
  return rowOf(model, share, time, levels, 10 ** (1 - digits));
}

function rowWithoutNoise(model: LineModel, point: ReturnType<typeof symmetricPoint>): FlowRow {
  const levels = symmetricLevels(point, model.dim);
  const unit = levels[0]!.value;
  return rowOf(
    model,
    point.margin / wholeMargin(model),
    point.time,
    levels.map((level) => ({ ...level, ratio: level.value / unit })),
    relativeLevelError(model.classes),
  );
}

function rowOf(
  { classes: k, dim }: LineModel,
  share: number,
  time: number | undefined,
  all: readonly CurveLevel[],
  relativeError: number,
): FlowRow {
  const levels = all
    .filter(({ ratio, multiplicity }) => ratio > 0 && multiplicity > 0)
    .sort((x, y) => y.ratio - x.ratio);
  const gradients = levels.findIndex(isGradients);
  const along = Float64Array.of(1);
  const spectrum = {
    dimension: k * dim,
    levels: levels.map(({ ratio, multiplicity }) => ({ value: ratio, multiplicity, error: relativeError * ratio })),
    remainder: 'null' as const,
    energy: (level: number): number => (level === gradients ? 1 : 0),
    basis: (level: number): Float64Array => Float64Array.of(...(level === gradients ? [1] : [])),
  };
  const { lower, upper } = energyFraction(spectrum, along, k, 'f_top is undefined: the gradient');
  const overlap = gradientHessianOverlap({
    gradient: along,
    hessian: { dimension: 1, apply: (block) => block.map((x) => x * levels[gradients]!.ratio) },
  });
  return { share, time, levels, cut: levelAtCut(levels, k), topFraction: { lower, upper }, overlap };
}

/** The level of the m-th largest eigenvalue. */
export function levelAtCut<L extends { readonly multiplicity: number }>(levels: readonly L[], m: number): L {
  let above = 0;
  return levels.find(({ multiplicity }) => (above += multiplicity) >= m) ?? levels.at(-1)!;
}
