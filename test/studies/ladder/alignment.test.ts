import { describe, expect, it } from 'vitest';
import { alignment } from '../../../src/studies/ladder/alignment.js';
import { UsageError } from '../../../src/errors.js';
import { denseEigen } from '../../../src/numeric/kernels/dense-eigen.js';
import { measuredSpectrum } from '../../../src/observe/index.js';

/** The diagonal Hessian of these eigenvalues. */
function diagonal(values: readonly number[], gradient: readonly number[]) {
  const hessian = {
    dimension: values.length,
    apply: (block: Float64Array) => block.map((x, i) => x * values[i % values.length]!),
  };
  return {
    time: 0,
    loss: 1.5,
    parameters: values.length,
    gradient: Float64Array.from(gradient),
    hessian,
    spectrum: measuredSpectrum(denseEigen(hessian)),
    origin: 'exact' as const,
  };
}

describe('alignment', () => {
  it('is what its names say', () => {
    const found = alignment(diagonal([6, 4, 1, 0.5], [1, 2, 2, 0]), 2);
    expect(found).toMatchObject({ loss: 1.5, topLevel: 5, nextLevel: 1, ratio: 5 });
    expect([found.lower, found.upper]).toEqual([expect.closeTo(5 / 9, 12), expect.closeTo(5 / 9, 12)]);
    expect(found.overlap).toBeCloseTo((6 + 16 + 4) / (3 * Math.sqrt(36 + 64 + 4)), 12);
  });

  it('is an interval where the cut goes through a multiplet', () => {
    const { lower, upper } = alignment(diagonal([6, 4, 4, 0.5], [0, 1, 0, 1]), 2);
    expect([lower, upper]).toEqual([expect.closeTo(0, 12), expect.closeTo(0.5, 12)]);
  });

  it('refuses a spectrum without the eigenvalue after the cut', () => {
    expect(() => alignment(diagonal([6, 4], [1, 1]), 2)).toThrow(UsageError);
  });
});
