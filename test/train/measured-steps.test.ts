import { describe, expect, it } from 'vitest';
import { isInWindow, measuredSteps } from '../../src/train/measured-steps.js';

describe('the schedule', () => {
  it('measures at multiples, or 1-2-5 steps, and always at both ends', () => {
    expect(measuredSteps({ steps: 50, every: 20 })).toEqual([0, 20, 40, 50]);
    expect(measuredSteps({ steps: 120, every: 'log' })).toEqual([0, 1, 2, 5, 10, 20, 50, 100, 120]);
    expect(measuredSteps({ steps: 0, every: 'log' })).toEqual([0]);
  });

  it('measures the steps of a list, each once, and none below the first that is wanted but the last of all', () => {
    expect(measuredSteps({ steps: 100, every: [50, 10, 50, 100, 300] })).toEqual([0, 10, 50, 100]);
    expect(measuredSteps({ steps: 100, every: [10, 50], from: 11 })).toEqual([50, 100]);
    expect(measuredSteps({ steps: 100, every: 30, from: 60 })).toEqual([60, 90, 100]);
    expect(measuredSteps({ steps: 120, every: 'log', from: 20 })).toEqual([20, 50, 100, 120]);
    expect(measuredSteps({ steps: 120, every: 'log', from: 120 })).toEqual([120]);
    expect(measuredSteps({ steps: 120, every: 7, from: 500 })).toEqual([120]);
  });

  it('averages over the last steps only', () => {
    const steps = Array.from({ length: 101 }, (_, step) => step);
    expect(steps.filter((step) => isInWindow({ steps: 100, window: { length: 30, every: 10 } }, step))).toEqual([
      80, 90, 100,
    ]);
  });
});
