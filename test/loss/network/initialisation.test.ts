import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { fans, initialiser, initialLayer } from '../../../src/loss/network/initialisation.js';
import { randomStream } from '../../../src/numeric/random.js';

const shape = [64, 12, 5, 5] as const; // fan-in 300, fan-out 1600
const n = 64 * 12 * 25;
const draw = (name: string, seed = 1): Float64Array =>
  initialiser(name)(shape, fans(shape), randomStream(seed, 'weights'));

const uniforms = [
  ['glorot-uniform', 2 / 1900],
  ['he-uniform', 2 / 300],
  ['lecun-uniform', 1 / 300],
  ['pytorch-default', 1 / 900], // kaiming_uniform(a = √5): gain² = 2/(1 + 5), variance gain²/n = 1/(3n)
] as const;
const normals = [
  ['glorot-normal', 2 / 1900],
  ['he-normal', 2 / 300],
  ['lecun-normal', 1 / 300],
  ['normal:0.25', 1 / 16],
  ['normal:1e-3', 1e-6],
] as const;

/** Mean and mean square are within five standard errors; the standard error of x² is √(kurtosis − 1) times its mean. */
function checkMoments(draws: Float64Array, variance: number, kurtosis: number): void {
  const mean = draws.reduce((sum, x) => sum + x, 0) / n;
  const square = draws.reduce((sum, x) => sum + x * x, 0) / n;
  expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(variance / n));
  expect(Math.abs(square / variance - 1)).toBeLessThan(5 * Math.sqrt((kurtosis - 1) / n));
}

describe('initialiser', () => {
  it.each(uniforms)('%s is uniform with variance %d: its bound is kept and reached', (name, variance) => {
    const draws = draw(name);
    const bound = Math.sqrt(3 * variance);
    checkMoments(draws, variance, 9 / 5);
    // no draw in the last 20/n of the range, at either end: probability 2e⁻²⁰
    const [least, most] = draws.reduce(([low, high], x) => [Math.min(low, x), Math.max(high, x)], [0, 0] as [
      number,
      number,
    ]);
    expect(-least).toBeLessThanOrEqual(bound);
    expect(most).toBeLessThanOrEqual(bound);
    expect(Math.min(-least, most)).toBeGreaterThan(bound * (1 - 40 / n));
  });

  it.each(normals)('%s is normal with variance %d, and not truncated', (name, variance) => {
    const draws = draw(name);
    checkMoments(draws, variance, 3);
    const beyond = draws.filter((x) => Math.abs(x) > 2 * Math.sqrt(variance)).length / n;
    const expected = 0.0455002638963584; // P(|ξ| > 2)
    expect(Math.abs(beyond - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / n));
  });

  it('gives zeros by name', () => {
    expect(draw('zeros')).toEqual(new Float64Array(n));
  });

  it('is keyed: the same stream gives the same bytes, another one others', () => {
    for (const [name] of [...uniforms, ...normals]) {
      expect(draw(name)).toEqual(draw(name));
      expect(draw(name, 2)).not.toEqual(draw(name));
    }
  });

  it('names what is legal', () => {
    for (const name of ['xavier', '', 'toString', 'normal', 'normal:', 'normal:-1', 'normal:1e999', 'he_normal']) {
      expect(() => initialiser(name)).toThrow(UsageError);
      expect(() => initialiser(name)).toThrow(/glorot-uniform.*zeros and normal:SIGMA, for example normal:0.01/);
    }
  });
});

describe('fans', () => {
  it('counts inputs and outputs of dense and convolution weights', () => {
    expect(fans([100, 784])).toEqual({ fanIn: 784, fanOut: 100 });
    expect(fans([32, 3, 5, 7])).toEqual({ fanIn: 3 * 35, fanOut: 32 * 35 });
    for (const wrong of [[], [3], [1, 2, 3], [0, 2], [2, 1.5]]) {
      expect(() => fans(wrong)).toThrow(/\[out, in\] or \[out, in, height, width\]/);
    }
  });
});

describe('initialLayer', () => {
  it("has biases of the weights' fan-in in pytorch-default, and zero biases else", () => {
    const { weights, biases } = initialLayer('pytorch-default', [200, 4], randomStream(1, 'layer'));
    expect([weights.length, biases.length]).toEqual([800, 200]);
    const largest = biases.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    expect(largest).toBeLessThanOrEqual(1 / 2);
    expect(largest).toBeGreaterThan((1 / 2) * (1 - 20 / 200));
    expect(initialLayer('he-normal', [3, 4], randomStream(1, 'layer')).biases).toEqual(new Float64Array(3));
  });

  it('draws the weights first, as the initialiser alone does', () => {
    const weights = initialiser('pytorch-default')([5, 4], fans([5, 4]), randomStream(1, 'layer'));
    expect(initialLayer('pytorch-default', [5, 4], randomStream(1, 'layer')).weights).toEqual(weights);
  });
});
