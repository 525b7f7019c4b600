import { expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { input } from '../../src/tensor/autodiff/index.js';
import { networkSpec, type NetworkTask } from '../../src/train/network-spec.js';
import type { Model } from '../../src/models/model.js';

const ofFile: Model = {
  networkFor: () => ({ layers: (x) => x, notes: [] }),
  denseInput: null,
  file: { kind: 'onnx', sha256: '' },
};
const config = { model: 'net.onnx', activation: 'relu', bias: true } as const;
const sequences: NetworkTask = { inputShape: [5], vocabulary: 7, outputs: 3, targets: 'labels', targetShape: [5] };
const [x, y] = [input('x', ['n', 5]), input('y', ['n', 5])];

it.each([
  ['next-token', 7],
  ['cross-entropy', 3],
] as const)('the network of a file gives %s scores of all tokens or labels there are, or of more', (loss, least) => {
  const { loss: of, outputs } = networkSpec({ ...config, loss }, ofFile, sequences);
  expect(outputs).toBe(least);
  for (const count of [least, least + 2]) expect(of(input('s', ['n', 5, count]), y, x).shape).toEqual([]);
  for (const shape of [
    ['n', 5, least - 1],
    ['n', 4, least],
    ['n', least],
  ] as const) {
    expect(() => of(input('s', shape), y, x)).toThrow(UsageError);
    expect(() => of(input('s', shape), y, x)).toThrow(`and the data want [n, 5, ${least}]`);
  }
});
