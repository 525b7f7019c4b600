import { describe, expect, it } from 'vitest';
import { layers } from '../../../src/loss/network/layers.js';
import { derivativeErrors } from './differences.js';

describe('every layer', () => {
  // Central differences at h = 1e-5: the third derivative leaves h² = 1e-10, rounding ε/h = 2e-11, both times numbers of order 10.
  it.each(layers.map((entry) => [entry.name, entry] as const))(
    '%s has the derivatives that differences show',
    async (_, { example: [layer, inputShape], vocabulary }) => {
      const { gradient, product } = await derivativeErrors(layer, inputShape, vocabulary);
      expect(gradient).toBeLessThan(1e-7);
      expect(product).toBeLessThan(1e-7);
    },
  );
});
