import { describe, expect, it } from 'vitest';
import {
  groupNormalise,
  input,
  layerNormalise,
  mean,
  rmsNormalise,
  type Tensor,
} from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { UsageError } from '../../../src/errors.js';

const data = Float64Array.from({ length: 48 }, (_, i) => Math.sin(i * i) + i / 10);
const valuesOf = (y: Tensor, x = data): Float64Array => interpret([y], { x }, 2)[0]!.data;

/** Rows of a given length: each by its mean (or 0) and its mean square distance from it. */
function byDefinition(x: Float64Array, length: number, epsilon: number, isCentred: boolean): Float64Array {
  return Float64Array.from(x, (value, i) => {
    const row = x.subarray(Math.floor(i / length) * length, (Math.floor(i / length) + 1) * length);
    const center = isCentred ? row.reduce((sum, each) => sum + each, 0) / length : 0;
    const variance = row.reduce((sum, each) => sum + (each - center) ** 2, 0) / length;
    return (value - center) / Math.sqrt(variance + epsilon);
  });
}

const near = (found: Float64Array, expected: Float64Array): void => {
  expect(found.length).toBe(expected.length);
  found.forEach((y, i) => {
    expect(Math.abs(y - expected[i]!)).toBeLessThan(1e-13);
  });
};

describe('normalisations', () => {
  const x = input('x', ['n', 4, 6]);

  it('are those of their definitions, over one axis or several', () => {
    near(valuesOf(layerNormalise(x, [2], 0.1)), byDefinition(data, 6, 0.1, true));
    near(valuesOf(layerNormalise(x, [1, 2], 1e-5)), byDefinition(data, 24, 1e-5, true));
    near(valuesOf(rmsNormalise(x, [2], 0.1)), byDefinition(data, 6, 0.1, false));
    near(valuesOf(groupNormalise(x, 2, 0.1)), byDefinition(data, 12, 0.1, true));
    near(valuesOf(groupNormalise(input('x', ['n', 4, 3, 2]), 4, 0.1)), byDefinition(data, 6, 0.1, true));
  });

  it('are finite where all entries are equal', () => {
    expect([...valuesOf(layerNormalise(x, [2], 1e-5), new Float64Array(48).fill(7))].every((y) => y === 0)).toBe(true);
  });

  it('refuse groups that do not divide the channels, and means over samples', () => {
    expect(() => groupNormalise(x, 3, 0.1)).toThrow(UsageError);
    expect(() => groupNormalise(x, 3, 0.1)).toThrow('groups must divide the channels, received 3 groups of [n, 4, 6]');
    expect(() => mean(x, [0])).toThrow('received axes [0] of [n, 4, 6]');
  });
});
