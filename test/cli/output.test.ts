import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interval } from '../../src/numeric/short-number.js';
import { meanOf } from '../../src/cli/output.js';

it('meanOf shows a standard error only where there are enough values to know it', () => {
  const mean = 0.53412;
  expect(meanOf({ mean, standardError: null })).toBe('0.5341');
  expect(meanOf({ mean, standardError: 0 })).toBe('0.5341 ± 0');
  expect(meanOf({ mean, standardError: 0.0423 })).toBe('0.5341 ± 0.042');
});

describe('interval', () => {
  it('rounds its ends outwards, and says one number where all of it is that', () => {
    expect(interval({ lower: 0.8583, upper: 0.8591 }, 3)).toBe('0.858–0.86');
    expect(interval({ lower: 0.8586, upper: 0.8594 }, 3)).toBe('0.859');
    expect(interval({ lower: 0.99996, upper: 1 }, 3)).toBe('1');
    expect(interval({ lower: 0.9984, upper: 0.99996 }, 3)).toBe('0.998–1');
    expect(interval({ lower: 0, upper: 3.14159265e-7 })).toBe('0–3.1416e-7');
    expect(interval({ lower: -0.12345678, upper: -0.0999999999 })).toBe('-0.123457–-0.0999999');
  });

  it('contains what it shows, at any scale', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -200, max: 200 }), (x, exponent) => {
        const [lower, upper] = [x * 10 ** exponent, (x + 0.1) * 10 ** exponent];
        const [low, high] = interval({ lower, upper }, 4).split('–').map(Number) as [number, number];
        expect(low).toBeLessThanOrEqual(lower);
        expect(high).toBeGreaterThanOrEqual(upper);
      }),
      { seed: 1 },
    );
  });
});
