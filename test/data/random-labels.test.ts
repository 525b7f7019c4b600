import { describe, expect, it } from 'vitest';
import { classTargets } from '../../src/data/dataset.js';
import { mixtureDataset } from '../../src/data/mixture.js';
import { withRandomLabels } from '../../src/data/random-labels.js';
import { firstSamples } from '../../src/data/select-samples.js';
import { sampleSine } from '../../src/data/sine.js';

describe('withRandomLabels', () => {
  const [n, k] = [20_000, 4];
  const data = mixtureDataset({ classes: k, dim: k, noise: 0 }, n, 1);
  const drawn = withRandomLabels(data, 1);

  it('is uniform and independent of the true labels: each pair as often as any, within five standard errors', () => {
    const counts = new Float64Array(k * k);
    const [truth, labels] = [classTargets(data).labels, classTargets(drawn).labels];
    for (let i = 0; i < n; i++) counts[truth[i]! * k + labels[i]!]!++;
    const p = 1 / k ** 2;
    for (const count of counts) expect(Math.abs(count - n * p)).toBeLessThan(5 * Math.sqrt(n * p * (1 - p)));
  });

  it('leaves the inputs and the original labels, and records the seed', () => {
    expect(drawn.inputs).toBe(data.inputs);
    expect(data.targets).toEqual(mixtureDataset({ classes: k, dim: k, noise: 0 }, n, 1).targets);
    expect(drawn.record.transformations).toEqual([{ kind: 'random-labels', seed: 1 }]);
  });

  it('is keyed, label i whatever the number of samples', () => {
    const labels = classTargets(drawn).labels;
    expect(classTargets(withRandomLabels(firstSamples(data, 50), 1)).labels).toEqual(labels.slice(0, 50));
    expect(classTargets(withRandomLabels(data, 2)).labels).not.toEqual(labels);
    expect(() => withRandomLabels(sampleSine(3, 1), 1)).toThrow(/labels are needed/);
  });
});
