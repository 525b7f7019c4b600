import { describe, expect, it } from 'vitest';
import {
  exactFlow,
  exactSnapshot,
  lateTimeGradient,
  lateTimeHessian,
  lateTimeWeights,
  printedGradient,
  randomWeights,
} from '../../../src/exact/noiseless/index.js';

const initial = randomWeights(2, 1, 11);
const late = exactFlow(2, initial).at(1e8);

describe('the two-class example of the paper', () => {
  it('has weights that tend to Eq. (6) as log t / t', () => {
    for (const t of [1e4, 1e6, 1e8]) {
      const exact = exactFlow(2, initial).at(t).weights;
      lateTimeWeights(t, initial).forEach((w, i) => {
        expect(Math.abs(w - exact[i]!)).toBeLessThan(Math.log(t) / t);
      });
    }
  });

  it('has the gradient that Eq. (6) implies, a quarter of the printed Eq. (7)', () => {
    lateTimeGradient(1e8).forEach((g, i) => {
      expect(late.gradient[i]! / g).toBeCloseTo(1, 6);
      expect(printedGradient(1e8)[i]! / late.gradient[i]!).toBeCloseTo(4, 5);
    });
  });

  it('has the Hessian of Eq. (8)', () => {
    const { hessian } = exactSnapshot(late, 2);
    const identity = Float64Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0));
    const dense = hessian.apply(identity, 4);
    lateTimeHessian(1e8).forEach((h, i) => {
      expect(Math.abs(dense[i]! - h) * 1e8).toBeLessThan(1e-6);
    });
  });
});
