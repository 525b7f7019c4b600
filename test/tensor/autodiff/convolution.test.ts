import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  averagePool,
  convolve,
  globalAveragePool,
  input,
  matmul,
  maxPool,
} from '../../../src/tensor/autodiff/index.js';
import { trailingPadding, windowGeometry } from '../../../src/tensor/autodiff/convolution.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { UsageError } from '../../../src/errors.js';

const lengths = fc.integer({ min: 1, max: 9 });

describe('windowGeometry', () => {
  it('has ⌈length/stride⌉ windows for same, split so that at most one zero more comes after than before', () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 }), (length, kernel, stride) => {
        const geometry = windowGeometry([length, length], [kernel, kernel], { stride, padding: 'same' });
        const [before, after] = [geometry.padding[0], trailingPadding(geometry)[0]];
        expect(geometry.output[0]).toBe(Math.ceil(length / stride));
        expect([0, 1]).toContain(Math.max(0, after) - before);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('has as many windows as fit, and leaves fewer rows out than one stride', () => {
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(3),
        (length, kernel, stride, padding) => {
          let count = 0;
          while (count * stride + kernel <= length + 2 * padding) count++;
          if (count === 0) {
            expect(() => windowGeometry([length, 9], [kernel, 1], { stride, padding })).toThrow(UsageError);
            return;
          }
          const geometry = windowGeometry([length, 9], [kernel, 1], { stride, padding });
          expect(geometry.output[0]).toBe(count);
          const left = padding - trailingPadding(geometry)[0];
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left).toBeLessThan(stride);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('operations on images', () => {
  const x = input('x', ['n', 2, 5, 5]);

  it.each([
    [
      'a kernel of other channels',
      () => convolve(x, input('w', [4, 3, 3, 3])),
      'an image of 2 channels was given a kernel of shape [4, 3, 3, 3]',
    ],
    [
      'a matrix in the place of an image',
      () => convolve(input('x', ['n', 4]), input('w', [1, 1, 1, 1])),
      'images have shape [n, channels, height, width], received [n, 4]',
    ],
    [
      'a window larger than the image',
      () => convolve(x, input('w', [1, 2, 6, 3])),
      'a window of 6 × 3 does not fit in an image of 5 × 5',
    ],
    ['a stride of 0', () => maxPool(x, 2, { stride: 0 }), 'stride must be a positive integer, received 0'],
    ['a stride of 1.5', () => averagePool(x, 2, { stride: 1.5 }), 'stride must be a positive integer, received 1.5'],
    [
      'negative padding',
      () => convolve(x, input('w', [1, 2, 1, 1]), { padding: -1 }),
      "'same', 'valid' or a number of zeros, received -1",
    ],
    [
      'pooling windows of no size',
      () => maxPool(x, 0, { stride: 1 }),
      'a window has a size of at least 1 × 1, received 0 × 0',
    ],
    [
      'matrices that do not fit',
      () => matmul(input('a', ['n', 2]), input('b', [3, 2])),
      'matching inner axes, received [n, 2] and [3, 2]',
    ],
    [
      'matrices that fit only untransposed',
      () => matmul(input('a', [2, 3]), input('b', [3, 2]), { transposeA: true }),
      '[2, 3]ᵀ and [3, 2]',
    ],
    [
      'a row in the place of a matrix',
      () => matmul(x, input('b', [5])),
      'matmul multiplies matrices, received shape [5]',
    ],
    [
      'many matrices of which others are as many',
      () => matmul(x, input('b', [3, 5, 5])),
      'shapes [n, 2] and [3] do not broadcast',
    ],
  ] as const)('refuse %s, naming what was received', (_, build, message) => {
    expect(build).toThrow(UsageError);
    expect(build).toThrow(message);
  });

  it('average as the mean of each window, overlapping or not, and over the whole image', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.nat(3), (size, stride, extra) => {
        const [H, W] = [size + extra, size + 1];
        const data = Float64Array.from({ length: H * W }, (_, i) => Math.sin(i * i));
        const image = input('x', ['n', 1, H, W]);
        const expected: number[] = [];
        for (let top = 0; top + size <= H; top += stride) {
          for (let left = 0; left + size <= W; left += stride) {
            let sum = 0;
            for (let u = 0; u < size; u++) for (let v = 0; v < size; v++) sum += data[(top + u) * W + left + v]!;
            expected.push(sum / size ** 2);
          }
        }
        const [pooled, whole] = interpret([averagePool(image, size, { stride }), globalAveragePool(image)], {
          x: data,
        });
        expect(pooled!.data.length).toBe(expected.length);
        expected.forEach((mean, i) => {
          expect(Math.abs(pooled!.data[i]! - mean)).toBeLessThan(9 * Number.EPSILON);
        });
        const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
        expect(Math.abs(whole!.data[0]! - mean)).toBeLessThan(24 * Number.EPSILON);
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});
