import { expect, it } from 'vitest';
import { meanOf } from '../../src/cli/output.js';

it('meanOf shows a scatter only where there are enough values to know it', () => {
  const window = { mean: 0.53412, standardDeviation: 0.0423 };
  expect(meanOf({ ...window, standardDeviation: 0, count: 1 })).toBe('0.5341');
  expect(meanOf({ ...window, count: 8 })).toBe('0.5341');
  expect(meanOf({ ...window, count: 9 })).toBe('0.5341 ± 0.042');
});
