import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/numeric/random.js';

const draw = (seed: number, ...path: (string | number)[]): number[] => {
  const stream = randomStream(seed, ...path);
  return Array.from({ length: 4 }, () => stream.uniform());
};

describe('randomStream', () => {
  it('gives the same draws for the same key, frozen here', () => {
    expect(draw(7, 'batches', 0)).toEqual(draw(7, 'batches', 0));
    expect(draw(1)).toMatchInlineSnapshot(`
      [
        0.7328223035794389,
        0.9469712441336001,
        0.40033138583583383,
        0.05778985305549167,
      ]
    `);
  });

  it('gives other draws for another seed, another key, and keys that only concatenate alike', () => {
    const keys = [
      draw(7, 'a'),
      draw(8, 'a'),
      draw(7, 'b'),
      draw(7, 'a', 'b'),
      draw(7, 'ab'),
      draw(7, 'a', 0),
      draw(7 + 2 ** 40, 'a'),
    ];
    expect(new Set(keys.map(String)).size).toBe(keys.length);
  });

  it('has normal draws with mean 0, variance 1 and kurtosis 3, within five standard errors', () => {
    const n = 100_000;
    const stream = randomStream(3, 'moments');
    const moments = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const x = stream.normal();
      moments.forEach((_, m) => (moments[m]! += x ** (m + 1) / n));
    }
    const variances = [1, 2, 15, 96]; // Var x, x², x³, x⁴
    [0, 1, 0, 3].forEach((exact, m) => {
      expect(Math.abs(moments[m]! - exact)).toBeLessThan(5 * Math.sqrt(variances[m]! / n));
    });
  });

  it('has integers that cover 0 … bound − 1 evenly', () => {
    const stream = randomStream(4, 'integers');
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 7000; i++) counts[stream.integer(7)]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000));
  });
});
