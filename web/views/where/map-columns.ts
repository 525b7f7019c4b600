import { noisePhase, phaseDiagram } from '../../../src/exact/noisy/index.js';
import { noiseRange } from './controls.js';

/** What a map is of. `sgd`: with the noise of SGD, at η/b. */
export interface MapRequest {
  readonly classes: number;
  readonly rho: number;
  readonly sgd?: { readonly dim: number; readonly etaOverB: number };
}

/** A line of the map where it passes a column: a crossing with the level of this sector, or the takeover of SGD's noise. */
export interface LinePlace {
  readonly line: string;
  readonly relativeMargin: number;
}

/** One σ of the map, drawn from `from` to `to`. */
export interface MapColumn {
  readonly noise: number;
  readonly from: number;
  readonly to: number;
  readonly isFine: boolean;
  /** f_top(k) at the α/α* (i + ½)/n: all that it may be, and what is drawn. */
  readonly fractions: readonly { readonly lower: number; readonly upper: number; readonly drawn: number }[];
  readonly lines: readonly LinePlace[];
  /** With the noise of SGD: the η/b from which on f_top(k) does not dip. */
  readonly withoutDip?: number;
}

/** Some columns of one go, and the share of the work that is done with them. */
export interface MapPart {
  readonly columns: readonly MapColumn[];
  readonly done: number;
}

/** The α/α* of n cells, from 0 to 1. */
export const middles = (n: number): number[] => Array.from({ length: n }, (_, i) => (i + 0.5) / n);

/** The whole map coarsely, then again finely from the largest σ downwards. Undefined where nothing is said yet. */
export function* mapColumns(request: MapRequest): Generator<MapPart | undefined> {
  yield undefined; // of several requests that wait only the last is worked on
  yield* request.sgd === undefined ? flowColumns(request) : sgdColumns(request, request.sgd);
}

type Place = Pick<MapColumn, 'noise' | 'from' | 'to' | 'isFine'>;

/** n columns, from the largest σ. */
function placesOf(n: number, isFine: boolean): Place[] {
  const [low, high] = noiseRange;
  const at = (share: number): number => low * (high / low) ** share;
  return Array.from({ length: n }, (_, i) => n - 1 - i).map((i) => ({
    noise: at((i + 0.5) / n),
    from: at(i / n),
    to: at((i + 1) / n),
    isFine,
  }));
}

/** One interpolation of the integrals for a range of σ is quick, but cannot be left: the fine one is cut into bands. */
function* flowColumns({ classes, rho }: MapRequest): Generator<MapPart> {
  const fine = placesOf(64, true);
  const goes = [
    { places: placesOf(32, false), cells: 48, tolerance: 1e-4 },
    ...[0, 16, 32, 48].map((from) => ({ places: fine.slice(from, from + 16), cells: 96, tolerance: 1e-5 })),
  ];
  for (const [i, { places, cells, tolerance }] of goes.entries()) {
    const noises = places.map(({ noise }) => noise);
    const rows = phaseDiagram({ classes, correlation: rho, noises, relativeMargins: middles(cells), tolerance });
    const columns = [...rows].map(({ points, crossings }, at): MapColumn => ({
      ...places[at]!,
      fractions: points.map(({ topFraction: { lower, upper } }) => ({ lower, upper, drawn: (lower + upper) / 2 })),
      lines: crossings
        .filter(({ relativeMargin }) => relativeMargin <= 1)
        .map(({ sector, relativeMargin }) => ({ line: sector, relativeMargin })),
    }));
    yield { columns, done: (i + 1) / goes.length };
  }
}

function* sgdColumns(
  { classes, rho }: MapRequest,
  { dim, etaOverB }: NonNullable<MapRequest['sgd']>,
): Generator<MapPart> {
  const places = [...placesOf(6, false), ...placesOf(30, true)];
  for (const [i, place] of places.entries()) {
    const [row] = noisePhase({
      classes,
      dim,
      correlation: rho,
      noises: [place.noise],
      learningRateOverBatch: etaOverB,
      relativeMargins: middles(48),
      tolerance: 1e-4,
    });
    const { points, takeovers, boundary, withoutDip } = row!;
    const fractions = points.map(({ topFraction: { lower, upper, even } }) => ({ lower, upper, drawn: even }));
    const lines = [
      { line: 'boundary', relativeMargin: boundary.relativeMargin },
      { line: 'takeover', relativeMargin: takeovers[0]!.relativeMargin },
    ];
    yield { columns: [{ ...place, fractions, lines, withoutDip }], done: (i + 1) / places.length };
  }
}

/** What is on the map: fine columns, and coarse ones left of them, the last of which is cut. */
export function shownColumns(columns: readonly MapColumn[]): MapColumn[] {
  const fine = columns.filter(({ isFine }) => isFine);
  const covered = Math.min(Infinity, ...fine.map(({ from }) => from));
  const rest = columns.filter(({ isFine, from }) => !isFine && from < covered * (1 - 1e-9));
  const cut = (column: MapColumn): MapColumn =>
    column.noise < covered ? { ...column, to: Math.min(column.to, covered) } : { ...column, to: covered, lines: [] };
  return [...rest.map(cut), ...fine].sort((x, y) => x.noise - y.noise);
}
