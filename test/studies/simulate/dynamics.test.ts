import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { descend, finiteSample, type DescentConfig } from '../../../src/studies/simulate/index.js';
import { marginClock, marginPoint, noisyLevels } from '../../../src/exact/noisy/index.js';

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
  it('follows the exact flow as the learning rate falls, with an error of first order', async () => {
    const { marginAt } = marginClock({ classes: 5, noise: 0.3 });
    const error = async (learningRate: number): Promise<number> => {
      const steps = Math.round(10 / learningRate);
      const records = await descend({ ...config, method: 'gd', margin: 0, learningRate, steps, every: steps });
      return Math.abs(records.at(-1)!.margin - marginAt(10));
    };
    expect((await error(0.25)) / (await error(0.125))).toBeCloseTo(2, 1);
  });

  it('turns the verdict: at σ = 0.1 Dom-SGD equals SGD and Bulk-SGD stalls, at σ = 0.3 the reverse', async () => {
    const gain = async (noise: number, method: DescentConfig['method']): Promise<number> => {
      const records = await descend({ ...config, noise, method });
      return records.at(-1)!.margin - config.margin;
    };
    const low = { sgd: await gain(0.1, 'sgd'), dom: await gain(0.1, 'dom-sgd'), bulk: await gain(0.1, 'bulk-sgd') };
    const high = { sgd: await gain(0.3, 'sgd'), dom: await gain(0.3, 'dom-sgd'), bulk: await gain(0.3, 'bulk-sgd') };
    expect(low.dom / low.sgd).toBeGreaterThan(0.98);
    expect(Math.abs(low.bulk / low.sgd)).toBeLessThan(0.02);
    expect(high.bulk / high.sgd).toBeGreaterThan(0.95);
    expect(Math.abs(high.dom / high.sgd)).toBeLessThan(0.05);
  });

  it('knows f_top of every record, whatever is followed', async () => {
    for (const method of ['sgd', 'dom-sgd', 'bulk-sgd'] as const) {
      const records = await descend({ ...config, noise: 0.3, method });
      for (const { topFraction } of records) expect(topFraction.upper - topFraction.lower).toBeLessThan(1e-6);
    }
  });

  it('gives the same bytes for the same seed, and takes fresh samples online', async () => {
    const short = { ...config, steps: 20, every: 10 };
    const records = await descend(short);
    expect(await descend(short)).toEqual(records);
    expect(new Set(records.map(({ loss }) => loss)).size).toBe(3);
    expect((await descend({ ...short, online: true })).at(-1)!.margin).not.toBe(records.at(-1)!.margin);
    expect(await descend({ ...short, seed: 2 })).not.toEqual(records);
  });

  it('draws fresh batches that no other step and no other seed draws', async () => {
    // With so small a step the weights stay, and what a step adds to the margin tells its batch.
    const increments = async (seed: number): Promise<number[]> => {
      const run = { ...config, online: true, learningRate: 1e-6, batch: 50, samples: 200, steps: 100, every: 1, seed };
      const margins = (await descend(run)).map(({ margin }) => margin);
      return margins.slice(1).map((margin, i) => margin - margins[i]!);
    };
    const correlation = (x: readonly number[], y: readonly number[]): number => {
      const centred = (z: readonly number[]): number[] => z.map((v) => v - z.reduce((sum, u) => sum + u, 0) / z.length);
      const inner = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
      const [a, b] = [centred(x), centred(y)];
      return inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b));
    };
    const [one, two] = [await increments(1), await increments(2)];
    for (const [x, y] of [
      [one, two],
      [one.slice(1), two.slice(0, -1)],
      [one.slice(0, -1), two.slice(1)],
      [one.slice(1), one.slice(0, -1)],
    ] as const) {
      expect(Math.abs(correlation(x, y))).toBeLessThan(4 / Math.sqrt(x.length));
    }
  });

  it('is not changed by what is recorded: records at common steps are the same bytes', async () => {
    for (const method of ['sgd', 'dom-sgd', 'bulk-sgd'] as const) {
      const run = { ...config, method, online: true, noise: 0.2, steps: 24, refresh: 10, samples: 400, batch: 50 };
      const often = await descend({ ...run, every: 1 });
      const seldom = await descend({ ...run, every: 12 });
      expect(seldom.map(({ step }) => step)).toEqual([0, 12, 24]);
      expect(seldom).toEqual(often.filter(({ step }) => step % 12 === 0));
    }
  });

  it('refuses impossible runs', async () => {
    await expect(descend({ ...config, batch: 3000 })).rejects.toThrow(/batch must not exceed samples/);
    await expect(descend({ ...config, learningRate: 0 })).rejects.toThrow(UsageError);
    await expect(descend({ ...config, steps: 0.5 })).rejects.toThrow(/steps must be a positive integer/);
  });
});

describe('finiteSample', () => {
  it('approaches the population with n: levels like 1/√n, gradient noise like 1/n', () => {
    const model = { classes: 3, dim: 4, noise: 0.3, margin: 2 };
    const { marginRate } = marginPoint(model);
    const exact = noisyLevels(model).levels.flatMap(({ value, multiplicity }) =>
      new Array<number>(multiplicity).fill(value),
    );
    const [few, many] = [200, 20_000].map((n) => finiteSample(model, marginRate, n, { draws: 6, seed: 1 })) as [
      ReturnType<typeof finiteSample>,
      ReturnType<typeof finiteSample>,
    ];
    const distance = (sample: typeof few): number =>
      Math.sqrt(sample.eigenvalues.reduce((sum, { mean }, i) => sum + (mean - exact[i]!) ** 2, 0));
    expect(distance(many)).toBeLessThan(distance(few) / 4);
    expect(few.gradientNoise / many.gradientNoise).toBeGreaterThan(30);
    expect(few.gradientNoise / many.gradientNoise).toBeLessThan(300);
    expect(many.topFraction.mean).toBeGreaterThan(few.topFraction.mean);
    expect(() => finiteSample({ ...model, dim: 200 }, marginRate, 10, { draws: 1, seed: 1 })).toThrow(UsageError);
  });
});
