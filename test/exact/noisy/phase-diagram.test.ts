import { beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { boundary, linePoint, marginPoint, phaseDiagram, type PhaseRow } from '../../../src/exact/noisy/index.js';
import { randomStream } from '../../../src/numeric/random.js';
import { topFraction } from '../../../src/observe/index.js';

const classes = 10;
const random = randomStream(1, 'phase-diagram');
const noises = [0.1, 1, ...Array.from({ length: 10 }, () => 10 ** (random.uniform() - 1))];
const relativeMargins = [0, 1, ...Array.from({ length: 18 }, () => 1.99 * random.uniform())];

/** Largest difference of a crossing from boundary(), in α/α*. */
function crossingError({ noise, crossings }: PhaseRow, correlation = 0, k = classes): number {
  const first = boundary(k, noise, correlation);
  const exact = [first, ...first.later];
  expect(crossings.map(({ sector }) => sector).sort()).toEqual(exact.map(({ sector }) => sector).sort());
  return Math.max(
    ...exact.map(({ sector, relativeMargin }) =>
      Math.abs(crossings.find((c) => c.sector === sector)!.relativeMargin - relativeMargin),
    ),
  );
}

/** Difference of dα/dt from marginPoint, over E p_1. */
function rateError({ noise, points }: PhaseRow, i: number): number {
  const { drift, logScale, relativeMargin } = points[i]!;
  const exact = marginPoint({ classes, noise, margin: relativeMargin / noise ** 2 });
  return Math.abs(drift * Math.exp(logScale) - exact.marginRate) / (exact.error / (classes - 1));
}

describe('phaseDiagram', () => {
  let rows: PhaseRow[];
  const shares: number[] = [];
  beforeAll(() => {
    rows = [...phaseDiagram({ classes, noises, relativeMargins, onProgress: (share) => shares.push(share) })];
  });

  it('puts every crossing where boundary() finds it, to 1e-8', () => {
    for (const row of rows.slice(0, 6)) expect(crossingError(row)).toBeLessThan(1e-8);
  });

  it('gives f_top(k) of the snapshot at every point, and the whole interval at W = 0', () => {
    for (const { noise, points } of rows) {
      for (const point of points.filter(({ relativeMargin: c }) => c !== 1)) {
        const { snapshot } = linePoint({ classes, dim: 15, noise, margin: point.relativeMargin / noise ** 2 });
        const { lower, upper } = topFraction(snapshot, classes);
        expect([point.topFraction.lower, point.topFraction.upper]).toEqual(
          [lower, upper].map((f) => expect.closeTo(f, 12) as number),
        );
      }
      expect(points[0]!.topFraction).toEqual({ lower: 0, upper: 1 });
    }
  });

  it('gives the speed of the flow, to 1e-8 of its larger term: 1/k at W = 0, nothing at α*', () => {
    for (const row of rows) {
      for (let i = 0; i < relativeMargins.length; i += 3) expect(rateError(row, i)).toBeLessThan(1e-8);
      expect(row.points[0]!.drift * Math.exp(row.points[0]!.logScale)).toBeCloseTo(1 / classes, 9);
      expect(Math.abs(row.points[1]!.drift)).toBeLessThan(1e-8);
    }
  });

  it('would be caught by these comparisons with an error of 1e-5', () => {
    const [loose] = [...phaseDiagram({ classes, noises: [0.3, 0.1, 1], relativeMargins, tolerance: 1e-4 })];
    expect(crossingError(loose!)).toBeGreaterThan(1e-8);
    expect(Math.max(...relativeMargins.map((_, i) => rateError(loose!, i)))).toBeGreaterThan(1e-8);
  });

  it('holds for one σ, for means that are not orthogonal, and for two and three classes', () => {
    for (const [k, correlation] of [
      [4, -1 / 3],
      [3, 0.4],
      [2, 0],
    ] as const) {
      const [row] = [...phaseDiagram({ classes: k, correlation, noises: [0.25], relativeMargins: [0.1, 0.9] })];
      expect(crossingError(row!, correlation, k)).toBeLessThan(1e-8);
      expect(row!.points.map(({ topFraction: { lower } }) => lower)).toEqual([1, 0]);
    }
  });

  it('does not underflow where the flow takes e^100 of time, and follows the law of small noise', () => {
    const [row] = [...phaseDiagram({ classes: 4, noises: [0.05], relativeMargins: [0.2, 1], tolerance: 1e-7 })];
    expect(row!.points[1]!.logScale).toBeLessThan(-100);
    expect(row!.crossings[0]!.relativeMargin).toBeCloseTo(0.25, 6);
  });

  it('reports its progress up to the end', () => {
    expect(shares).toEqual([...shares].sort((x, y) => x - y));
    expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
  });

  it('refuses what is not in the domain', () => {
    const draw = (options: Partial<Parameters<typeof phaseDiagram>[0]>) => () => [
      ...phaseDiagram({ classes, noises: [0.3], relativeMargins: [0.5], ...options }),
    ];
    expect(draw({ noises: [] })).toThrow(UsageError);
    expect(draw({ noises: [0.001] })).toThrow(/noise must lie between/);
    expect(draw({ relativeMargins: [2.5] })).toThrow(/relativeMargins must lie between 0 and 2/);
    expect(draw({ tolerance: 0 })).toThrow(/tolerance must lie/);
  });
});
