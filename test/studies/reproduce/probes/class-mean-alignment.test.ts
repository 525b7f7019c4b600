import { Matrix, pseudoInverse } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { classMeanAlignment } from '../../../../src/studies/reproduce/probes/class-mean-alignment.js';
import { classes as k, densePoint, dim as d, probedSoftmax, samples, squared } from './softmax-probe.js';

describe('classMeanAlignment', () => {
  it('is the share under the projector M (MᵀM)⁻¹ Mᵀ of the class means', async () => {
    const m = 3;
    const { result, ...softmax } = await probedSoftmax(classMeanAlignment, { m, tolerance: 1e-11 });
    const { features, labels } = softmax.data;
    const rows = Array.from({ length: samples }, (_, i) => [...features.value.slice(i * d, (i + 1) * d)]);
    const means = Array.from({ length: k }, (_, c) => {
      const own = rows.filter((__, i) => labels[i] === c);
      return Array.from({ length: d }, (__, f) => own.reduce((sum, row) => sum + row[f]!, 0) / own.length);
    });
    const M = new Matrix(means);
    const projector = pseudoInverse(M).mmul(M);
    const share = (flat: readonly number[]): number => {
      const X = new Matrix(Array.from({ length: flat.length / d }, (_, i) => flat.slice(i * d, (i + 1) * d)));
      const norm = (Y: Matrix): number => squared(Float64Array.from(Y.to1DArray()));
      return norm(X.mmul(projector)) / norm(X);
    };
    const { vectors, gradient } = densePoint(softmax);
    const eigenvector = (i: number): number[] => [...vectors.slice(i * k * d, (i + 1) * k * d)];
    for (let i = 0; i < m; i++) {
      expect(result.top[i]! / share(eigenvector(i))).toBeCloseTo(1, 7);
      expect(result.next[i]! / share(eigenvector(m + i))).toBeCloseTo(1, 7);
      expect(result.firstLayer[i]).toBeCloseTo(1, 12);
    }
    expect(result.gradient / share([...gradient])).toBeCloseTo(1, 10);
    expect(result.inputs / share(rows.flat())).toBeCloseTo(1, 10);
    expect(result.random).toBe(k / d);
  });
});
