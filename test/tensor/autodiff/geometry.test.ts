import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  averagePool,
  concat,
  constant,
  convolve,
  convolveTransposed,
  divide,
  input,
  maxPool,
  multiply,
  pad,
  select,
  slice,
  transpose,
  type Tensor,
} from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { UsageError } from '../../../src/errors.js';
import { randomBindings } from './operations.js';

const pairs = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
const cases = fc.record({
  kernel: pairs(1, 3),
  extra: pairs(0, 3),
  stride: pairs(1, 2),
  dilation: pairs(1, 3),
  padding: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
  seed: fc.nat(1e6),
});

/** Two graphs have the same entries, to rounding. */
function expectEqual(first: Tensor, second: Tensor, inputs: readonly Tensor[], seed: number, tolerance = 1e-13): void {
  expect(first.shape).toEqual(second.shape);
  const [a, b] = interpret([first, second], randomBindings(inputs, 2, 'any', seed), 2);
  a!.data.forEach((y, i) => {
    expect(Math.abs(y - b!.data[i]!)).toBeLessThan(tolerance);
  });
}

/** Rows and columns set apart by zeros. */
const spread = (w: Tensor, by: readonly number[]): Tensor =>
  [2, 3].reduce((image, axis, i) => {
    const length = (image.shape[axis]! as number) * by[i]! - by[i]! + 1;
    return select(
      image,
      axis,
      Array.from({ length }, (_, at) => (Number.isInteger(at / by[i]!) ? at / by[i]! : -1)),
    );
  }, w);

const around = (x: Tensor, [top, left, bottom, right]: readonly number[]): Tensor =>
  pad(pad(x, 2, top!, bottom!), 3, left!, right!);

describe('convolutions', () => {
  it('with dilation are those with a kernel of zeros between, with padding of each side those of a padded image', () => {
    fc.assert(
      fc.property(cases, ({ kernel, extra, stride, dilation, padding, seed }) => {
        const image = kernel.map((length, i) => dilation[i]! * (length - 1) + 1 + extra[i]!);
        const [x, w] = [input('x', ['n', 2, ...image]), input('w', [3, 2, ...kernel])];
        const y = convolve(x, w, { stride, dilation, padding });
        expectEqual(y, convolve(around(x, padding), spread(w, dilation), { stride }), [x, w], seed);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('in groups are those of each group, one after the other', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 2, max: 3 }), ({ kernel, extra, stride, seed }, groups) => {
        const image = kernel.map((length, i) => length + extra[i]!);
        const [x, w] = [input('x', ['n', 2 * groups, ...image]), input('w', [groups, 2, ...kernel])];
        const each = Array.from({ length: groups }, (_, g) =>
          convolve(slice(x, 1, 2 * g, 2 * g + 2), slice(w, 0, g, g + 1), { stride }),
        );
        expectEqual(convolve(x, w, { stride, groups }), concat(each, 1), [x, w], seed);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('transposed are convolutions of an image set apart with the flipped kernel, channels and filters exchanged', () => {
    fc.assert(
      fc.property(cases, ({ kernel, extra, stride, dilation, seed }) => {
        const image = extra.map((length) => length + 1);
        const [x, w] = [input('x', ['n', 3, ...image]), input('w', [3, 2, ...kernel])];
        const flipped = [2, 3].reduce(
          (y, axis, i) =>
            select(
              y,
              axis,
              Array.from({ length: kernel[i]! }, (_, at) => kernel[i]! - 1 - at),
            ),
          transpose(w, [1, 0, 2, 3]),
        );
        const edges = kernel.map((length, i) => dilation[i]! * (length - 1));
        const padded = around(spread(x, stride), [...edges, ...edges]);
        const y = convolveTransposed(x, w, { stride, dilation });
        expectEqual(y, convolve(padded, flipped, { dilation }), [x, w], seed);
        const wide = convolveTransposed(x, w, {
          stride,
          dilation,
          outputPadding: stride.map((s) => s - 1) as [number, number],
        });
        expectEqual(wide, around(y, [0, 0, stride[0] - 1, stride[1] - 1]), [x, w], seed);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('transposed have the stride times the size with padding same', () => {
    const [x, w] = [input('x', ['n', 3, 4, 5]), input('w', [3, 2, 3, 3])];
    expect(convolveTransposed(x, w, { stride: [2, 3], padding: 'same' }).shape).toEqual(['n', 2, 8, 15]);
    expect(convolveTransposed(x, w, { stride: 2, padding: 1, outputPadding: 1 }).shape).toEqual(['n', 2, 8, 10]);
  });

  it.each([
    ['groups that do not divide the filters', { groups: 2 }, [3, 2], 'received 2 groups of 3 filters'],
    ['a kernel of all channels in groups', { groups: 2 }, [2, 4], 'a kernel of shape [2, 4, 1, 1] in 2 groups'],
    ['a dilation of 0', { dilation: 0 }, [1, 4], 'dilation must be a positive integer, received 0'],
    ['half a zero', { padding: [0, 0, 0.5, 0] }, [1, 4], 'or a number of zeros, received 0,0,0.5,0'],
  ] as const)('refuse %s', (_, options, kernel, message) => {
    const build = () => convolve(input('x', ['n', 4, 5, 5]), input('w', [...kernel, 1, 1]), options);
    expect(build).toThrow(UsageError);
    expect(build).toThrow(message);
  });

  it('transposed refuse output padding as large as the stride, and kernels of other channels', () => {
    const x = input('x', ['n', 3, 4, 5]);
    expect(() => convolveTransposed(x, input('w', [3, 2, 2, 2]), { stride: 2, outputPadding: 2 })).toThrow(UsageError);
    expect(() => convolveTransposed(x, input('w', [2, 3, 2, 2]))).toThrow('an image of 3 channels');
  });
});

describe('pooling with padding', () => {
  const pools = cases
    .filter(({ kernel, padding }) => padding.every((zeros, i) => zeros < kernel[i % 2]!))
    .map(({ kernel, extra, ...rest }) => {
      const x = input('x', ['n', 2, kernel[0] + extra[0], kernel[1] + extra[1]]);
      return { ...rest, kernel, x };
    });

  it('takes the largest of what the image has: as if it had a border of −1024', () => {
    fc.assert(
      fc.property(pools, ({ kernel, x, stride, padding, seed }) => {
        const bordered = add(around(add(x, constant(1024)), padding), constant(-1024));
        const expected = add(maxPool(bordered, kernel, { stride }), constant(1024));
        expectEqual(add(maxPool(x, kernel, { stride, padding }), constant(1024)), expected, [x], seed, 1e-12);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('has the mean with the zeros of the padding, or of the other entries', () => {
    fc.assert(
      fc.property(pools, ({ kernel, x, stride, padding, seed }) => {
        const withZeros = averagePool(around(x, padding), kernel, { stride });
        expectEqual(averagePool(x, kernel, { stride, padding }), withZeros, [x], seed);
        // The share of the entries that are no padding is the mean of an image of ones.
        const ones = add(multiply(x, constant(0)), constant(1));
        const without = divide(withZeros, averagePool(around(ones, padding), kernel, { stride }));
        expectEqual(averagePool(x, kernel, { stride, padding, countsPadding: false }), without, [x], seed);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('refuses windows of padding only', () => {
    const x = input('x', ['n', 1, 3, 3]);
    expect(() => maxPool(x, 2, { padding: 2 })).toThrow(UsageError);
    expect(() => averagePool(x, [1, 2], { padding: [1, 0, 0, 0], countsPadding: false })).toThrow(
      'a window of 1 × 2 would hold nothing but padding',
    );
  });
});
