import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../../src/numeric/random.js';
import { explained } from '../../../../src/studies/reproduce/experiments/noise-law/findings.js';
import { reluLaw } from '../../../../src/studies/reproduce/shared/law-settings.js';
import { chiSquareCurve, lawPoint } from '../../../../src/studies/reproduce/shared/law-point.js';
import type { TrainDocument } from '../../../../src/train/train-document.js';

const energy = (measured: number, shuffled: number | null, stationary = 99) => ({ measured, shuffled, stationary });
const moments = (mean: number, spread: number) => ({ mean, spread });

/** A run of m = 2 with a first state and two late ones. */
function run(scale: number, overlaps: readonly number[], shuffled: boolean): TrainDocument {
  const law = (rest: number) => ({
    energies: {
      top: [4 * scale, 1 * scale, 0.5 * scale].map((x, i) => {
        const predicted = [4, 2, 0.25][i]!;
        return shuffled ? energy(x, predicted) : energy(x, null, predicted);
      }),
      rest: shuffled ? energy(rest, 0.25) : energy(rest, null, 0.25),
    },
    rest: { hessian: [0, 0.5, 0, 0.125].map((value) => ({ value, standardError: 0 })) }, // two modes of λ = ½
    overlap: { shuffled: shuffled ? moments(0.96, 0.02) : null, stationary: moments(0.9, 0.1) },
    fraction: {
      shuffled: shuffled ? { lower: moments(0.9, 0.02), upper: moments(0.92, 0.04) } : null,
      stationary: { lower: moments(0.5, 0.1), upper: moments(0.5, 0.1) },
    },
  });
  const record = (step: number, rest: number) => ({
    step,
    eigenvalues: [4, 2, 1],
    topFraction: { lower: 0.85, upper: 0.85 },
    topFractionBounds: null,
    noiseNull: law(rest),
  });
  return {
    run: {
      config: { schedule: { kind: 'constant', rate: 0.1 }, batch: 64 },
      subspace: 2,
      data: { samples: 1000 },
    },
    records: [record(0, 1e9), record(50, 0.5), record(100, 0.5)],
    window: overlaps.map((overlap, step) => ({ step, overlap })),
  } as unknown as TrainDocument;
}

describe('a setting against the law', () => {
  const point = lawPoint(reluLaw, [run(1, [0.94, 0.96], true), run(2, [0.93, 0.93], true)]);

  it('takes means over seeds of the late states alone, and the law in epochs', () => {
    expect(point.overlap.seeds).toEqual([0.95, 0.93]);
    expect(point.overlap.measured.value).toBeCloseTo(0.94, 12);
    expect(point.overlap.measured.error).toBeCloseTo(0.01, 12);
    expect(point.overlap.law.mean).toBeCloseTo(0.96, 12);
    expect(point.topFraction.law.mean).toBeCloseTo(0.91, 12);
    expect(point.topFraction.law.spread).toBeCloseTo(0.03, 12);
    expect(point.top.value).toBeCloseTo((5 / 6 + 10 / 6) / 2, 12);
    expect(point.rest.value).toBeCloseTo((1 / 0.5 + 1.5 / 0.5) / 2, 12);
    expect(point.directions.map(({ predicted, measured }) => [predicted, measured])).toEqual([
      [4, 6],
      [2, 1.5],
    ]);
    expect(point.test.mean).toBeCloseTo((1 + 0.5 + 2 + 1) / 4, 12);
    expect(point.ratios).toHaveLength(8);
  });

  it('has what is left outside the top as flow, which lowers both', () => {
    const share = ((1 - 0.5) / 6 + (1.5 - 0.5) / 11.5) / 2;
    expect(point.flowShare.value).toBeCloseTo(share, 12);
    const [left, n] = [(0.75 + 1.25 - 2 * 0.25) / 2, 200_000];
    // known energies 4, 2, ¼ and ⅛ twice, at λ = 4, 2, 1, ½, ½, and the flow at 0: by drawing states
    const stream = randomStream(1, 'states');
    let [overlap, fraction] = [0, 0]; // what the flow changes
    for (let draw = 0; draw < n; draw++) {
      const [a, b, c, d] = [4, 2, 0.25, 0.125].map((variance) => variance * stream.normal() ** 2) as [
        number,
        number,
        number,
        number,
      ];
      const e = 0.125 * stream.normal() ** 2;
      const whole = a + b + c + d + e;
      const [share, slope] = [a + b, 4 * a + 2 * b + c + (d + e) / 2];
      fraction += (share / (whole + left) - share / whole) / n;
      const steep = Math.sqrt(16 * a + 4 * b + c + (d + e) / 4);
      overlap += (slope / Math.sqrt(whole + left) - slope / Math.sqrt(whole)) / steep / n;
    }
    expect(point.overlap.withFlow - 0.96).toBeCloseTo(overlap, 3);
    expect(point.topFraction.withFlow - 0.91).toBeCloseTo(fraction, 3);
  });

  it('takes the law at rest where batches are drawn anew', () => {
    const { overlap, top } = lawPoint(reluLaw, [run(1, [0.9], false)]);
    expect(overlap.law.mean).toBe(0.9);
    expect(top.value).toBeCloseTo(5 / 6, 12);
  });

  it('says whether noise explains it, or noise and flow, and what of the paper', () => {
    const seen = (value: number, paper: number | null = null): string =>
      explained({ ...point, paper, overlap: { ...point.overlap, measured: { value, error: 0.002 } } });
    expect(seen(0.955)).toBe('noise alone has 0.960, and SGD 0.955: explained');
    expect(seen(point.overlap.withFlow - 0.005)).toMatch(
      /with a flow of 8.5 % of the energy the law has 0.8\d\d: explained by both$/,
    );
    expect(seen(0.7)).toMatch(/not explained$/);
    expect(seen(0.9, 0.99)).toMatch(
      /the paper's 0.99 is above that of noise alone here, by 0.030, which no flow makes up$/,
    );
    expect(seen(0.955, 0.965)).toMatch(/the paper's 0.965 is that of noise alone$/);
    expect(seen(0.955, 0.9)).toMatch(/the paper's 0.9 is that of noise with a flow of about 12 %$/);
  });

  it('knows χ²₁', () => {
    const curve = chiSquareCurve();
    expect(curve[0]).toEqual({ x: 0, above: 1 });
    expect(curve.find(({ x }) => x === 4)!.above).toBeCloseTo(0.0455, 4);
  });
});
