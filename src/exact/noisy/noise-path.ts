import { UsageError } from '../../errors.js';
import { relaxationStep, type LinearSystem } from '../../numeric/quadrature/linear-relaxation.js';
import { checkDimensions } from './domain.js';
import { marginClock, type MarginClock } from './margin-clock.js';
import { noiseCurves, type LineModel, type NoiseCurves, type SectorNoise } from './noise-curves.js';
import { bySector, type NoiseSector } from './noise-sector.js';
import type { StandardBlock } from './standard-block.js';

/** Variances of the weights by sector at η/b = 1: matrices over the copies. `error`: an estimate of their largest error over the largest of them. */
export interface PathVariances {
  readonly sectors: Readonly<Record<NoiseSector, StandardBlock>>;
  readonly error: number;
}

/** The noise of SGD along the flow from W(0) = 0, at η/b = 1, to which it is proportional. */
export interface NoisePath {
  readonly clock: MarginClock;
  /** H and C along the line. */
  readonly curves: NoiseCurves;
  /** Margins from 0 to the last, between which everything varies little. */
  readonly margins: readonly number[];
  /** At a margin from 0 to the last. */
  readonly at: (margin: number) => PathVariances;
}

/** −log(1 − α/α*) at which the flow rests. */
const atRest = 30;

/** Where the path ends and the variances are the stationary ones of α*, relative to α*. */
export const restingShare = -Math.expm1(-atRest);

/**
 * V′ = −HV − VH + C in every sector, V(0) = 0, H and C those of the line at α(t), in the variable v = −log(1 − α/α*), in which α* is approached smoothly, up to
 * v = 30. Panels are short in α, where rates fall by e for each unit, and in v. `error` compares panels with halves of them.
 *
 * `until`: the latest time that counts; `tolerance`: of H and C. Throws UsageError outside the domain, for σ < 0.05, and of `at` for a margin that is not on the path. Cost: one or two seconds, at σ = 0.05 and k from 1000 on half a minute.
 */
export function noisePath(model: LineModel, until = Infinity, tolerance = 1e-10): NoisePath {
  checkDimensions(model.classes, model.dim);
  if (!(until > 0 && tolerance >= 1e-12 && tolerance <= 1e-4)) {
    throw new UsageError(
      `a path needs a time above 0 and a tolerance from 1e-12 to 1e-4, received ${until} and ${tolerance}`,
    );
  }
  const clock = marginClock(model, until, 3e-3 * tolerance);
  const optimal = clock.optimalMargin;
  const last = Math.min(restingShare * optimal, until < Infinity ? clock.marginAt(until) : Infinity);
  const curves = noiseCurves(model, last, tolerance);
  const marginAt = (v: number): number => -Math.expm1(-v) * optimal;
  const clockOf = (margin: number): number => -Math.log1p(-margin / optimal);
  const systemsAt = remembered((v: number): Record<NoiseSector, LinearSystem> => {
    const margin = marginAt(v);
    const slowness = (optimal * Math.exp(-v)) / clock.rateAt(margin); // dt/dv
    const at = curves(margin);
    return bySector((sector) => lyapunov(at[sector], slowness));
  });
  const advance = (from: Flat, [start, end]: Panel, parts: number): Flat => {
    let state = from;
    const h = (end - start) / parts;
    for (let i = 0; i < parts; i++) {
      const before = state;
      state = bySector((sector) => relaxationStep((v) => systemsAt(v)[sector], before[sector], start + i * h, h));
    }
    return state;
  };

  const sizes = bySector((sector) => curves(0)[sector].size);
  const rest: Flat = bySector((sector) => new Float64Array(triangle(sizes[sector])));
  const nodes = [{ v: 0, fine: rest, coarse: rest }];
  for (const panel of panels(clockOf(last), optimal)) {
    const { fine, coarse } = nodes.at(-1)!;
    nodes.push({ v: panel[1], fine: advance(fine, panel, 2), coarse: advance(coarse, panel, 1) });
  }
  return {
    clock,
    curves,
    margins: nodes.map(({ v }) => marginAt(v)),
    at: (margin) => {
      const isPast = margin > last * (1 + 1e-12) && last < restingShare * optimal;
      if (!(margin >= 0 && margin <= optimal * (1 + 1e-12)) || isPast) {
        throw new UsageError(`the path goes from margin 0 to ${last}, received ${margin}`);
      }
      const v = Math.min(clockOf(Math.min(margin, optimal)), nodes.at(-1)!.v);
      const before = nodes.findLast((node) => node.v <= v) ?? nodes[0]!;
      const [fine, coarse] = [before.fine, before.coarse].map((state, i) =>
        v === before.v ? state : advance(state, [before.v, v], 2 - i),
      ) as [Flat, Flat];
      return {
        sectors: bySector((sector) => ({ size: sizes[sector], entries: full(fine[sector], sizes[sector]) })),
        error: relativeDifference(fine, coarse),
      };
    },
  };
}

/** Entries on and above the diagonal. */
type Flat = Readonly<Record<NoiseSector, Float64Array>>;

type Panel = readonly [number, number];

/** v from 0 to `until` in panels. */
function* panels(until: number, optimal: number): Generator<Panel> {
  let v = 0;
  while (v < until) {
    const alpha = -Math.expm1(-v) * optimal;
    const inMargin = Math.min(0.15 * Math.max(1, alpha), 0.4) / optimal; // of α/α*
    const step = Math.min(0.15, inMargin * Math.exp(v));
    const next = v + step > until - step / 2 ? until : v + step;
    yield [v, next];
    v = next;
  }
}

/** V′ = slowness (C − HV − VH) as a system of the entries of V on and above the diagonal. */
function lyapunov({ size, hessian, covariance }: SectorNoise, slowness: number): LinearSystem {
  const n = triangle(size);
  const [matrix, forcing] = [new Float64Array(n * n), new Float64Array(n)];
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      const row = index(size, i, j);
      forcing[row] = slowness * covariance[i * size + j]!;
      for (let l = 0; l < size; l++) {
        matrix[row * n + index(size, l, j)]! -= slowness * hessian[i * size + l]!;
        matrix[row * n + index(size, i, l)]! -= slowness * hessian[l * size + j]!;
      }
    }
  }
  return { matrix, forcing };
}

function triangle(size: number): number {
  return (size * (size + 1)) / 2;
}

/** Where entry (i, j) = (j, i) of a symmetric matrix is kept. */
function index(size: number, i: number, j: number): number {
  const [a, b] = i < j ? [i, j] : [j, i];
  return a * size - (a * (a - 1)) / 2 + b - a;
}

function full(upper: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size ** 2 }, (_, at) => upper[index(size, Math.floor(at / size), at % size)]!);
}

function relativeDifference(x: Flat, y: Flat): number {
  const [xs, ys] = [x, y].map((flat) => Object.values(flat).flatMap((entries) => [...entries])) as [number[], number[]];
  const largest = Math.max(...xs.map(Math.abs));
  return largest === 0 ? 0 : Math.max(...xs.map((value, i) => Math.abs(value - ys[i]!))) / largest;
}

/** f, which remembers what it was asked last. */
function remembered<T>(f: (x: number) => T): (x: number) => T {
  const known = new Map<number, T>();
  return (x) => {
    const found = known.get(x);
    if (found !== undefined) return found;
    if (known.size > 8) known.clear();
    const value = f(x);
    known.set(x, value);
    return value;
  };
}
