import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchSchedule } from '../../src/data/batch-schedule.js';

const options = { seed: 1, numRuns: 200 };

describe('batchSchedule', () => {
  it('visits every sample once per epoch, in an order keyed by seed and epoch, from any step', () => {
    const schedule = batchSchedule(10, 4, 1);
    const epoch = [0, 1, 2].flatMap((step) => [...schedule(step)]);
    expect(epoch.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...schedule(2)]).toHaveLength(2);
    expect([...batchSchedule(10, 4, 1)(2)]).toEqual([...schedule(2)]);
    expect([3, 4, 5].flatMap((step) => [...schedule(step)])).not.toEqual(epoch);
    expect([...batchSchedule(10, 10, 2)(0)]).not.toEqual([...batchSchedule(10, 10, 1)(0)]);
  });

  it('gives a step the same batch whatever steps were asked for before, and leaves batches given before', () => {
    const problem = fc.record({
      samples: fc.integer({ min: 1, max: 20 }),
      batch: fc.integer({ min: 1, max: 25 }),
      steps: fc.array(fc.nat(60), { minLength: 1, maxLength: 20 }),
    });
    fc.assert(
      fc.property(problem, ({ samples, batch, steps }) => {
        const schedule = batchSchedule(samples, batch, 5);
        const given = steps.map((step) => schedule(step));
        const alone = steps.map((step) => batchSchedule(samples, batch, 5)(step));
        expect(given).toEqual(alone);
        for (const indices of given) expect(indices.length).toBeGreaterThan(0);
      }),
      options,
    );
  });

  it('gives the same order at another batch size: the epoch is cut, not drawn', () => {
    const epoch = (batch: number): number[] =>
      Array.from({ length: Math.ceil(12 / batch) }, (_, step) => [...batchSchedule(12, batch, 3)(step)]).flat();
    for (const batch of [1, 5, 12, 100]) expect(epoch(batch)).toEqual(epoch(4));
  });

  it('refuses sizes and steps that are none', () => {
    for (const [samples, batch] of [
      [0, 1],
      [1, 0],
      [2.5, 1],
      [1, NaN],
    ] as const) {
      expect(() => batchSchedule(samples, batch, 1)).toThrow(/samples and batch must be positive integers/);
    }
    for (const step of [-1, 0.5, NaN]) expect(() => batchSchedule(4, 2, 1)(step)).toThrow(/a step is an integer/);
  });
});
