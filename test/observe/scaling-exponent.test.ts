import { expect, it } from 'vitest';
import { randomStream } from '../../src/numeric/random.js';
import { sampleMean } from '../../src/numeric/statistics/confidence-interval.js';
import { scalingExponent } from '../../src/observe/scaling-exponent.js';

const sizes = [81, 161, 321, 641, 1281, 2001];

it('is the exponent of a power law, and its standard error that of fits to scattered ones', () => {
  const law = scalingExponent(sizes.map((size) => ({ size, value: 3 * size ** 0.7 })));
  expect(law.exponent).toBeCloseTo(0.7, 12);
  expect(law.standardError).toBeLessThan(1e-12);
  expect(Math.exp(law.logAmplitude)).toBeCloseTo(3, 11);
  const stream = randomStream(1, 'scaling');
  const fits = Array.from({ length: 2000 }, () =>
    scalingExponent(sizes.map((size) => ({ size, value: size ** 1.2 * Math.exp(0.1 * stream.normal()) }))),
  );
  const exponents = sampleMean(fits.map(({ exponent }) => exponent));
  expect(Math.abs(exponents.value - 1.2)).toBeLessThan(4 * exponents.standardError);
  const variance = sampleMean(fits.map(({ standardError }) => standardError ** 2));
  const seen = sampleMean(fits.map(({ exponent }) => (exponent - 1.2) ** 2));
  expect(Math.abs(variance.value - seen.value)).toBeLessThan(
    4 * Math.hypot(variance.standardError, seen.standardError),
  );
});

it('has no standard error with two points', () => {
  const points = [
    { size: 3, value: 1.7 },
    { size: 7, value: 2.9 },
  ];
  expect(scalingExponent(points).standardError).toBeNaN();
});

it('refuses what is no power law', () => {
  expect(() => scalingExponent([{ size: 1, value: 0 }])).toThrow(/positive/);
  expect(() =>
    scalingExponent([
      { size: 2, value: 1 },
      { size: 2, value: 3 },
    ]),
  ).toThrow(/two different sizes/);
});
