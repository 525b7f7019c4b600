import { describe, expect, it } from 'vitest';
import { input, max, pad, reshape, select, slice, sum, total, transpose } from '../../../src/tensor/autodiff/index.js';
import { UsageError } from '../../../src/errors.js';

const x = input('x', ['n', 3, 4]);

describe('operations on shapes', () => {
  it('have the shapes of NumPy with keepdims', () => {
    expect(sum(x, [0, 2]).shape).toEqual([1, 3, 1]);
    expect(max(x, 1).shape).toEqual(['n', 1, 4]);
    expect(total(x).shape).toEqual([]);
    expect(transpose(x).shape).toEqual([4, 3, 'n']);
    expect(transpose(x, [1, 2, 0]).shape).toEqual([3, 4, 'n']);
    expect(reshape(x, [2, 'n', 6]).shape).toEqual([2, 'n', 6]);
    expect(slice(x, 1, 0, 3, 2).shape).toEqual(['n', 2, 4]);
    expect(pad(x, 2, 1, 2).shape).toEqual(['n', 3, 7]);
  });

  it('leave out what does nothing, and join what follows itself', () => {
    expect(sum(x, [])).toBe(x);
    expect(sum(sum(x, [1]), [1])).toEqual(sum(x, [1]));
    expect(reshape(reshape(x, ['n', 12]), ['n', 3, 4])).toBe(x);
    expect(transpose(transpose(x, [1, 2, 0]), [2, 0, 1])).toBe(x);
    expect(select(x, 1, [0, 1, 2])).toBe(x);
  });

  it.each([
    ['an axis that is not there', () => sum(x, [3]), 'axis 3 is not one of the 3 axes of [n, 3, 4]'],
    ['a negative axis', () => max(x, -1), 'axis -1 is not one of the 3 axes'],
    ['another number of entries', () => reshape(x, ['n', 11]), 'shape [n, 3, 4] cannot become [n, 11]'],
    ['a shape that loses n', () => reshape(x, [3, 4]), 'cannot become [3, 4]'],
    ['a shape with n twice', () => reshape(x, ['n', 'n', 12]), 'a shape may hold n once, received [n, n, 12]'],
    ['what is no permutation', () => transpose(x, [0, 1, 1]), 'a permutation of 3 axes is needed, received [0, 1, 1]'],
    ['a permutation of fewer axes', () => transpose(x, [1, 0]), 'a permutation of 3 axes is needed, received [1, 0]'],
    ['an index that is not there', () => select(x, 1, [3]), 'indices into an axis of length 3 must be different'],
    ['an index that occurs twice', () => select(x, 1, [1, 1]), 'must be different and from 0, or −1 for a zero'],
    ['a choice of samples', () => select(x, 0, [1]), 'the axis of samples cannot be selected from'],
  ] as const)('refuse %s, naming what was received', (_, build, message) => {
    expect(build).toThrow(UsageError);
    expect(build).toThrow(message);
  });
});
