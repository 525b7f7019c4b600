import { describe, expect, it } from 'vitest';
import type { ValueTargets } from '../../src/data/dataset.js';
import { sampleSine } from '../../src/data/sine.js';

describe('sampleSine', () => {
  const n = 20_000;
  const { inputs, targets } = sampleSine(n, 1);
  const { values } = targets as ValueTargets;

  it('is one period, uniform, with noise of deviation 0.1, within five standard errors', () => {
    const noise = values.map((y, i) => y - Math.sin(inputs[i]!));
    const meanOf = (x: Float64Array): number => x.reduce((sum, value) => sum + value, 0) / n;
    expect(Math.abs(meanOf(noise))).toBeLessThan((5 * 0.1) / Math.sqrt(n));
    expect(Math.abs(meanOf(noise.map((e) => e * e)) / 0.01 - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    // x uniform on ±π: variance π²/3, and x² has the relative deviation √(4/5)
    expect(Math.abs(meanOf(inputs))).toBeLessThan(5 * Math.sqrt(Math.PI ** 2 / 3 / n));
    expect(Math.abs(meanOf(inputs.map((x) => x * x)) / (Math.PI ** 2 / 3) - 1)).toBeLessThan(5 * Math.sqrt(0.8 / n));
    expect(inputs.every((x) => x >= -Math.PI && x < Math.PI)).toBe(true);
    // noise and x are independent
    expect(Math.abs(meanOf(noise.map((e, i) => e * inputs[i]!)))).toBeLessThan(
      5 * 0.1 * Math.sqrt(Math.PI ** 2 / 3 / n),
    );
  });

  it('is keyed, sample i whatever their number, and says so in its record', () => {
    const short = sampleSine(10, 1);
    expect(short.inputs).toEqual(inputs.slice(0, 10));
    expect((short.targets as ValueTargets).values).toEqual(values.slice(0, 10));
    expect(sampleSine(10, 2).inputs).not.toEqual(short.inputs);
    expect(short.record.origin).toMatchObject({ kind: 'sine', noise: 0.1, samples: 10, seed: 1 });
  });

  it('has no noise at noise 0, and refuses illegal numbers', () => {
    const { inputs: x, targets: y } = sampleSine(100, 1, 0);
    expect((y as ValueTargets).values).toEqual(x.map((value) => Math.sin(value)));
    expect(() => sampleSine(0, 1)).toThrow(/samples must be a positive integer, received 0/);
    expect(() => sampleSine(1, 1, -1)).toThrow(/noise must be a number ≥ 0, received -1/);
  });
});
