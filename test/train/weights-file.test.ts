import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatSafetensors } from '../../src/files/safetensors.js';
import type { StoredTensor } from '../../src/files/stored-tensor.js';
import { DataError } from '../../src/errors.js';
import { parameterLayout } from '../../src/loss/parameters.js';
import { readWeights, saveWeights } from '../../src/train/weights-file.js';

const layout = parameterLayout([
  { name: 'dense1.weight', shape: [2, 3], role: 'weight' },
  { name: 'dense1.bias', shape: [2], role: 'bias' },
  { name: 'dense2.weight', shape: [1, 2], role: 'weight' },
]);
const shape = { layout, statistics: [{ name: 'norm.mean', shape: [2], initial: 7 }] };
const parameters = Float32Array.from({ length: 10 }, (_, i) => i + 0.5);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weights-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const file = (tensors: Record<string, StoredTensor>): string => {
  const path = join(folder, 'other.safetensors');
  writeFileSync(path, formatSafetensors(new Map(Object.entries(tensors))));
  return path;
};
const floats = (shape: number[], first: number): StoredTensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => first + i),
});

describe('saveWeights, readWeights', () => {
  it('give back parameters and statistics', () => {
    const path = join(folder, 'own.safetensors');
    saveWeights(
      path,
      shape,
      { parameters, statistics: { 'norm.mean': Float32Array.of(1, 2) } },
      new Map([['step', '3']]),
    );
    expect(readWeights(path, shape, 'f32')).toEqual({
      parameters,
      statistics: { 'norm.mean': Float32Array.of(1, 2) },
      names: new Map([...layout.specs.map(({ name }) => [name, name] as const), ['norm.mean', 'norm.mean']]),
    });
    expect(readWeights(path, shape, 'f64').parameters).toEqual(Float64Array.from(parameters));
  });

  it('read the names of a PyTorch Sequential layer by layer, 10 after 2', () => {
    const path = file({ '10.weight': floats([1, 2], 20), '2.bias': floats([2], 10), '2.weight': floats([2, 3], 0) });
    const { parameters, statistics } = readWeights(path, shape, 'f32');
    expect([...parameters]).toEqual([0, 1, 2, 3, 4, 5, 10, 11, 20, 21]);
    expect([...statistics['norm.mean']!]).toEqual([7, 7]);
  });

  it('refuse entries that are no finite numbers in the precision of the run, naming file and tensor', () => {
    const good = { '0.weight': floats([2, 3], 0), '0.bias': floats([2], 0), '1.weight': floats([1, 2], 0) };
    const path = file({ ...good, '0.bias': { shape: [2], data: Float64Array.of(1, NaN) } });
    expect(() => readWeights(path, shape, 'f32')).toThrow(DataError);
    expect(() => readWeights(path, shape, 'f32')).toThrow(
      /other\.safetensors: the tensor '0\.bias' holds 1 entries of 2/,
    );
    const large = file({ ...good, '1.weight': { shape: [1, 2], data: Float64Array.of(1e300, 0) } });
    expect(() => readWeights(large, shape, 'f32')).toThrow(/'1\.weight' .* in f32/);
    expect(readWeights(large, shape, 'f64').parameters[8]).toBe(1e300);
  });

  it('refuse other shapes, types and numbers of layers, naming what the file holds', () => {
    const good = { '0.weight': floats([2, 3], 0), '0.bias': floats([2], 0), '1.weight': floats([1, 2], 0) };
    for (const bad of [
      { ...good, '1.weight': floats([2, 1], 0) },
      { ...good, '1.weight': { shape: [1, 2], data: Int32Array.of(1, 2) } },
      { ...good, '2.weight': floats([1, 1], 0) },
      { ...good, '1.bias': floats([1], 0) },
      { '0.weight': floats([2, 3], 0) },
    ]) {
      expect(() => readWeights(file(bad), shape, 'f32')).toThrow(DataError);
      expect(() => readWeights(file(bad), shape, 'f32')).toThrow(/it holds .*0\.weight \[2, 3\]/);
    }
  });
});
