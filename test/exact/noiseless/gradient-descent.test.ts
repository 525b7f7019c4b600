import { describe, expect, it } from 'vitest';
import {
  gradientDescentMargins,
  stabilityLimit,
  symmetricLevels,
  symmetricPoint,
  symmetricPointAtMargin,
} from '../../../src/exact/noiseless/index.js';

describe('gradientDescentMargins', () => {
  it('is plain gradient descent on the loss log(1 + (k−1) e^{−α}) of the line W = αB, whose ‖B‖² is k − 1', () => {
    const [k, eta] = [5, 0.7];
    const margins = gradientDescentMargins(k, eta, 50);
    const loss = (alpha: number): number => Math.log1p((k - 1) * Math.exp(-alpha));
    for (let n = 0; n < 50; n++) {
      const h = 1e-5;
      const slope = (loss(margins[n]! + h) - loss(margins[n]! - h)) / (2 * h);
      expect(margins[n + 1]! - margins[n]!).toBeCloseTo((-eta * slope) / (k - 1), 9);
    }
  });

  it('tends to the flow as η → 0, with an error proportional to η', () => {
    const errorAt = (eta: number): number =>
      gradientDescentMargins(4, eta, 10 / eta).at(-1)! - symmetricPoint(4, 10).margin;
    expect(errorAt(0.01) / errorAt(0.005)).toBeCloseTo(2, 2);
  });

  it('refuses a learning rate that is not positive and a fractional number of steps', () => {
    expect(() => gradientDescentMargins(3, 0, 10)).toThrow(/learning rate must be a positive number, received 0/);
    expect(() => gradientDescentMargins(3, 0.1, 1.5)).toThrow(/steps must be a non-negative integer, received 1.5/);
  });
});

describe('stabilityLimit', () => {
  it('is 2 over the largest eigenvalue that the path meets', () => {
    for (const k of [2, 3, 10, 200]) {
      let sharpest = 0;
      for (let alpha = 0; alpha < 12; alpha += 1e-3) {
        sharpest = Math.max(sharpest, symmetricLevels(symmetricPointAtMargin(k, alpha), k)[0]!.value);
      }
      expect(stabilityLimit(k) / (2 / sharpest)).toBeCloseTo(1, 5);
      expect(stabilityLimit(k)).toBeLessThanOrEqual(2 / sharpest);
    }
  });
});
