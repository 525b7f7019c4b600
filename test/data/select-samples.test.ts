import { describe, expect, it } from 'vitest';
import type { ClassTargets, Dataset } from '../../src/data/dataset.js';
import { firstSamples, keepClasses, randomSubset } from '../../src/data/select-samples.js';
import { sampleSine } from '../../src/data/sine.js';
import { UsageError } from '../../src/errors.js';
import { smallImages } from './small-images.js';

const images = smallImages(60, [1, 2, 3], 5);
/** Which samples of `images` these are, by their first pixel; checks that whole rows were taken. */
const rowsOf = (data: Dataset<Uint8Array>): number[] => {
  const rows = Array.from({ length: data.samples }, (_, i) => data.inputs[6 * i]!);
  rows.forEach((row, i) => {
    expect(data.inputs.slice(6 * i, 6 * i + 6)).toEqual(images.inputs.slice(6 * row, 6 * row + 6));
  });
  expect(data.inputs).toHaveLength(6 * data.samples);
  return rows;
};
const labelsOf = (data: Dataset<Uint8Array>): number[] => [...(data.targets as ClassTargets).labels];

describe('firstSamples', () => {
  it('takes the first rows with their targets, and records it', () => {
    const first = firstSamples(images, 7);
    expect(rowsOf(first)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(labelsOf(first)).toEqual([0, 1, 2, 3, 4, 0, 1]);
    expect(first.record).toEqual({ ...images.record, transformations: [{ kind: 'first', samples: 7 }] });
    expect(firstSamples(images, 60)).toBe(images);
  });

  it('takes the values of a regression too', () => {
    const sine = sampleSine(5, 1);
    const first = firstSamples(sine, 2);
    expect(first.targets).toEqual(sampleSine(2, 1).targets);
    expect(first.inputs).toEqual(sampleSine(2, 1).inputs);
  });

  it('refuses more than there are, none, and fractions', () => {
    for (const count of [61, 0, 1.5, NaN]) {
      expect(() => firstSamples(images, count)).toThrow(/samples must be an integer from 1 to 60.*received/);
      expect(() => randomSubset(images, count, 1)).toThrow(UsageError);
    }
  });
});

describe('randomSubset', () => {
  it('draws different samples with their own targets, keyed, smaller draws first', () => {
    const drawn = randomSubset(images, 20, 3);
    const rows = rowsOf(drawn);
    expect(new Set(rows).size).toBe(20);
    expect(labelsOf(drawn)).toEqual(rows.map((row) => row % 5));
    expect(rowsOf(randomSubset(images, 60, 3)).slice(0, 20)).toEqual(rows);
    expect(rowsOf(randomSubset(images, 20, 4))).not.toEqual(rows);
    expect(drawn.record.transformations).toEqual([{ kind: 'random-subset', samples: 20, seed: 3 }]);
  });

  it('copies also out of a Buffer, whose slice is a view', () => {
    const inputs = Buffer.from(images.inputs);
    const drawn = randomSubset({ ...images, inputs: inputs }, 20, 3);
    expect(drawn.inputs).toEqual(randomSubset(images, 20, 3).inputs);
    expect(Uint8Array.from(inputs)).toEqual(images.inputs);
  });

  it('draws every sample equally often, within five standard errors', () => {
    const [draws, size] = [600, 15];
    const counts = new Float64Array(60);
    for (let seed = 0; seed < draws; seed++) for (const row of rowsOf(randomSubset(images, size, seed))) counts[row]!++;
    const p = size / 60;
    for (const count of counts) expect(Math.abs(count - draws * p)).toBeLessThan(5 * Math.sqrt(draws * p * (1 - p)));
  });
});

describe('keepClasses', () => {
  it('keeps the samples of the named classes, relabelled in their order', () => {
    const kept = keepClasses(images, [4, 1, 0]);
    const rows = Array.from({ length: 60 }, (_, i) => i).filter((i) => [4, 1, 0].includes(i % 5));
    expect(rowsOf(kept)).toEqual(rows);
    expect(labelsOf(kept)).toEqual(rows.map((row) => [4, 1, 0].indexOf(row % 5)));
    expect(kept.targets).toMatchObject({ classes: 3, names: ['class 4', 'class 1', 'class 0'] });
    expect(kept.record.transformations).toEqual([{ kind: 'classes', keep: [4, 1, 0] }]);
  });

  it('refuses fewer than two, unknown and repeated classes, classes without samples, and a regression', () => {
    for (const keep of [[], [1], [1, 1], [0, 5], [0, -1], [0, 0.5]]) {
      expect(() => keepClasses(images, keep)).toThrow(/two or more different integers from 0 to 4/);
    }
    expect(() => keepClasses(firstSamples(images, 3), [0, 4])).toThrow(/holds no sample of class 4/);
    expect(() => keepClasses(sampleSine(5, 1), [0, 1])).toThrow(/numbers as targets where labels are needed/);
  });
});
