import { describe, expect, it } from 'vitest';
import { partialDescent } from '../../../../src/studies/reproduce/probes/partial-descent.js';
import { regressionPoint } from '../../../../src/loss/softmax/softmax-regression.js';
import { densePoint, probedSoftmax } from './softmax-probe.js';

describe('partialDescent', () => {
  it('takes the steps Σ (v_iᵀg/λ_i) v_i of low-rank Newton in dense eigenvectors, renewed as often as asked', async () => {
    const [m, descent] = [4, { rate: 0.7, steps: 5, refresh: 2 }];
    const args = { m, tolerance: 1e-10, direction: 'newton', descent } as const;
    const { result, data, weights: first } = await probedSoftmax(partialDescent, args);
    let weights = first;
    let top: { lambda: number; v: Float64Array }[] = [];
    for (let step = 0; step <= descent.steps; step++) {
      expect(result.losses[step]! / regressionPoint(data, weights).loss, String(step)).toBeCloseTo(1, 8);
      const { gradient, values, vectors } = densePoint({ data, weights });
      const n = weights.length;
      if (step % descent.refresh === 0) {
        top = Array.from({ length: m }, (_, i) => ({ lambda: values[i]!, v: vectors.slice(i * n, (i + 1) * n) }));
      }
      const along = top.map(({ lambda, v }) => v.reduce((sum, x, j) => sum + x * gradient[j]!, 0) / lambda);
      weights = weights.map((w, j) => w - descent.rate * top.reduce((sum, { v }, i) => sum + along[i]! * v[j]!, 0));
    }
    expect(result.losses).toHaveLength(descent.steps + 1);
  });
});
