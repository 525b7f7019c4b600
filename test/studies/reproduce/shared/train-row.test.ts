import { describe, expect, it } from 'vitest';
import { lastPhase, phaseMeasurement, topFractionError } from '../../../../src/studies/reproduce/shared/train-row.js';
import { trainDefaults } from '../../../../src/train/train-config.js';
import type { TrainDocument, TrainRecord } from '../../../../src/train/train-document.js';

/** A record with λ_1/λ_2 = ratio and f_top(1) known to lie around a value. */
const record = (step: number, fTop: number, ratio: number): TrainRecord =>
  ({
    step,
    loss: 1 / step,
    accuracy: step / 100,
    eigenvalues: [ratio, 1],
    topFraction: { lower: 0, upper: 1, gap: 0, null: 0.01 },
    topFractionBounds: { lower: fTop - 0.01, upper: fTop + 0.01 },
  }) as unknown as TrainRecord;

/** Steps 0 … 40 with a window of 20: overlaps 0.5 in it, 0 before. */
const run = (overlap: number): TrainDocument =>
  ({
    run: {
      config: { ...trainDefaults, steps: 40, window: { length: 20, every: 10 } },
      subspace: 1,
      parameters: 100,
      data: { name: 'toy', samples: 5, features: 2, classes: 2, origin: { kind: 'sampled' } },
      version: '0',
    },
    records: [record(10, 0.1, 9), record(20, 0.2, 8), record(30, 0.6, 2), record(40, 0.8, 4)],
    window: [
      { step: 20, overlap: 0 },
      { step: 30, overlap: overlap - 0.1 },
      { step: 40, overlap: overlap + 0.1 },
    ],
  }) as unknown as TrainDocument;

describe('phaseMeasurement', () => {
  it('averages over the steps of the window of each run, the step it begins after left out', () => {
    const { values, beside } = phaseMeasurement([run(0.5), run(0.7)].map(lastPhase), { more: 1 });
    expect(values).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.7, 12)]);
    expect(beside).toEqual({
      'f_top(k)': expect.closeTo(0.7, 12) as number,
      'known to ±': expect.closeTo(0.01, 12) as number,
      'random direction': 0.01,
      'λ_k/λ_{k+1}': 3,
      'swing of single steps': expect.closeTo(0.1 * Math.SQRT2, 12) as number,
      loss: 1 / 40,
      accuracy: 0.4,
      more: 1,
    });
  });

  it('takes any other phase, and knows how well f_top is known', () => {
    const { values, beside } = phaseMeasurement([{ run: run(0.5), from: 5, to: 30 }]);
    expect(values).toEqual([expect.closeTo(0.2, 12)]);
    expect(beside!.accuracy).toBe(0.3);
    expect(topFractionError(run(0.5).records)).toBeCloseTo(0.01, 12);
  });
});
