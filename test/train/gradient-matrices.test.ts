import { SingularValueDecomposition, Matrix } from 'ml-matrix';
import { expect, it } from 'vitest';
import { parameterLayout } from '../../src/loss/parameters.js';
import { randomStream } from '../../src/numeric/random.js';
import { gradientMatricesObservable } from '../../src/train/observables/gradient-matrices.js';

it('gradientMatrices: Σσ²/σ₁² and (Σσ²)²/Σσ⁴ of each weight tensor as [out, …], from its singular values', () => {
  const layout = parameterLayout([
    { name: 'convolution1.weight', shape: [3, 2, 2, 2], role: 'weight' },
    { name: 'convolution1.bias', shape: [3], role: 'bias' },
    { name: 'dense1.weight', shape: [5, 3], role: 'weight' },
    { name: 'scale1.weight', shape: [5], role: 'weight' },
    { name: 'dense2.weight', shape: [2, 5], role: 'weight' },
  ]);
  const stream = randomStream(1, 'gradient');
  const gradient = Float64Array.from({ length: layout.size }, () => stream.uniform() - 0.5).fill(0, 47); // none in the last tensor
  const matrix = (rows: number, columns: number, from: number) =>
    Matrix.from1DArray(rows, columns, gradient.subarray(from, from + rows * columns));
  const expected = [matrix(3, 8, 0), matrix(5, 3, 27)].map((one) => {
    const squares = new SingularValueDecomposition(one, { autoTranspose: true }).diagonal.map((sigma) => sigma ** 2);
    const sum = (power: number): number => squares.reduce((total, square) => total + square ** power, 0);
    return { stableRank: sum(1) / Math.max(...squares), participationRatio: sum(1) ** 2 / sum(2) };
  });
  const found = gradientMatricesObservable.compute({ gradient, layout });
  expect(found.map(({ parameter }) => parameter)).toEqual(['convolution1.weight', 'dense1.weight']);
  found.forEach(({ stableRank, participationRatio }, i) => {
    expect(stableRank).toBeCloseTo(expected[i]!.stableRank, 12);
    expect(participationRatio).toBeCloseTo(expected[i]!.participationRatio, 12);
  });
});
