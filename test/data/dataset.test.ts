import { describe, expect, it } from 'vitest';
import { classTargets, featureCount, datasetInPrecision } from '../../src/data/dataset.js';
import { sampleSine } from '../../src/data/sine.js';
import { UsageError } from '../../src/errors.js';
import { smallImages } from './small-images.js';

describe('a data set', () => {
  it('has as many features as its shape says', () => {
    expect(featureCount(smallImages(2, [3, 4, 5], 2))).toBe(60);
    expect(featureCount(sampleSine(1, 1))).toBe(1);
  });

  it('changes precision by rounding once, recorded, and back without loss', () => {
    const sine = sampleSine(50, 1);
    const single = datasetInPrecision(sine, 'f32');
    expect(single.inputs).toEqual(Float32Array.from(sine.inputs));
    expect(single.record.transformations).toEqual([{ kind: 'precision', precision: 'f32' }]);
    expect(datasetInPrecision(sine, 'f64')).toBe(sine);
    expect(Float32Array.from(datasetInPrecision(single, 'f64').inputs)).toEqual(single.inputs);
  });

  it('has classes or says that it has none', () => {
    expect(classTargets(smallImages(2, [1, 1, 1], 2)).classes).toBe(2);
    expect(() => classTargets(sampleSine(1, 1))).toThrow(UsageError);
  });
});
