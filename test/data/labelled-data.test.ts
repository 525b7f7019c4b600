import { describe, expect, it } from 'vitest';
import { denseFeatures, denseMatrix } from '../../src/data/features.js';
import { sampleMixture } from '../../src/data/gaussian-mixture.js';
import { toLabelledData } from '../../src/data/labelled-data.js';
import { mixtureDataset } from '../../src/data/mixture.js';
import { sampleSine } from '../../src/data/sine.js';

const mixture = { classes: 3, dim: 5, noise: 0 }; // mostly zeros, which the sparse form does not store

describe('mixtureDataset', () => {
  it('holds the samples of sampleMixture, and leads back to them', () => {
    for (const noise of [0, 0.3]) {
      const data = mixtureDataset({ ...mixture, noise }, 40, 7);
      const sampled = sampleMixture({ ...mixture, noise }, 40, 7);
      expect(toLabelledData(data)).toEqual(sampled);
      expect(data).toMatchObject({ samples: 40, inputShape: [5], targets: { kind: 'classes', classes: 3 } });
      expect(data.inputs).toHaveLength(200);
      const record = { kind: 'mixture', classes: 3, dim: 5, noise, samples: 40, seed: 7 };
      expect(data.record.origin).toMatchObject(record);
    }
    expect(() => toLabelledData(sampleSine(3, 1))).toThrow(/labels are needed/);
  });
});

describe('toLabelledData', () => {
  it('stores once what most entries are, and nothing of what is left is lost', () => {
    const data = mixtureDataset({ ...mixture, noise: 0 }, 40, 7);
    const shifted = { ...data, inputs: data.inputs.map((x) => (x - 0.13) / 0.31) };
    const { features } = toLabelledData(shifted);
    expect(features.offset).toBe(-0.13 / 0.31);
    expect(features.value).toHaveLength(40); // one mean a sample
    denseMatrix(features).forEach((x, i) => {
      expect(Math.abs(x - shifted.inputs[i]!)).toBeLessThan(1e-15);
    });
    const half = { ...data, samples: 2, inputShape: [2], inputs: Float64Array.of(1, 1, 2, 3) };
    const labels = { kind: 'classes', classes: 3, labels: Uint16Array.of(0, 1) } as const;
    expect(toLabelledData({ ...half, targets: labels }).features.offset).toBe(0);
  });
});

describe('denseMatrix', () => {
  it('is the inverse of denseFeatures, and adds the constant to every entry', () => {
    const entries = Float64Array.of(1, 0, 0, -2, 0, 3);
    const features = denseFeatures(2, 3, entries);
    expect(denseMatrix(features)).toEqual(entries);
    expect(denseMatrix({ ...features, offset: 0.5 })).toEqual(entries.map((x) => x + 0.5));
  });
});
