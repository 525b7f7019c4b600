import { describe, expect, it } from 'vitest';
import { countAbove, largestGap } from '../../../../../src/studies/reproduce/experiments/outliers/largest-gap.js';

describe('largestGap', () => {
  const values = [100, 20, 18, 16, 2, 1.9, 1.8, 0.1];

  it('finds the largest ratio of neighbours, counted from 1, in the range that is looked at', () => {
    expect(largestGap(values, 1, 4)).toMatchObject({ count: 4, ratio: 8 });
    expect(largestGap(values, 1, 3)).toMatchObject({ count: 1, ratio: 5 });
    expect(largestGap(values, 5, 7)).toMatchObject({ count: 7, ratio: 18 });
  });

  it('says which gap comes next', () => {
    expect(largestGap(values, 1, 4).next).toEqual({ count: 1, ratio: 5 });
    expect(largestGap([4, 2], 1, 1).next).toEqual({ count: 0, ratio: 0 });
  });

  it('takes the first of equal gaps, and does not look beyond the list or at values that are not positive', () => {
    expect(largestGap([8, 4, 2, 1], 1, 10)).toMatchObject({ count: 1, ratio: 2 });
    expect(largestGap([4, 2, 0, -1], 1, 3)).toMatchObject({ count: 1, ratio: 2 });
    expect(largestGap([4, 0], 1, 1)).toMatchObject({ count: 0, ratio: 0 });
  });
});

describe('countAbove', () => {
  it('counts what is above an edge, with how far the last one is', () => {
    expect(countAbove([8, 6, 2, 1], 3)).toEqual({ count: 2, ratio: 2 });
    expect(countAbove([8, 6], 8)).toEqual({ count: 0, ratio: 0 });
  });
});
