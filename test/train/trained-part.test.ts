import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.js';
import { parameterLayout } from '../../src/loss/parameters.js';
import { renamed, weightsAtStart } from '../../src/train/first-weights.js';
import { trainedPart } from '../../src/train/trained-part.js';

/** Two units of three inputs, and a layer of one unit behind them. */
const layout = parameterLayout([
  { name: 'dense1.weight', shape: [2, 3], role: 'weight' },
  { name: 'dense1.bias', shape: [2], role: 'bias' },
  { name: 'dense2.weight', shape: [1, 2], role: 'weight' },
]);
const theta = Float64Array.from({ length: layout.size }, (_, i) => i + 1);
/** The second input is always zero. */
const data: Dataset = {
  name: 'data',
  samples: 2,
  inputShape: [3],
  inputs: Float64Array.of(1, 0, 2, 3, 0, 4),
  targets: { kind: 'none' },
  record: { origin: { kind: 'files', source: 'data', split: 'train', checksums: [] }, transformations: [] },
};
const partOf = (parameters?: readonly string[]) =>
  trainedPart({ ...(parameters && { parameters: [...parameters] }) }, { denseInput: 'dense1.weight' }, layout, data);

describe('the part of θ that is trained', () => {
  it('is without weights on inputs that are always zero, which keep their first values', () => {
    const part = partOf();
    expect([...(part.data.inputs as Float64Array)]).toEqual([1, 2, 3, 4]);
    expect(part.parameters).toBe(10); // all that are chosen
    expect(part.layout.size).toBe(8);
    const reduced = part.reduce(theta);
    expect([...reduced]).toEqual([1, 3, 4, 6, 7, 8, 9, 10]);
    expect([
      ...part.expand(
        reduced.map((x) => -x),
        theta,
      ),
    ]).toEqual([-1, 2, -3, -4, 5, -6, -7, -8, -9, -10]);
    expect(part.frozen(theta)).toBeUndefined();
  });

  it('is of chosen parameters, the rest frozen; inputs are left out only of a layer that is trained', () => {
    const last = partOf(['dense2']);
    expect(last.data).toBe(data);
    expect([last.parameters, last.layout.size]).toEqual([2, 2]);
    expect([...last.reduce(theta)]).toEqual([9, 10]);
    expect([...last.expand(Float64Array.of(-9, -10), theta)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, -9, -10]);
    expect([...last.frozen(theta)!].map(([name, values]) => [name, ...values])).toEqual([
      ['dense1.weight', 1, 2, 3, 4, 5, 6],
      ['dense1.bias', 7, 8],
    ]);

    const first = partOf(['dense1.weight']);
    expect([first.parameters, first.layout.size]).toEqual([6, 4]);
    expect([...first.expand(Float64Array.of(-1, -3, -4, -6), theta)]).toEqual([-1, 2, -3, -4, 5, -6, 7, 8, 9, 10]);
    expect([...first.frozen(theta)!.keys()]).toEqual(['dense1.bias', 'dense2.weight']);
  });
});

describe('first weights', () => {
  it('are those that the model gives, in the order of θ', () => {
    const weights = new Map([
      ['dense2.weight', Float64Array.of(9, 10)],
      ['dense1.bias', Float64Array.of(7, 8)],
      ['dense1.weight', theta.slice(0, 6)],
    ]);
    const config = { model: 'm.onnx', initialisation: 'given', seed: 1 };
    expect(weightsAtStart(config, { weights }, layout)).toEqual(theta);
    expect(() => weightsAtStart(config, {}, layout)).toThrow(/brings no weights of its own/);
  });

  it('are recorded by other names once one of them is another', () => {
    const same = ['dense1.weight', 'dense1.weight'] as const;
    expect(renamed(new Map([same, ['dense1.bias', 'dense1.bias']]))).toBeNull();
    expect(renamed(new Map([same, ['dense1.bias', 'fc.bias']]))).toEqual({
      'dense1.weight': 'dense1.weight',
      'dense1.bias': 'fc.bias',
    });
  });
});
