import { describe, expect, it } from 'vitest';
import { gaussLegendre } from '../../src/numeric/quadrature/gauss-legendre.js';

describe('gaussLegendre', () => {
  it.each([1, 2, 3, 8, 40, 110])('integrates every power up to 2n − 1 exactly with n = %i points', (points) => {
    const { nodes, complements, weights } = gaussLegendre(points);
    for (let power = 0; power < 2 * points; power++) {
      const left = nodes.reduce((sum, y, i) => sum + weights[i]! * y ** power, 0);
      const right = complements.reduce((sum, y, i) => sum + weights[i]! * y ** power, 0);
      expect(Math.abs(left * (power + 1) - 1)).toBeLessThan((power + 4) * 4 * Number.EPSILON);
      expect(Math.abs(right * (power + 1) - 1)).toBeLessThan((power + 4) * 4 * Number.EPSILON);
    }
  });

  it('does not integrate the power 2n exactly', () => {
    const { nodes, weights } = gaussLegendre(3);
    expect(Math.abs(nodes.reduce((sum, y, i) => sum + weights[i]! * y ** 6, 0) * 7 - 1)).toBeGreaterThan(1e-4);
  });
});
