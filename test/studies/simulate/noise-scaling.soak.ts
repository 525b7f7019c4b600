import { describe, expect, it } from 'vitest';
import { noiseScaling, runsStudy } from '../../../src/studies/simulate/index.js';

describe('the noise of SGD in the model, many runs', () => {
  it('is that of leading order at b/η ≥ 100: energies by sector, f_top, overlap and loss', async () => {
    const z: number[] = [];
    for (const [seed, model] of [
      { classes: 2, dim: 4, noise: 0.5, margin: 0, learningRate: 1, batch: 128 },
      { classes: 3, dim: 6, noise: 0.4, margin: 0, learningRate: 0.5, batch: 64 },
      { classes: 3, dim: 3, noise: 0.3, margin: 3, learningRate: 1, batch: 100 },
      { classes: 3, dim: 8, noise: 0.6, margin: 1 / 0.36, learningRate: 1, batch: 128 },
    ].entries()) {
      const run = { ...model, method: 'sgd', steps: [20, 80, 320], refresh: 1, linearised: false } as const;
      const { records } = await runsStudy(run, { runs: 100, seed: seed + 1 });
      z.push(...records.flatMap(({ quantities }) => quantities.flatMap((one) => (one.z === null ? [] : [one.z]))));
    }
    expect(z.length).toBeGreaterThan(90);
    expect(Math.max(...z.map(Math.abs))).toBeLessThan(4.5);
    expect(z.filter((one) => Math.abs(one) > 2).length / z.length).toBeLessThan(0.1);
  });

  it('departs from leading order by an amount ∝ η/b', async () => {
    const model = { classes: 3, dim: 5, noise: 0.4, margin: 0, learningRate: 0.5, steps: [60], refresh: 1 };
    const { deviations, slope, slopeError } = await noiseScaling(model, [2, 4, 8, 16, 32], { runs: 3000, seed: 1 });
    for (const { linearised } of deviations)
      expect(Math.abs(linearised.mean)).toBeLessThan(4 * linearised.standardError);
    expect(slopeError).toBeLessThan(0.05);
    expect(Math.abs(slope - 1)).toBeLessThan(0.15);
  });
});
