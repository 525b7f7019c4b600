import { UsageError } from '../../errors.js';
import { bracketedRoot } from '../../numeric/quadrature/bracketed-root.js';
import { checkCorrelation, checkNoise } from './domain.js';
import { integralSurface, type SurfacePoint } from './integral-surface.js';
import { levelRatios, type LevelRatios, type Sector } from './symmetric-levels.js';

/** A point of the map. */
export interface PhasePoint {
  /** α/α*, α* = 1/σ². */
  readonly relativeMargin: number;
  /** f_top(k) of the gradient: 1 or 0, or any value in between where its level cannot be told from the one at the cut. */
  readonly topFraction: { readonly lower: number; readonly upper: number };
  /** dα/dt = `drift` · e^`logScale` with e^logScale = E p_1: the drift falls from 1 at α = 0 through 0 at α*. */
  readonly drift: number;
  readonly logScale: number;
}

/** A line of the map where it passes this σ: the gradient's level crosses that of `sector`. */
export interface PhaseCrossing {
  readonly sector: Sector;
  readonly relativeMargin: number;
  /** Estimate of its error: that of the interpolated levels over the slope of their gap. */
  readonly errorBar: number;
}

/** All of one σ. */
export interface PhaseRow {
  readonly noise: number;
  readonly points: readonly PhasePoint[];
  /** Every crossing up to 2α*, whatever the points asked for, in order of the margin. */
  readonly crossings: readonly PhaseCrossing[];
}

/** The lattice of (σ, α/α*) on which f_top(k) is found. */
export interface PhaseDiagramOptions {
  readonly classes: number;
  /** ρ, the inner product of the means; 0 if left out. */
  readonly correlation?: number;
  /** The σ of the rows, in any order. */
  readonly noises: readonly number[];
  /** The α/α* of the points of each row, from 0 to 2. */
  readonly relativeMargins: readonly number[];
  /** Of the interpolation, 1e-12 to 1e-4; 1e-9 if left out. */
  readonly tolerance?: number;
  /** The share of the integrals that is done; they take nearly all of the time, and come before the first row. */
  readonly onProgress?: (share: number) => void;
}

const searchPoints = 200;

/**
 * The phase diagram of f_top(k) at the symmetric point W = αB over (σ, α/α*), row by row, with every line on which the gradient's
 * level crosses another, and the speed of the flow.
 *
 * The integrals are interpolated once over the whole range of σ (integralSurface); a row is then arithmetic. In units of Ω and in
 * logarithms, so that nothing underflows. Features beyond the means are taken to exist (d > k). Two crossings of one sector less than
 * 0.01 α* apart would be missed. Ratios of levels and the drift err by a few times `tolerance`, crossings by that over the slope of
 * the gap (`errorBar`): below 1e-8 for the default up to σ = 1, 1e-5 at σ = 10, where the levels hardly differ.
 *
 * Throws UsageError outside the domain. Cost: about 8 s from σ = 0.1 to 1 for k = 10, however many points; more at smaller σ.
 */
export function* phaseDiagram(options: PhaseDiagramOptions): Generator<PhaseRow> {
  const { classes: k, correlation = 0, noises, relativeMargins, tolerance = 1e-9, onProgress } = options;
  checkOptions(options);
  const spread = Math.sqrt(1 - correlation);
  // Equiangular means are orthonormal ones at α(1−ρ), σ/√(1−ρ): the same α/α*.
  const range = [Math.min(...noises) / spread, Math.max(...noises) / spread] as const;
  const surface = integralSurface(k, range, tolerance, onProgress);
  for (const noise of noises) {
    const integrals = surface.along(noise / spread);
    const ratios = (at: SurfacePoint): LevelRatios =>
      levelRatios(at, { classes: k, dim: k + 1, noise, correlation }, spread).filter(
        ({ multiplicity, sector }) => multiplicity > 0 && sector !== 'gauge',
      );
    const points = relativeMargins.map((relativeMargin): PhasePoint => {
      const at = integrals(relativeMargin);
      return {
        relativeMargin,
        topFraction: gradientInTop(ratios(at), k, 10 * tolerance),
        drift: 1 - relativeMargin * Math.exp(at.logUnit - at.logWrong),
        logScale: at.logWrong,
      };
    });
    yield { noise, points, crossings: crossingsOf((c) => ratios(integrals(c)), 10 * tolerance) };
  }
}

