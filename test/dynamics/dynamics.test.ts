import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { descend, finiteSample, type DescentConfig } from '../../src/dynamics/index.js';
import { marginClock, marginPoint, noisyLevels } from '../../src/noise/index.js';

const config: DescentConfig = {
  classes: 5,
  dim: 8,
  noise: 0.3,
  method: 'sgd',
  margin: 4.5,
  learningRate: 2,
  steps: 120,
  every: 60,
  batch: 200,
  samples: 2000,
  online: false,
  refresh: 20,
  seed: 1,
};

describe('descend', () => {
  it('follows the exact flow as the learning rate falls, with an error of first order', () => {
    const { marginAt } = marginClock({ classes: 5, noise: 0.3 });
    const error = (learningRate: number): number => {
      const steps = Math.round(10 / learningRate);
      const records = descend({ ...config, method: 'gd', margin: 0, learningRate, steps, every: steps });
      return Math.abs(records.at(-1)!.margin - marginAt(10));
    };
    expect(error(0.25) / error(0.125)).toBeCloseTo(2, 1);
  });

  it('turns the verdict: at σ = 0.1 Dom-SGD equals SGD and Bulk-SGD stalls, at σ = 0.3 the reverse', () => {
    const gain = (noise: number, method: DescentConfig['method']): number => {
      const records = descend({ ...config, noise, method });
      return records.at(-1)!.margin - config.margin;
    };
    const low = { sgd: gain(0.1, 'sgd'), dom: gain(0.1, 'dom-sgd'), bulk: gain(0.1, 'bulk-sgd') };
    const high = { sgd: gain(0.3, 'sgd'), dom: gain(0.3, 'dom-sgd'), bulk: gain(0.3, 'bulk-sgd') };
    expect(low.dom / low.sgd).toBeGreaterThan(0.98);
    expect(Math.abs(low.bulk / low.sgd)).toBeLessThan(0.02);
    expect(high.bulk / high.sgd).toBeGreaterThan(0.95);
    expect(Math.abs(high.dom / high.sgd)).toBeLessThan(0.05);
  });

  it('gives the same bytes for the same seed, and takes fresh samples online', () => {
    const short = { ...config, steps: 20, every: 10 };
    expect(descend(short)).toEqual(descend(short));
    expect(descend({ ...short, online: true }).at(-1)!.margin).not.toBe(descend(short).at(-1)!.margin);
    expect(descend({ ...short, seed: 2 })).not.toEqual(descend(short));
  });

  it('refuses impossible runs', () => {
    expect(() => descend({ ...config, batch: 3000 })).toThrow(/batch must not exceed samples/);
    expect(() => descend({ ...config, learningRate: 0 })).toThrow(UsageError);
    expect(() => descend({ ...config, steps: 0.5 })).toThrow(/steps must be a positive integer/);
  });
});

describe('finiteSample', () => {
  it('approaches the population with n: levels like 1/√n, gradient noise like 1/n', () => {
    const model = { classes: 3, dim: 4, noise: 0.3, margin: 2 };
    const { marginRate } = marginPoint(model);
    const exact = noisyLevels(model).levels.flatMap(({ value, multiplicity }) =>
      new Array<number>(multiplicity).fill(value),
    );
    const seeds = [1, 2, 3, 4, 5, 6];
    const [few, many] = [200, 20_000].map((n) => finiteSample(model, marginRate, n, seeds)) as [
      ReturnType<typeof finiteSample>,
      ReturnType<typeof finiteSample>,
    ];
    const distance = (sample: typeof few): number =>
      Math.sqrt(sample.eigenvalues.reduce((sum, { mean }, i) => sum + (mean - exact[i]!) ** 2, 0));
    expect(distance(many)).toBeLessThan(distance(few) / 4);
    expect(few.gradientNoise / many.gradientNoise).toBeGreaterThan(30);
    expect(few.gradientNoise / many.gradientNoise).toBeLessThan(300);
    expect(many.topFraction.mean).toBeGreaterThan(few.topFraction.mean);
    expect(() => finiteSample({ ...model, dim: 200 }, marginRate, 10, [1])).toThrow(UsageError);
  });
});
