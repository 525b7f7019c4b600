import { expect, it } from 'vitest';
import { DataError } from '../../src/errors.js';
import { formatSafetensors, parseSafetensors } from '../../src/files/safetensors.js';
import type { StoredTensor } from '../../src/files/stored-tensor.js';
import { parameterLayout } from '../../src/loss/parameters.js';
import { loadWeights } from '../../src/train/load-weights.js';

const layout = parameterLayout([
  { name: 'dense1.weight', shape: [2, 2], role: 'weight' },
  { name: 'dense1.bias', shape: [2], role: 'bias' },
]);
const file = (tensors: Record<string, StoredTensor>) =>
  parseSafetensors(formatSafetensors(new Map(Object.entries(tensors))), 'file');
const weight = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 0.1) };
const bias = { shape: [2], data: BigInt64Array.of(7n, -8n) };
const theta = Float64Array.of(1, 2, 3, Math.fround(0.1), 7, -8);

it('makes θ of the tensors of a file, by their names or others', () => {
  expect(loadWeights(layout, file({ 'dense1.weight': weight, 'dense1.bias': bias, rest: bias }))).toEqual(theta);
  const theirs = file({ 'fc.weight': weight, 'fc.bias': bias });
  expect(loadWeights(layout, theirs, (name) => name.replace('dense1', 'fc'))).toEqual(theta);
  const half = file({ 'dense1.weight': weight, 'fc.bias': { shape: [2], data: Uint8Array.of(3, 4) } });
  expect([...loadWeights(layout, half, { 'dense1.bias': 'fc.bias' })].slice(4)).toEqual([3, 4]);
});

it('names the tensor that is missing, of another shape, or no finite number', () => {
  const refuse = (tensors: Record<string, StoredTensor>, message: RegExp): void => {
    expect(() => loadWeights(layout, file(tensors))).toThrow(DataError);
    expect(() => loadWeights(layout, file(tensors))).toThrow(message);
  };
  refuse({ 'dense1.weight': weight }, /no tensor 'dense1\.bias' of shape \[2\]; it holds dense1\.weight \[2, 2\]/);
  refuse(
    { 'dense1.weight': { ...weight, shape: [4] }, 'dense1.bias': bias },
    /no tensor 'dense1\.weight' of shape \[2, 2\]/,
  );
  const wrong = { shape: [2], data: Float64Array.of(NaN, 1) };
  refuse(
    { 'dense1.weight': weight, 'dense1.bias': wrong },
    /'dense1\.bias' holds 1 entries of 2 that are NaN or infinite/,
  );
  const large = { shape: [2], data: BigInt64Array.of(2n ** 60n, 1n) };
  refuse({ 'dense1.weight': weight, 'dense1.bias': large }, /'dense1\.bias' holds 1 entries of 2/);
  expect(() => loadWeights(layout, file({}), () => 'a')).toThrow(/no tensor 'a'/);
  expect(() => loadWeights(layout, file({}), {})).toThrow(/it holds nothing/);
});
