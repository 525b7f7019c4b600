import { beforeAll, describe, expect, it } from 'vitest';
import { fittedDigits } from '../../../src/studies/ladder/fitted-digits.js';
import { gaussianFit } from '../../../src/studies/ladder/gaussian-fit.js';
import type { FittedDigits } from '../../../src/studies/ladder/ladder-document.js';
import { mixtureDataset } from '../../../src/data/mixture.js';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';

describe('fittedDigits of data that are an equiangular mixture', () => {
  let found: FittedDigits;
  beforeAll(async () => {
    const drawn = mixtureDataset({ classes: 4, dim: 6, noise: 0.4 }, 20_000, 5);
    const digits = { ...drawn, inputs: Float32Array.from(drawn.inputs) };
    found = await fittedDigits(digits, gaussianFit(digits, 6), { runtime: await nativeRuntime() });
  }, 120_000);

  it('finds the mixture', () => {
    expect(found.norm).toBeCloseTo(1, 1);
    expect(found.correlation).toBeCloseTo(0, 1);
    expect(found.noise).toBeCloseTo(0.4, 2);
    expect(found.noiseOfMeans).toBeCloseTo(0.4, 2);
  });

  it('is predicted by all four mixtures, which are then the same', () => {
    expect(found.predictions).toHaveLength(4);
    for (const { name, points } of found.predictions) {
      found.measured.forEach((measured, i) => {
        expect(Math.abs(points[i]!.loss / measured.loss - 1), `${name}, loss`).toBeLessThan(0.02);
        expect(Math.abs(points[i]!.topLevel / measured.topLevel - 1), `${name}, λ_top`).toBeLessThan(0.05);
        expect(Math.abs(points[i]!.overlap - measured.overlap), `${name}, overlap`).toBeLessThan(0.02);
      });
    }
  });

  it('has the loss of descent with SGD, but for the noise of its batches', () => {
    found.measuredSgd.forEach((point, i) => {
      expect(Math.abs(point.loss / found.measured[i]!.loss - 1)).toBeLessThan(0.1);
    });
  });
});
