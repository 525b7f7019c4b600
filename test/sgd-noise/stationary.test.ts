import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  noiseGain,
  shuffledVariance,
  stationaryEnergy,
  stationaryVariance,
  varianceAfter,
} from '../../src/sgd-noise/index.js';

const modes = fc.record({
  eigenvalue: fc.double({ min: 0.01, max: 1.9, noNaN: true }),
  covariance: fc.double({ min: 0, max: 10, noNaN: true }),
  batch: fc.integer({ min: 1, max: 512 }),
});

/** Covariance of (x, w) of heavy ball after many steps of x ← x − ηw, w ← μw + λx + ζ, Var ζ = c/b. */
function iterated(
  eigenvalue: number,
  covariance: number,
  eta: number,
  batch: number,
  mu: number,
  steps: number,
): number {
  let [xx, xw, ww] = [0, 0, 0];
  for (let n = 0; n < steps; n++) {
    // w′ = μw + λx + ζ first, then x′ = x − ηw′
    const newWw = mu ** 2 * ww + 2 * mu * eigenvalue * xw + eigenvalue ** 2 * xx + covariance / batch;
    const xNewW = mu * xw + eigenvalue * xx;
    [xx, xw, ww] = [xx - 2 * eta * xNewW + eta ** 2 * newWw, xNewW - eta * newWw, newWw];
  }
  return xx;
}

