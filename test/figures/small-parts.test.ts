import { describe, expect, it } from 'vitest';
import { decadesAround, decimalTicks, evenTicks } from '../../figures/axes.js';
import { pointsOf, sampledCurve } from '../../figures/sampled-curve.js';
import { spread } from '../../figures/spread.js';

describe('decimalTicks', () => {
  it('gives decades, and 2 and 5 times them where there are fewer than three', () => {
    expect(decimalTicks(0.5, 2e3)).toEqual([1, 10, 100, 1000]);
    expect(decimalTicks(16, 2814)).toEqual([20, 50, 100, 200, 500, 1000, 2000]);
    expect(decimalTicks(0.02, 0.05)).toEqual([0.02, 0.05]);
  });
});

describe('evenTicks', () => {
  it('gives multiples of 1, 2 or 5 powers of ten, not more than asked for', () => {
    expect(evenTicks(0, 28_000)).toEqual([0, 5000, 10_000, 15_000, 20_000, 25_000]);
    expect(evenTicks(0.0257, 0.0339, 5)).toEqual([0.026, 0.028, 0.03, 0.032]);
    expect(evenTicks(0, 150, 4)).toEqual([0, 50, 100, 150]);
    for (const most of [3, 4, 5, 6, 10])
      for (const high of [1, 1.7, 3, 12, 99, 12_345]) {
        const ticks = evenTicks(0, high, most);
        expect(ticks.length).toBeLessThanOrEqual(most);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.at(-1)!).toBeLessThanOrEqual(high);
      }
  });
});

describe('decadesAround', () => {
  it('gives powers of ten with a little room', () => {
    expect(decadesAround([0.02, 3])).toEqual([0.01, 10]);
    expect(decadesAround([1, 1])).toEqual([0.1, 10]);
  });
});

describe('spread', () => {
  it('leaves values alone that are far apart, and moves others as little as it can', () => {
    expect(spread([3, 1, 2], 0.5)).toEqual([3, 1, 2]);
    expect(spread([1, 1.25], 0.5)).toEqual([0.875, 1.375]);
    const placed = spread([0.7, 0.71, 0.72, 0.5, 0.3], 0.1);
    const sorted = [...placed].sort((a, b) => a - b);
    for (let i = 1; i < sorted.length; i++) expect(sorted[i]! - sorted[i - 1]!).toBeGreaterThan(0.1 - 1e-12);
    expect(placed[0]! < placed[1]! && placed[1]! < placed[2]!).toBe(true);
    expect(placed[4]).toBe(0.3);
  });
});

describe('sampledCurve', () => {
  it('puts points where the curve bends, until the middle is on the chord', () => {
    const step = (x: number): number => 1 / (1 + Math.exp(-8 * Math.log10(x)));
    const options = { from: 1e-4, to: 1e4, points: 9, tolerance: 0.02, seen: (y: number) => [y] };
    const drawn = pointsOf(sampledCurve(step, options), (y) => y);
    for (const { x, y } of drawn) expect(y).toBe(step(x));
    const near = (exponent: number): number => drawn.filter(({ x }) => Math.abs(Math.log10(x) - exponent) < 0.5).length;
    expect(near(0)).toBeGreaterThan(2 * near(3));
    drawn.slice(1).forEach(({ x, y }, i) => {
      const before = drawn[i]!;
      expect(x).toBeGreaterThan(before.x);
      const middle = step(Math.sqrt(x * before.x));
      expect(Math.abs(middle - (y + before.y) / 2)).toBeLessThan(0.02);
    });
  });

  it('ends at a jump', () => {
    const jump = (x: number): number => (x < 1.234 ? 0 : 1);
    const options = { from: 0.1, to: 10, points: 3, tolerance: 0.01, seen: (y: number) => [y] };
    expect(sampledCurve(jump, options).length).toBeLessThan(3 + 2 * 2 ** 4);
  });
});
