import { describe, expect, it } from 'vitest';
import { gradientEnergies } from '../../../../src/studies/reproduce/probes/gradient-energies.js';
import { densePoint, probedSoftmax, squared } from './softmax-probe.js';

describe('gradientEnergies', () => {
  it('gives the shares of the gradient in dense eigenvectors', async () => {
    const top = 5;
    const { result, ...softmax } = await probedSoftmax(gradientEnergies, { top, tolerance: 1e-11 });
    const { values, components, gradient } = densePoint(softmax);
    expect(result.energies).toHaveLength(top);
    result.energies.forEach((energy, i) => {
      expect(result.eigenvalues[i]! / values[i]!).toBeCloseTo(1, 9);
      expect(Math.abs(energy - squared(components[i]!) / squared(gradient))).toBeLessThan(1e-8);
    });
  });
});