describe('the stationary variance', () => {
  test('is where the recursion ends, with momentum and without', () => {
    fc.assert(
      fc.property(
        modes,
        fc.double({ min: 0, max: 0.8, noNaN: true }),
        ({ eigenvalue, covariance, batch }, momentum) => {
          const rule = { learningRate: 0.9, batch, momentum };
          const expected = iterated(eigenvalue, covariance, 0.9, batch, momentum, 4000);
          expect(stationaryVariance(eigenvalue, covariance, rule)).toBeCloseTo(expected, 8);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('has the energy λ²v, and one gain for all slow modes', () => {
    const rule = { learningRate: 0.2, batch: 8, momentum: 0.5 };
    expect(stationaryEnergy(3, 2, rule)).toBeCloseTo(9 * stationaryVariance(3, 2, rule), 14);
    expect(noiseGain(0, { learningRate: 0.2, batch: 8 })).toBeCloseTo(0.2 / 8 / 2, 15);
    expect(stationaryVariance(3, 2, { learningRateOverBatch: 0.025 })).toBeCloseTo((0.025 * 2) / 6, 15);
  });

  test('is infinite where nothing pulls back, and 0 without noise', () => {
    const rule = { learningRate: 0.1, batch: 1 };
    expect(stationaryVariance(0, 1, rule)).toBe(Infinity);
    expect(stationaryVariance(0, 0, rule)).toBe(0);
  });

  test.each([
    [{ learningRate: 0, batch: 4 }, 'positive learning rate'],
    [{ learningRate: 0.1, batch: 0 }, 'batch of at least 1'],
    [{ learningRate: 0.1, batch: 4, momentum: 1 }, 'momentum must be'],
    [{ learningRate: 3, batch: 4 }, 'learning rate below 2'],
    [{ learningRateOverBatch: -1 }, 'η/b must be'],
  ])('refuses %j', (rule, words) => {
    expect(() => stationaryVariance(1, 1, rule)).toThrow(words);
  });

  test('refuses eigenvalues and variances below 0', () => {
    expect(() => stationaryVariance(-1, 1, { learningRate: 0.1, batch: 1 })).toThrow('λ = -1');
    expect(() => stationaryEnergy(1, Number.NaN, { learningRate: 0.1, batch: 1 })).toThrow('c = NaN');
  });
});

describe('the variance on the way', () => {
  test('is that of the recursion, from any start, also overshooting', () => {
    fc.assert(
      fc.property(
        modes,
        fc.integer({ min: 0, max: 40 }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (mode, steps, start) => {
          const { eigenvalue, covariance, batch } = mode;
          let expected = start;
          for (let n = 0; n < steps; n++) expected = (1 - eigenvalue) ** 2 * expected + covariance / batch;
          const found = varianceAfter(steps, start, eigenvalue, covariance, { learningRate: 1, batch });
          expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-12 * (1 + expected));
        },
      ),
    );
  });

  test('grows without end along a flat direction', () => {
    expect(varianceAfter(10, 1, 0, 4, { learningRate: 0.5, batch: 2 })).toBeCloseTo(1 + (10 * 0.25 * 4) / 2, 14);
  });

  test('refuses momentum and η/b alone', () => {
    expect(() => varianceAfter(1, 0, 1, 1, { learningRate: 0.1, batch: 1, momentum: 0.5 })).toThrow('without momentum');
    expect(() => varianceAfter(1, 0, 1, 1, { learningRateOverBatch: 0.1 })).toThrow('a learning rate and a batch');
  });
});

/** All orders in which n samples can come. */
function* orders(items: readonly number[]): Generator<readonly number[]> {
  if (items.length < 2) yield items;
  for (let i = 0; i < items.length; i++) {
    for (const rest of orders([...items.slice(0, i), ...items.slice(i + 1)])) yield [items[i]!, ...rest];
  }
}

test('arguments that are none are refused', () => {
  const rule = { learningRate: 0.1, batch: 4 };
  expect(() => varianceAfter(3, 3, 0, -5, rule)).toThrow('c = -5');
  expect(() => varianceAfter(2.5, 3, 15, 1, rule)).toThrow('steps must be an integer');
  expect(() => noiseGain(-5, rule)).toThrow('λ = -5');
  expect(() => shuffledVariance(0.1, 1, { ...rule, samples: 0 })).toThrow('divides');
  expect(() => shuffledVariance(0.1, 1, { ...rule, samples: -400 })).toThrow('divides');
});

describe('without replacement', () => {
  const gradients = [1, -2, 0.5, 3, -1.5, -1];
  const mean = gradients.reduce((sum, x) => sum + x, 0) / 6;
  const covariance = gradients.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 6;

  test.each([
    [1, 0.3],
    [2, 0.7],
    [3, 1.4],
  ])('b = %i, ηλ = %f: the mean over all orders of every epoch', (batch, eigenvalue) => {
    const m = 6 / batch;
    const all = [...orders([0, 1, 2, 3, 4, 5])];
    // E x² after j steps from E x² = start: the order of an epoch does not depend on where it begins
    const after = (start: number): number[] => {
      const r = 1 - eigenvalue;
      return Array.from({ length: m + 1 }, (_, j) => {
        const own = all.reduce((sum, order) => {
          let x = 0;
          for (let i = 0; i < j; i++) {
            const drawn = order.slice(i * batch, (i + 1) * batch).reduce((total, s) => total + gradients[s]! - mean, 0);
            x = r * x - drawn / batch;
          }
          return sum + x ** 2 / all.length;
        }, 0);
        return r ** (2 * j) * start + own;
      });
    };
    const [unit, none] = [after(1)[m]!, after(0)[m]!];
    const start = none / (1 - (unit - none));
    const path = after(start).slice(0, m);
    const found = shuffledVariance(eigenvalue, covariance, { learningRate: 1, batch, samples: 6 });
    expect(found.start).toBeCloseTo(start, 12);
    expect(found.mean).toBeCloseTo(path.reduce((sum, x) => sum + x, 0) / m, 12);
  });

  test('fast modes come near the variance with replacement, slow ones lose it', () => {
    const ratio = (eigenvalue: number): number => {
      const rule = { learningRate: 1, batch: 10, samples: 10_000 };
      return shuffledVariance(eigenvalue, 1, rule).mean / stationaryVariance(eigenvalue, 1, rule);
    };
    expect(ratio(0.5)).toBeCloseTo(1, 2);
    expect(ratio(1e-5)).toBeLessThan(0.01);
  });

  test('keeps its digits where the powers hardly differ', () => {
    // K_m → m x²(m²−1)m/12/(m−1)… so that V_0 → η²s² m(m+1)x/24 for ηλm ≪ 1
    const [x, m] = [1e-9, 100];
    const { start } = shuffledVariance(x, 1, { learningRate: 1, batch: 1, samples: m });
    expect(start / ((m * (m + 1) * x) / 24)).toBeCloseTo(1, 6);
  });

  test('has none with one batch, and refuses a batch that does not divide', () => {
    expect(shuffledVariance(1, 1, { learningRate: 0.1, batch: 6, samples: 6 })).toEqual({ start: 0, mean: 0 });
    expect(() => shuffledVariance(1, 1, { learningRate: 0.1, batch: 4, samples: 6 })).toThrow('divides');
  });
});
