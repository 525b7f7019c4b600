import { expect, it } from 'vitest';
import { rightSingularVectors } from '../../src/numeric/lanczos/right-singular-vectors.js';

it('are those of the axes in any unit: squares neither over- nor underflow', () => {
  for (const unit of [1e-200, 1, 1e300]) {
    const [x, y, z, w] = rightSingularVectors({ rows: 2, columns: 2, data: Float64Array.of(unit, 0, 0, 2 * unit) }, 2);
    [x, w].forEach((entry) => {
      expect(Math.abs(entry!)).toBeLessThan(1e-8);
    });
    [y, z].forEach((entry) => {
      expect(Math.abs(entry!)).toBeCloseTo(1, 12);
    });
  }
});