/** Levels within `error` of each other, relative to the largest, count as one multiplet, chained from that of the gradient. */
function gradientInTop(ratios: LevelRatios, k: number, error: number): { lower: number; upper: number } {
  const levels = [...ratios].sort((x, y) => y.ratio - x.ratio);
  const near = error * levels[0]!.ratio;
  const own = levels.findIndex(({ sector }) => sector === 'trivial');
  const touches = (i: number): boolean => levels[i]!.ratio - levels[i + 1]!.ratio <= near;
  let [first, last] = [own, own];
  while (first > 0 && touches(first - 1)) first--;
  while (last + 1 < levels.length && touches(last)) last++;
  const count = (to: number): number => levels.slice(0, to).reduce((sum, { multiplicity }) => sum + multiplicity, 0);
  return { lower: count(last + 1) <= k ? 1 : 0, upper: count(first) < k ? 1 : 0 };
}

/** `error`: that of each level, relative to its size or, in the standard block, to the largest level. */
function crossingsOf(ratios: (relativeMargin: number) => LevelRatios, error: number): PhaseCrossing[] {
  const find = (levels: LevelRatios, sector: Sector): LevelRatios[number] =>
    levels.find((level) => level.sector === sector)!;
  const gap = (levels: LevelRatios, sector: Sector): number =>
    find(levels, 'trivial').aboveBulk - find(levels, sector).aboveBulk;
  const gapError = (levels: LevelRatios, sector: Sector): number => {
    const largest = Math.max(...levels.map(({ ratio }) => ratio));
    const other = find(levels, sector);
    return error * (find(levels, 'trivial').size! + (other.size ?? (other.mixture === undefined ? 0 : largest)));
  };
  const grid = Array.from({ length: searchPoints }, (_, i) => (2 * (i + 1)) / searchPoints);
  const onGrid = grid.map(ratios);
  const found: PhaseCrossing[] = [];
  // At α = 0 all levels of the mean features coincide; standard+ lies above the gradient's and belongs to the top k by itself.
  for (const { sector } of onGrid[0]!.filter(({ sector }) => sector !== 'trivial' && sector !== 'standard+')) {
    const gaps = onGrid.map((levels) => gap(levels, sector));
    for (let i = 0; i < searchPoints; i++) {
      if (gaps[i]! > 0 === (i === 0 ? true : gaps[i - 1]! > 0)) continue;
      const from = i === 0 ? grid[0]! / 1000 : grid[i - 1]!;
      const relativeMargin = bracketedRoot((c) => gap(ratios(c), sector), from, grid[i]!);
      const step = 1e-4 * relativeMargin;
      const [before, after] = [relativeMargin - step, relativeMargin + step].map((c) => gap(ratios(c), sector));
      const errorBar = gapError(ratios(relativeMargin), sector) / (Math.abs(after! - before!) / (2 * step));
      found.push({ sector, relativeMargin, errorBar });
    }
  }
  return found.sort((x, y) => x.relativeMargin - y.relativeMargin);
}

function checkOptions({
  classes,
  correlation = 0,
  noises,
  relativeMargins,
  tolerance = 1e-9,
}: PhaseDiagramOptions): void {
  checkCorrelation(classes, correlation);
  if (noises.length === 0) throw new UsageError('noises must hold at least one σ, received none; for example [0.3]');
  for (const noise of noises) checkNoise(classes, noise);
  for (const c of relativeMargins) {
    if (!(c >= 0 && c <= 2)) throw new UsageError(`relativeMargins must lie between 0 and 2, received ${c}`);
  }
  if (!(tolerance >= 1e-12 && tolerance <= 1e-4)) {
    throw new UsageError(`tolerance must lie between 1e-12 and 1e-4, received ${tolerance}`);
  }
}
