import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { solveFlow } from '../../../src/exact/flow/index.js';
import { symmetricPoint } from '../../../src/exact/noiseless/index.js';
import { boundary, marginClock, noisyMarginRate } from '../../../src/exact/noisy/index.js';

describe('marginClock', () => {
  it('reads 0.0990427888, 0.8993738795, 3.9460001351 at t = 1, 10, 100 for k = 10, σ = 0.3', () => {
    const { marginAt } = marginClock({ classes: 10, noise: 0.3 });
    expect(Math.abs(marginAt(1) - 0.0990427888)).toBeLessThan(1e-10);
    expect(Math.abs(marginAt(10) - 0.8993738796)).toBeLessThan(1e-10);
    expect(Math.abs(marginAt(100) - 3.9460001351)).toBeLessThan(1e-10);
  });

  it('agrees with Dormand–Prince on the rate itself', () => {
    for (const [classes, noise] of [
      [3, 0.5],
      [10, 0.3],
      [50, 0.2],
    ] as const) {
      const field = (_: number, y: Float64Array, dy: Float64Array): void => {
        dy[0] = noisyMarginRate({ classes, noise, margin: y[0]! });
      };
      const { states } = solveFlow(field, Float64Array.of(0), [0, 8], {
        relativeTolerance: 1e-12,
        absoluteTolerance: 1e-14,
      });
      expect(Math.abs(marginClock({ classes, noise }).marginAt(8) / states[1]![0]! - 1)).toBeLessThan(1e-10);
    }
  });

  it('is the noiseless flow for small noise, and ends at 1/σ²', () => {
    expect(
      Math.abs(marginClock({ classes: 10, noise: 0.01 }, 10).marginAt(10) / symmetricPoint(10, 10).margin - 1),
    ).toBeLessThan(1e-4);
    expect(marginClock({ classes: 4, noise: 0.5 }).marginAt(1e12)).toBeCloseTo(4, 9);
    expect(marginClock({ classes: 4, noise: 0.5 }).marginAt(0)).toBe(0);
  });

  it('reads both ways', () => {
    const clock = marginClock({ classes: 5, noise: 0.2, correlation: 0.3 });
    for (const t of [1e-3, 1, 1e3, 1e5]) expect(Math.exp(clock.logTimeAt(clock.marginAt(t))) / t).toBeCloseTo(1, 9);
    expect(() => clock.marginAt(-1)).toThrow(UsageError);
    expect(() => clock.logTimeAt(26)).toThrow(UsageError);
  });

  it('knows times beyond the range of doubles only as such', () => {
    expect(marginClock({ classes: 10, noise: 0.01 }).logTimeAt(boundary(10, 0.01).margin)).toBe(Infinity);
    expect(marginClock({ classes: 10, noise: 0.02 }).logTimeAt(boundary(10, 0.02).margin)).toBeCloseTo(564.787, 2);
  });
});
