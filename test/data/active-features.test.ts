import { describe, expect, it } from 'vitest';
import { activeFeatures, keepFeatures } from '../../src/data/active-features.js';
import { datasetInPrecision, type Dataset } from '../../src/data/dataset.js';
import { toLabelledData } from '../../src/data/labelled-data.js';
import { mixtureDataset } from '../../src/data/mixture.js';
import { regressionPoint } from '../../src/loss/softmax/softmax-regression.js';

const full = mixtureDataset({ classes: 3, dim: 8, noise: 0.5 }, 10, 1);
const zero = [3, 6];
const data: Dataset = { ...full, inputs: full.inputs.map((x, j) => (zero.includes(j % 8) ? 0 : x)) };

describe('activeFeatures', () => {
  it('are those that some sample has, of pixels and of numbers', () => {
    expect([...activeFeatures(data)]).toEqual([0, 1, 2, 4, 5, 7]);
    expect([...activeFeatures({ inputs: Uint8Array.of(0, 0, 1, 0, 0, 0), inputShape: [1, 1, 3] })]).toEqual([2]);
    const once = data.inputs.slice();
    once[8 * 9 + 3] = -1e-300;
    expect([...activeFeatures({ ...data, inputs: once })]).toEqual([0, 1, 2, 3, 4, 5, 7]);
  });
});

describe('keepFeatures', () => {
  const active = activeFeatures(data);
  const reduced = keepFeatures(data, active);

  it('copies the features kept, in either precision, and records what was dropped', () => {
    expect(reduced.inputShape).toEqual([6]);
    expect(reduced.inputs).toEqual(data.inputs.filter((_, j) => !zero.includes(j % 8)));
    expect(keepFeatures(datasetInPrecision(data, 'f32'), active).inputs).toEqual(Float32Array.from(reduced.inputs));
    expect(reduced.record.transformations).toEqual([{ kind: 'active-features', kept: 6, dropped: zero }]);
  });

  it('changes no loss, and no gradient but for the zeros it leaves out', () => {
    const weights = Float64Array.from({ length: 3 * 8 }, (_, i) => Math.sin(i));
    const isKept = (_: number, i: number): boolean => !zero.includes(i % 8);
    const [whole, part] = [toLabelledData(data), toLabelledData(reduced)].map((labelled, i) =>
      regressionPoint(labelled, i === 0 ? weights : weights.filter(isKept)),
    );
    expect(part!.loss).toBe(whole!.loss);
    expect(part!.gradient).toEqual(whole!.gradient.filter(isKept));
    expect(whole!.gradient.filter((g, i) => !isKept(g, i))).toEqual(new Float64Array(6));
  });

  it('refuses indices that do not ascend within the features', () => {
    expect(() => keepFeatures(data, Uint32Array.of(0, 5, 9))).toThrow(/received 9 at place 2/);
    for (const wrong of [[], [8], [1, 1], [2, 1]]) {
      expect(() => keepFeatures(data, Uint32Array.from(wrong))).toThrow(/ascending integers from 0 to 7/);
    }
  });
});
