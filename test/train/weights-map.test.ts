import { describe, expect, it } from 'vitest';
import type { StoredTensor } from '../../src/files/stored-tensor.js';
import { DataError, UsageError } from '../../src/errors.js';
import { parameterLayout } from '../../src/loss/parameters.js';
import { weightNames, type GivenMap } from '../../src/train/weights-map.js';

/** Dense layers [out, in] with biases, or without. */
const network = (widths: readonly (readonly [number, number])[], bias = false) => ({
  layout: parameterLayout(
    widths.flatMap(([out, within], i) => [
      { name: `dense${i + 1}.weight`, shape: [out, within], role: 'weight' as const },
      ...(bias ? [{ name: `dense${i + 1}.bias`, shape: [out], role: 'bias' as const }] : []),
    ]),
  ),
  statistics: [],
});
const square = [
  [4, 4],
  [4, 4],
  [4, 4],
] as const;

const file = (shapes: Readonly<Record<string, readonly number[]>>): ReadonlyMap<string, StoredTensor> =>
  new Map(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { shape, data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)) },
    ]),
  );
const weightsOf = (...layers: readonly string[]) =>
  file(Object.fromEntries(layers.map((layer) => [layer === '' ? 'weight' : `${layer}.weight`, [4, 4]])));

/** The layers of the file in the order of the network's. */
const order = (
  tensors: ReadonlyMap<string, StoredTensor>,
  given: GivenMap | null = null,
  widths = square as never,
): string[] =>
  [...weightNames('w.safetensors', tensors, network(widths), given).values()].map((name) =>
    name.replace('.weight', ''),
  );

describe('weightNames', () => {
  it('takes our names as they are, in whatever order the file has them', () => {
    expect(order(weightsOf('dense3', 'dense1', 'dense2'))).toEqual(['dense1', 'dense2', 'dense3']);
  });

  it.each([
    [['0', '10', '2']],
    [['fc3', 'fc1', 'fc2']],
    [['net.4.linear', 'net.0.linear', 'net.2.linear']],
    [['block2.0', 'block1.1', 'block1.0']],
  ])('takes the order of numbers: %j', (layers) => {
    const sorted = [...layers].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    expect(order(weightsOf(...layers))).toEqual(sorted);
  });

  it.each([[['input', 'hidden', 'output']], [['fc1', 'fc2', 'head']], [['features.0', 'features.3', 'classifier.1']]])(
    'refuses where neither names nor shapes decide, listing tensors and layers: %j',
    (layers) => {
      const refused = () => order(weightsOf(...layers));
      expect(refused).toThrow(DataError);
      expect(refused).toThrow(
        new RegExp(
          `${layers[2]!}\\.weight \\[4, 4\\].* dense1, dense2, dense3; say which, with --init-map ${layers[0]!}=…`,
        ),
      );
    },
  );

  it('lets shapes decide where they can', () => {
    const widths = [
      [5, 4],
      [6, 5],
      [3, 6],
    ] as const;
    const tensors = file({ 'output.weight': [3, 6], 'hidden.weight': [6, 5], 'input.weight': [5, 4] });
    expect(order(tensors, null, widths as never)).toEqual(['input', 'hidden', 'output']);
    const numbersAndShapes = file({ 'head.weight': [3, 6], 'fc2.weight': [6, 5], 'fc1.weight': [5, 4] });
    expect(order(numbersAndShapes, null, widths as never)).toEqual(['fc1', 'fc2', 'head']);
  });

  it('lets a name that is ours decide, and never gives its tensor to another layer', () => {
    expect(order(weightsOf('dense1', 'dense3', 'middle'))).toEqual(['dense1', 'middle', 'dense3']);
  });

  it('knows tensors without a layer', () => {
    expect(order(weightsOf(''), null, [[4, 4]] as never)).toEqual(['weight']);
  });

  it('refuses what has no place in the network', () => {
    const extra = file({
      'dense1.weight': [4, 4],
      'dense2.weight': [4, 4],
      'dense3.weight': [4, 4],
      'dense4.weight': [4, 4],
    });
    expect(() => order(extra)).toThrow(/no place for dense4\.weight \[4, 4\]/);
    const biased = file({ '0.weight': [4, 4], '0.bias': [4], '1.weight': [4, 4], '2.weight': [4, 4] });
    expect(() => order(biased)).toThrow(/no place for 0\.bias \[4\]/);
  });

  it('takes what is said, of layers or of tensors', () => {
    const tensors = weightsOf('input', 'hidden', 'output');
    const right = ['input', 'hidden', 'output'];
    expect(order(tensors, { input: 'dense1', hidden: 'dense2', output: 'dense3' })).toEqual(right);
    const single = {
      'input.weight': 'dense1.weight',
      'hidden.weight': 'dense2.weight',
      'output.weight': 'dense3.weight',
    };
    expect(order(tensors, single)).toEqual(right);
    expect(
      order(weightsOf('dense1', 'dense2', 'other'), { dense1: 'dense2', dense2: 'dense1', other: 'dense3' }),
    ).toEqual(['dense2', 'dense1', 'other']);
  });

  it.each<GivenMap>([
    { nothing: 'dense1' },
    { input: 'dense7' },
    { 'input.weight': 'dense1' },
    { input: 'dense1', hidden: 'dense1' },
  ])('refuses what is said wrongly: %j', (given) => {
    const refused = () => order(weightsOf('input', 'hidden', 'output'), given);
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(/the file holds input\.weight .*the network has dense1\.weight/);
  });
});
